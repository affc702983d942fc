/// What is wrong with a role, a target, a grant or a step: the member, and why.
package struct AccessError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A JSON pointer into the value, such as `/permissions/2`; empty for the whole.
  package let pointer: String
  package let reason: String

  package init(_ pointer: String, _ reason: String) {
    self.pointer = pointer
    self.reason = reason
  }

  package var description: String {
    pointer.isEmpty ? reason : "\(pointer.dropFirst()): \(reason)"
  }

  /// The same in a larger value.
  package func inside(_ outer: String) -> AccessError { AccessError(outer + pointer, reason) }
}
