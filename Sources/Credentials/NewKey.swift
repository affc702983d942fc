package import JSON
package import SCIM
package import Storage

/// What an admin asks for when creating a key.
package struct NewKey: Sendable, Equatable {
  package static let defaultProfile = "generic"
  package static let defaultDirectory = "default"

  package var name: String
  package var description: String?
  package var profile: String
  package var directory: String
  /// The user that `/Me` stands for, by id or userName; nil for none.
  package var user: String?
  /// Nil for a key that never expires.
  package var expires: DateTime?
  /// The connection it belongs to; nil for a script's or an application's.
  package var connection: ResourceID?
  package var scopes: Scopes = .scim

  package init(
    name: String, description: String? = nil, profile: String = defaultProfile,
    directory: String = defaultDirectory, user: String? = nil, expires: DateTime? = nil
  ) {
    self.name = name
    self.description = description
    self.profile = profile
    self.directory = directory
    self.user = user
    self.expires = expires
  }

  /// Reads `{"name": …, "description"?, "profile"?, "directory"?, "user"?, "expires"?}`; other members are refused.
  package init(_ json: JSONValue) throws(MemberError) {
    guard let object = json.objectValue else { throw MemberError("body", "must be a JSON object") }
    var texts: [String: String] = [:]
    for member in object.members {
      guard
        ["name", "description", "profile", "directory", "user", "expires", "scopes"].contains(member.name)
      else {
        throw MemberError(member.name, "is not a member of a new key")
      }
      if member.value.isNull || member.name == "scopes" { continue }
      guard let text = member.value.stringValue else { throw MemberError(member.name, "must be a string") }
      texts[member.name] = text
    }
    guard let name = texts["name"] else { throw MemberError("name", "is required") }
    self.init(
      name: name, description: texts["description"], profile: texts["profile"] ?? Self.defaultProfile,
      directory: texts["directory"] ?? Self.defaultDirectory, user: texts["user"])
    if let list = object["scopes"], !list.isNull { scopes = try Scopes(list) }
    if let text = texts["expires"] {
      guard let instant = DateTime(text) else {
        throw MemberError("expires", "must be a date and time like 2027-01-31T00:00:00Z")
      }
      expires = instant
    }
  }

  /// The same object as `init(_:)` reads.
  package var json: JSONValue {
    var object = JSONObject()
    object["name"] = .string(name)
    if let description { object["description"] = .string(description) }
    object["profile"] = .string(profile)
    object["directory"] = .string(directory)
    if let user { object["user"] = .string(user) }
    if let expires { object["expires"] = .string(expires.description) }
    if scopes != .scim { object["scopes"] = .array(scopes.names.map { .string($0) }) }
    return .object(object)
  }
}
