/// A `${name}` that no step before has given a value.
package struct MissingVariable: Error, Sendable, Equatable, CustomStringConvertible {
  package let name: String

  package var description: String { "${\(name)} has no value" }
}
