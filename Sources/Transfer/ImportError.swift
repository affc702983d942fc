/// An error in one line of an import.
package struct ImportError: Error, Sendable, Equatable {
  /// From 1.
  package let line: Int
  package let reason: String

  package init(line: Int, _ reason: String) {
    self.line = line
    self.reason = reason
  }
}
