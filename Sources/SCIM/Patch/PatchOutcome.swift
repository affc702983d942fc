/// What a PATCH makes of a resource.
package struct PatchOutcome: Sendable {
  /// In schema order, rules checked; equal to the old one where nothing changed.
  package let document: Document
  /// For groups, in order.
  package let membership: [MembershipEdit]
  /// With what fired while values were read.
  package let dialect: Dialect
}
