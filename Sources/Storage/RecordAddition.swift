package import SCIM

/// Changes that belong into the record of a resource that was just made.
package struct RecordAddition: Sendable {
  private let changes: @Sendable (inout Transaction, ResourceID) throws(SCIMError) -> Void

  package init(_ changes: @escaping @Sendable (inout Transaction, ResourceID) throws(SCIMError) -> Void) {
    self.changes = changes
  }

  /// Throws to refuse the whole record.
  package func make(_ tx: inout Transaction, _ made: ResourceID) throws(SCIMError) {
    try changes(&tx, made)
  }
}
