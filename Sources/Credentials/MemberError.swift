/// A JSON member with a wrong value: its name, and what is wrong.
package struct MemberError: Error, Sendable, Equatable, CustomStringConvertible {
  package let member: String
  package let reason: String

  package init(_ member: String, _ reason: String) {
    self.member = member
    self.reason = reason
  }

  /// `name: must not be empty`.
  package var description: String { "\(member): \(reason)" }
}
