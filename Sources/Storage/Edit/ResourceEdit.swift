import JSON
package import SCIM

// Operations on resources, with the same rules for single requests and bulk operations.

/// A change of an existing resource.
package enum ResourceEdit: Sendable {
  case replace(ResourceReplacement)
  case modify(PatchRequest)
  case delete

  /// Throws 404, 412 if `ifMatch` is another version or `ifNoneMatch` is this one, and what the change itself is
  /// refused with. Nil if the resource was deleted.
  package func run(
    _ tx: inout Transaction, _ type: ResourceType, _ id: String, ifMatch: ArraySlice<UInt8>?,
    ifNoneMatch: ArraySlice<UInt8>? = nil
  ) throws(SCIMError) -> ResourceID? {
    let old = try tx.resource(type, id)
    // It is read, compared and written again.
    try tx.budget.spend(50 + old.byteCount >> 4)
    try EntityTag.check(ifMatch, old.version)
    try EntityTag.checkNone(ifNoneMatch, old.version)
    switch self {
    case .replace(let body):
      let document = try DocumentRules.checked(
        try DocumentRules.replacement(of: old.document, by: body.document, type), type)
      tx.understanding.add(body.dialect, of: type)
      try tx.update(
        old, document, body.edits, skipsUnknown: body.dialect.skipsUnknownMembers, namesExternalID: true)
    case .modify(let patch):
      let outcome = try patch.apply(to: old.document, &tx.budget)
      tx.understanding.add(outcome.dialect, of: type)
      try tx.update(
        old, outcome.document, outcome.membership, skipsUnknown: outcome.dialect.skipsUnknownMembers,
        namesExternalID: patch.names("externalId"))
    case .delete:
      try tx.delete(old)
      return nil
    }
    return old.id
  }
}

extension Dialect {
  var skipsUnknownMembers: Bool { profile.rules.contains(.skipUnknownMembers) }
}
