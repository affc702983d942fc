/// A script that does not follow the format; the text names the script and the place.
package struct ScriptError: Error, Sendable, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
