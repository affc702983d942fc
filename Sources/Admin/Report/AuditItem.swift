package import JSON
import Platform
import SCIM
import Storage

/// A record as an auditor sees it.
package struct AuditItem: Sendable {
  package struct Act: Sendable {
    /// Such as `create`, `update` or `members`.
    package let kind: String
    /// Nil if the record says nothing about a resource.
    package let type: String?
    package let id: String?
  }

  package let seq: Int
  package let time: String
  /// Such as `key key_4ks81mXw2LpQ` or `ada (1000)`.
  package let actor: String
  package let remote: String?
  /// The subject of the client's certificate.
  package let certificate: String?
  package let operation: String
  package let request: String
  package let acts: [Act]
  /// The record's hash in the chain, in hexadecimal digits.
  package let hash: String

  init(_ item: AuditTrail.Item) {
    let frame = item.frame
    seq = Int(clamping: item.seq)
    hash = item.hash.text
    time = frame["time"]?.stringValue ?? ""
    actor = Self.actor(frame["actor"])
    remote = frame["actor"]?["remote"]?.stringValue
    certificate = frame["actor"]?["certificate"]?.stringValue
    operation = frame["operation"]?.stringValue ?? ""
    request = frame["request"]?.stringValue ?? ""
    acts = (frame["kinds"]?.arrayValue ?? []).map { kind in
      let parts = kind.arrayValue?.compactMap(\.stringValue) ?? []
      return Act(
        kind: parts.first ?? "", type: parts.count > 1 ? parts[1] : nil, id: parts.count > 2 ? parts[2] : nil)
    }
  }

  private static func actor(_ actor: JSONValue?) -> String {
    let kind = actor?["kind"]?.stringValue ?? "unknown"
    if let key = actor?["key"]?.stringValue { return "key \(key)" }
    return actor?["user"]?.stringValue ?? kind
  }

  package var json: JSONValue {
    var object: JSONObject = [
      "seq": .integer(Int64(seq)), "time": .string(time), "actor": .string(actor),
      "operation": .string(operation), "request": .string(request), "hash": .string(hash),
      "acts": .array(
        acts.map { act in
          var object: JSONObject = ["kind": .string(act.kind)]
          if let type = act.type { object["type"] = .string(type) }
          if let id = act.id { object["id"] = .string(id) }
          return .object(object)
        }),
    ]
    if let remote { object["remote"] = .string(remote) }
    if let certificate { object["certificate"] = .string(certificate) }
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    seq = try reader.integer("seq")
    time = try reader.text("time")
    actor = try reader.text("actor")
    remote = try reader.optionalText("remote")
    certificate = try reader.optionalText("certificate")
    operation = try reader.text("operation")
    request = try reader.text("request")
    hash = try reader.text("hash")
    acts = try reader.objects("acts") { (act) throws(AdminProblem) in
      Act(kind: try act.text("kind"), type: try act.optionalText("type"), id: try act.optionalText("id"))
    }
  }

  static let schema = AdminSchema.object([
    .init("seq", .integer), .init("time", .text), .init("actor", .text),
    .init("remote", .text, optional: true), .init("certificate", .text, optional: true),
    .init("operation", .text), .init("request", .text),
    .init(
      "acts",
      .list(
        .object([
          .init("kind", .text), .init("type", .text, optional: true), .init("id", .text, optional: true),
        ]))), .init("hash", .text),
  ])
}
