package import JSON
package import SCIM

/// A PUT, its body understood (RFC 7644 §3.5.1).
package struct ResourceReplacement: Sendable {
  package let document: Document
  package let edits: [MembershipEdit]
  package let dialect: Dialect

  /// The members that the body has.
  package var members: [String] {
    if case .replace(let ids)? = edits.first { ids } else { [] }
  }

  /// Throws for a body that is not a resource of the type. Required attributes are checked when it is applied.
  package init(_ json: JSONValue, as type: ResourceType, _ dialect: Dialect) throws(SCIMError) {
    var dialect = dialect
    let body = try ResourceDecoder.decode(json, as: type, dialect: &dialect)
    document = body.document
    // A PUT without members empties the group: missing attributes are cleared (RFC 7644 §3.5.1).
    edits = type.hasMembers ? [.replace(body.members ?? [])] : []
    self.dialect = dialect
  }
}
