import JSON

/// The URNs that RFC 7643 and RFC 7644 give to schemas and messages.
package enum SchemaURN {
  package static let user = "urn:ietf:params:scim:schemas:core:2.0:User"
  package static let group = "urn:ietf:params:scim:schemas:core:2.0:Group"
  package static let enterpriseUser = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
  package static let serviceProviderConfig =
    "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
  package static let resourceType = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
  package static let schema = "urn:ietf:params:scim:schemas:core:2.0:Schema"

  package static let role = "urn:ietf:params:scim:schemas:core:2.0:Role"
  package static let entitlement = "urn:ietf:params:scim:schemas:core:2.0:Entitlement"

  package static let listResponse = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
  package static let searchRequest = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
  package static let patchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
  package static let bulkRequest = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
  package static let bulkResponse = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
  package static let error = "urn:ietf:params:scim:api:messages:2.0:Error"

  /// The contents of `schemas`; throws 400 invalidSyntax if it is missing or not a list.
  static func list(_ json: JSONValue?, naming urn: String) throws(SCIMError) -> [JSONValue] {
    guard let json, !json.isNull else {
      throw SCIMError(.schemasMissing, "\"schemas\" is missing; it must list \"\(urn)\".")
    }
    guard let urns = json.arrayValue else {
      throw SCIMError(.schemasInvalid, "\"schemas\" must be a list: [\"\(urn)\"].")
    }
    guard !urns.isEmpty else { throw missing(urn) }
    return urns
  }

  /// Whether the list has the URN, in any letter case.
  static func lists(_ urns: [JSONValue], _ urn: String) -> Bool {
    urns.contains { $0.stringValue.map { CaseFolding.sameName($0, urn) } ?? false }
  }

  static func missing(_ urn: String) -> SCIMError {
    SCIMError(.schemasInvalid, "\"schemas\" must list \"\(urn)\".")
  }

  /// Checks the `schemas` of a message; throws 400 invalidSyntax.
  static func check(_ json: JSONValue?, lists urn: String) throws(SCIMError) {
    guard lists(try list(json, naming: urn), urn) else { throw missing(urn) }
  }
}
