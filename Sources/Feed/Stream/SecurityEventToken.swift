import JSON
import SCIM
import Storage
import TLS

/// One event as a security event token (RFC 8417, RFC 9967). Its claims follow from the event and the stream alone, so
/// that a repeated token says the same.
struct SecurityEventToken {
  private let event: Event
  private let stream: TokenStream
  /// Nil for a type that is not configured any more.
  private let type: ResourceType?

  /// Nil if the stream does not get the event.
  init?(_ event: Event, _ stream: TokenStream, _ catalog: Catalog) {
    guard stream.wants(event) else { return nil }
    self.event = event
    self.stream = stream
    type = catalog.types.first { $0.name.hasSameBytes(as: event.subject.type) }
  }

  /// The compact form of RFC 7515.
  func signed(_ key: SigningKeys.Key, issuer: String) throws(TLSError) -> String {
    let header: JSONValue = [
      "alg": .string(key.algorithm.rawValue), "kid": .string(key.id), "typ": "secevent+jwt",
    ]
    let parts = [header, claims(issuer: issuer)].map { Base64.encoded(urlSafe: $0.serialized()) }
    let text = parts.joined(separator: ".")
    return text + "." + Base64.encoded(urlSafe: try key.key.sign(Array(text.utf8), key.algorithm))
  }

  func claims(issuer: String) -> JSONValue {
    var claims: JSONObject = [
      "iss": .string(issuer), "jti": .string(event.id.description),
      "iat": .integer((DateTime(event.time)?.milliseconds ?? 0) / 1000),
    ]
    let audience = stream.audience.map { JSONValue.string($0) }
    claims["aud"] = audience.count == 1 ? audience[0] : .array(audience)
    claims["txn"] = event.request.map { .string($0) }
    claims["sub_id"] = .object(subject)
    var events = JSONObject()
    for one in stream.securityEvents(of: event) { events[one.rawValue] = payload(one) }
    claims["events"] = .object(events)
    return .object(claims)
  }

  /// RFC 9967 §2.1.
  private var subject: JSONObject {
    let endpoint = type?.endpoint ?? "/\(event.subject.type)"
    var subject: JSONObject = ["format": "scim", "uri": .string("\(endpoint)/\(event.subject.id)")]
    for name in ["externalId", "userName"] { subject[name] = event.subject.details[name] }
    return subject
  }

  // MARK: Payloads (RFC 9967 §2.4)

  private func payload(_ one: SecurityEvent) -> JSONValue {
    switch one {
    case .delete, .activate, .deactivate: [:]
    case .createFull: ["data": .object(resource)]
    case .createNotice: ["attributes": .array(["id"] + changedNames)]
    case .patchFull:
      [
        "data": [
          "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": .array(operations),
        ]
      ]
    case .patchNotice: ["attributes": .array(isOfMembers ? ["members"] : changedNames)]
    }
  }

  private var changed: [JSONObject.Member] {
    (event.changed?.members ?? []).filter { member in
      !["schemas", "id", "meta"].contains { $0.utf8.elementsEqual(member.name.utf8) }
    }
  }

  private var changedNames: [JSONValue] { changed.map { .string($0.name) } }

  /// The whole resource, with the schemas of which it has attributes.
  private var resource: JSONObject {
    var schemas: [JSONValue] = []
    if let type {
      schemas = [.string(type.schema.id)]
      let names = changed.map(\.name)
      for one in type.extensions where names.contains(where: { CaseFolding.sameName($0, one.schema.id) }) {
        schemas.append(.string(one.schema.id))
      }
    }
    return JSONObject(
      [
        JSONObject.Member(name: "schemas", value: .array(schemas)),
        JSONObject.Member(name: "id", value: .string(event.subject.id)),
      ] + changed)
  }

  private var isOfMembers: Bool { event.type == .memberAdded || event.type == .memberRemoved }

  /// What a PATCH would send to make the same change.
  private var operations: [JSONValue] {
    switch event.type {
    case .memberAdded:
      return [
        ["op": "add", "path": "members", "value": .array(members(event.changed).map { ["value": $0] })]
      ]
    case .memberRemoved:
      return members(event.previous).map { member in
        ["op": "remove", "path": .string("members[value eq \"\(member.stringValue ?? "")\"]")]
      }
    default: break
    }
    let kept = changed.filter { !$0.value.isNull }
    var operations: [JSONValue] = kept.isEmpty ? [] : [["op": "replace", "value": .object(JSONObject(kept))]]
    for member in changed where member.value.isNull {
      operations.append(["op": "remove", "path": .string(member.name)])
    }
    return operations
  }

  private func members(_ list: JSONObject?) -> [JSONValue] { list?["members"]?.arrayValue ?? [] }
}
