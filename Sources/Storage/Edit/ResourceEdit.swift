package import JSON
package import SCIM

// What is done to resources: the same rules whether a request asks for it alone or as part of a bulk job.

/// A POST, its body understood (RFC 7644 §3.3).
package struct ResourceCreation: Sendable {
  package let type: ResourceType
  package let document: Document
  package let members: [String]
  package let dialect: Dialect

  package init(_ json: JSONValue, as type: ResourceType, _ dialect: Dialect) throws(SCIMError) {
    var dialect = dialect
    let body = try ResourceDecoder.decode(json, as: type, dialect: &dialect)
    self.type = type
    document = try DocumentRules.checked(DocumentRules.completed(body.document, type), type)
    members = body.members ?? []
    self.dialect = dialect
  }

  package var skipsUnknown: Bool { dialect.skipsUnknownMembers }

  package func run(_ tx: inout Transaction) throws(SCIMError) -> ResourceID {
    tx.understanding.add(dialect, of: type)
    return try tx.create(type, document, members: members, skipsUnknown: skipsUnknown)
  }
}

/// A PUT, its body understood (RFC 7644 §3.5.1).
package struct ResourceReplacement: Sendable {
  package let document: Document
  package let edits: [MembershipEdit]
  package let dialect: Dialect

  package init(_ json: JSONValue, as type: ResourceType, _ dialect: Dialect) throws(SCIMError) {
    var dialect = dialect
    let body = try ResourceDecoder.decode(json, as: type, dialect: &dialect)
    document = body.document
    // A PUT without members empties the group: what is left out is cleared (RFC 7644 §3.5.1).
    edits = type.hasMembers ? [.replace(body.members ?? [])] : []
    self.dialect = dialect
  }
}

/// A change of a resource that is there.
package enum ResourceEdit: Sendable {
  case replace(ResourceReplacement)
  case modify(PatchRequest)
  case delete

  /// Throws 404, 412 if `ifMatch` is another version or `ifNoneMatch` is this one, and what the change itself is refused
  /// with. Nil if the resource was deleted.
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
      try tx.update(old, document, body.edits, skipsUnknown: body.dialect.skipsUnknownMembers)
    case .modify(let patch):
      let outcome = try patch.apply(to: old.document, &tx.budget)
      tx.understanding.add(outcome.dialect, of: type)
      try tx.update(
        old, outcome.document, outcome.membership, skipsUnknown: outcome.dialect.skipsUnknownMembers)
    case .delete:
      try tx.delete(old)
      return nil
    }
    return old.id
  }
}

extension Dialect {
  fileprivate var skipsUnknownMembers: Bool { profile.rules.contains(.skipUnknownMembers) }
}
