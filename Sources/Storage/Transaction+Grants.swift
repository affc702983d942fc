import SCIM

extension Transaction {
  /// A user or group that is gone for good, or that a client creates again, has none of the rights that it was given
  /// directly: they go with the same record.
  mutating func endGrants(of principal: ResourceID) throws(SCIMError) {
    guard let type = state.catalog.type(named: "Grant"), type.isAdministrative else { return }
    for id in find(type, "principal", principal.text) { try delete(try resource(type, id.text)) }
  }
}
