package import JSON
package import SCIM
package import Storage

/// One change of roles, targets or grants: what administrators, files, drafts and tools ask for alike.
package enum AccessStep: Sendable, Equatable {
  /// Makes the role, or changes the one of that value.
  case putRole(Role)
  /// Changes the role of an id, which may get another value.
  case setRole(ResourceID, Role)
  /// By value or id; its grants end with it.
  case deleteRole(String)
  /// Makes the target, or changes the one of that name.
  case putTarget(Target)
  /// By name or id; its grants end with it.
  case deleteTarget(String)
  case addGrant(NewGrant)
  /// Only the expiry and the reason can change.
  case setGrant(ResourceID, expires: DateTime?, reason: String?)
  case removeGrant(ResourceID)
  /// What a connection brings grants nothing.
  case holdBack(ResourceID)
  /// What a connection brings takes effect: the first review of it.
  case release(ResourceID)

  private static let members = ["op", "id", "role", "target", "grant", "expires", "reason", "connection"]

  /// As a draft keeps it: `{"op": "addGrant", "grant": {...}}`.
  package var json: JSONValue {
    switch self {
    case .putRole(let role): ["op": "putRole", "role": .object(role.json)]
    case .setRole(let id, let role): ["op": "setRole", "id": .string(id.text), "role": .object(role.json)]
    case .deleteRole(let name): ["op": "deleteRole", "role": .string(name)]
    case .putTarget(let target): ["op": "putTarget", "target": .object(target.json)]
    case .deleteTarget(let name): ["op": "deleteTarget", "target": .string(name)]
    case .addGrant(let grant): ["op": "addGrant", "grant": .object(grant.json)]
    case .setGrant(let id, let expires, let reason):
      [
        "op": "setGrant", "id": .string(id.text), "expires": expires.map { .string($0.description) } ?? .null,
        "reason": reason.map { .string($0) } ?? .null,
      ]
    case .removeGrant(let id): ["op": "removeGrant", "grant": .string(id.text)]
    case .holdBack(let id): ["op": "holdBack", "connection": .string(id.text)]
    case .release(let id): ["op": "release", "connection": .string(id.text)]
    }
  }

  /// Reads what `json` wrote, and what a client wrote in the same form.
  package init(json: JSONValue) throws(AccessError) {
    let reader = try AccessReader(json, "a step", Self.members)
    func value<Value>(
      _ name: String, _ read: (JSONValue) throws(AccessError) -> Value
    ) throws(AccessError) -> Value {
      guard let json = reader.object[name] else { throw AccessError("/\(name)", "is required") }
      do throws(AccessError) { return try read(json) } catch { throw error.inside("/\(name)") }
    }
    func id(_ name: String) throws(AccessError) -> ResourceID {
      guard let id = ResourceID(try reader.required(name)) else {
        throw AccessError("/\(name)", "must be an id")
      }
      return id
    }
    switch try reader.required("op") {
    case "putRole": self = .putRole(try value("role", Role.init(json:)))
    case "setRole": self = .setRole(try id("id"), try value("role", Role.init(json:)))
    case "deleteRole": self = .deleteRole(try reader.required("role"))
    case "putTarget": self = .putTarget(try value("target", Target.init(json:)))
    case "deleteTarget": self = .deleteTarget(try reader.required("target"))
    case "addGrant": self = .addGrant(try value("grant", NewGrant.init(json:)))
    case "setGrant":
      self = .setGrant(
        try id("id"), expires: try reader.text("expires").flatMap { DateTime($0) },
        reason: try reader.text("reason"))
    case "removeGrant": self = .removeGrant(try id("grant"))
    case "holdBack": self = .holdBack(try id("connection"))
    case "release": self = .release(try id("connection"))
    case let op:
      throw AccessError(
        "/op",
        "\"\(op.prefix(64))\" is not known; there are putRole, setRole, deleteRole, putTarget, deleteTarget, addGrant, setGrant, removeGrant, holdBack, release"
      )
    }
  }
}

extension AccessStep {
  /// Reads what `texts` wrote; nil if a step is malformed.
  static func list(_ json: JSONValue?) -> [AccessStep]? {
    var steps: [AccessStep] = []
    for element in json?.arrayValue ?? [] {
      guard let text = element.stringValue, let json = try? JSONParser.parse(Array(text.utf8)),
        let step = try? AccessStep(json: json)
      else { return nil }
      steps.append(step)
    }
    return steps
  }

  /// Each as a text of JSON.
  static func texts(_ steps: [AccessStep]) -> JSONValue {
    .array(steps.map { .string(String(decoding: $0.json.serialized(), as: UTF8.self)) })
  }

  package var isRemoval: Bool {
    if case .removeGrant = self { true } else { false }
  }

  /// Whether it gives or removes a grant and nothing else: all that a large draft can have.
  package var isOfGrant: Bool {
    switch self {
    case .addGrant, .removeGrant: true
    case .putRole, .setRole, .deleteRole, .putTarget, .deleteTarget, .setGrant, .holdBack, .release: false
    }
  }
}
