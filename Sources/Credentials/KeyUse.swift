import JSON
import Platform
package import SCIM
package import Storage
import Synchronization

/// When and from where a secret of a key was last accepted.
package struct KeyUse: Sendable, Equatable {
  package let time: DateTime
  /// The client's address.
  package let remote: String
  /// The User-Agent field, cut; nil if the client sent none.
  package let agent: String?
  package let requestID: String
  /// How the client authenticated.
  package let kind: DirectoryPolicies.AuthKind

  static let maxAgentBytes = 128

  /// The value of the note that keeps it.
  var json: JSONValue {
    var object: JSONObject = [
      "time": .string(time.description), "remote": .string(remote), "request": .string(requestID),
      "kind": .string(kind.rawValue),
    ]
    object["agent"] = agent.map { .string($0) }
    return .object(object)
  }
}

extension KeyUse {
  /// From the value of its note; nil if that has no time.
  init?(_ json: JSONValue) {
    guard let time = json["time"]?.stringValue.flatMap({ DateTime($0) }) else { return nil }
    self.init(
      time: time, remote: json["remote"]?.stringValue ?? "", agent: json["agent"]?.stringValue,
      requestID: json["request"]?.stringValue ?? "",
      kind: json["kind"]?.stringValue.flatMap { DirectoryPolicies.AuthKind(rawValue: $0) } ?? .bearer)
  }
}
