/// A JSON member that does not hold what it should: its name, and what is wrong with it.
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
