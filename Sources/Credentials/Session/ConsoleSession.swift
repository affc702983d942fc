import JSON
package import SCIM

/// A browser that is signed in to the console: what the server keeps of it, never its token.
package struct ConsoleSession: Sendable {
  /// Who signed in. The session never has more rights, and ends with the key.
  package enum Origin: Sendable {
    /// A user of this machine, through a link that a command printed; the user's number if the kernel reports it.
    case user(UInt32?)
    /// A key by its id, and the number of the secret that was presented.
    case key(String, generation: Int)
    /// A set-up link by its id: no rights but those of the set-up room.
    case link(String)
  }

  /// How long it lasts, in milliseconds: from its beginning, and without a request.
  package static let lifetime: Int64 = 12 * 3_600_000
  package static let idleTime: Int64 = 3_600_000
  static let maxAgentBytes = 200

  /// `session_` and 12 base 62 digits; not a secret.
  package let id: String
  let digest: KeyDigest
  package let origin: Origin
  /// The only directory that it can see; nil for all.
  package let directory: String?
  package let scopes: Scopes
  package let created: DateTime
  /// The last request.
  package var seen: DateTime
  /// The address it was begun from.
  package let remote: String
  /// The browser, as it names itself.
  package let agent: String?

  package var expires: DateTime { DateTime(milliseconds: created.milliseconds + Self.lifetime) }

  func isAlive(at now: DateTime) -> Bool {
    now < expires && now.milliseconds < seen.milliseconds + Self.idleTime
  }
}

// The note that keeps it.
extension ConsoleSession {
  /// Nil if a member is missing.
  init?(_ json: JSONValue) {
    guard let id = json["id"]?.stringValue,
      let digest = json["digest"]?.stringValue.flatMap(KeyDigest.init(hex:)),
      let created = json["created"]?.stringValue.flatMap({ DateTime($0) }),
      let seen = json["seen"]?.stringValue.flatMap({ DateTime($0) }),
      let remote = json["remote"]?.stringValue
    else { return nil }
    self.id = id
    self.digest = digest
    self.created = created
    self.seen = seen
    self.remote = remote
    if let key = json["key"]?.stringValue {
      guard let generation = json["generation"]?.integerValue.flatMap({ Int(exactly: $0) }) else {
        return nil
      }
      origin = .key(key, generation: generation)
    } else if let link = json["link"]?.stringValue {
      origin = .link(link)
    } else {
      origin = .user(json["uid"]?.integerValue.flatMap { UInt32(exactly: $0) })
    }
    directory = json["directory"]?.stringValue
    agent = json["agent"]?.stringValue
    scopes = Scopes(known: json["scopes"])
  }

  var json: JSONValue {
    var object: JSONObject = ["id": .string(id), "digest": .string(digest.description)]
    switch origin {
    case .key(let key, let generation):
      object["key"] = .string(key)
      object["generation"] = .integer(Int64(generation))
    case .link(let link): object["link"] = .string(link)
    case .user(let user): if let user { object["uid"] = .integer(Int64(user)) }
    }
    if let directory { object["directory"] = .string(directory) }
    object["scopes"] = .array(scopes.names.map { .string($0) })
    object["created"] = .string(created.description)
    object["seen"] = .string(seen.description)
    object["remote"] = .string(remote)
    if let agent { object["agent"] = .string(agent) }
    return .object(object)
  }
}
