/// The result of a PATCH on a resource.
package struct PatchOutcome: Sendable {
  /// In schema order, rules checked; equal to the old one if nothing changed.
  package let document: Document
  /// For groups, in order.
  package let membership: [MembershipEdit]
  /// Including the dialect rules applied while values were read.
  package let dialect: Dialect
}
