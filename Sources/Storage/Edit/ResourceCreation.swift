package import JSON
package import SCIM

/// A POST, its body understood (RFC 7644 §3.3).
package struct ResourceCreation: Sendable {
  package let type: ResourceType
  package let document: Document
  package let members: [String]
  package let dialect: Dialect

  /// Throws for a body that is not a complete resource of the type.
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
