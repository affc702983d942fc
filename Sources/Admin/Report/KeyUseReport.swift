import Credentials
package import JSON
package import SCIM
import Storage

/// When and from where a secret was last accepted.
package struct KeyUseReport: Sendable {
  package let time: DateTime
  /// The client's address.
  package let remote: String
  /// The User-Agent field; nil if the client sent none.
  package let agent: String?
  package let request: String
  /// bearer, basic or oauth.
  package let kind: String
}

extension KeyUseReport {
  init(_ use: KeyUse) {
    self.init(
      time: use.time, remote: use.remote, agent: use.agent, request: use.requestID, kind: use.kind.rawValue)
  }

  package var json: JSONValue {
    var object: JSONObject = [
      "time": .string(time.description), "remote": .string(remote), "request": .string(request),
      "kind": .string(kind),
    ]
    if let agent { object["agent"] = .string(agent) }
    return .object(object)
  }

  init(_ reader: ObjectReader) throws(AdminProblem) {
    self.init(
      time: try reader.time("time"), remote: try reader.text("remote"),
      agent: try reader.optionalText("agent"), request: try reader.text("request"),
      kind: try reader.text("kind"))
  }

  static let schema = AdminSchema.object([
    .init("time", .time), .init("remote", .text), .init("agent", .text, optional: true),
    .init("request", .text), .init("kind", .text),
  ])
}
