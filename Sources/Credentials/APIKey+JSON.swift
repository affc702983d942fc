package import JSON
package import SCIM

extension APIKey {
  /// The key as `keys.json` keeps it: the secret only as a digest.
  var stored: JSONValue {
    var object = members
    object["digest"] = .string(digest.description)
    return .object(object)
  }

  /// The key as an admin sees it: no digest, and its status at `now`.
  package func shown(at now: DateTime) -> JSONObject {
    var object = members
    object["status"] = .string(status(at: now).rawValue)
    return object
  }

  private var members: JSONObject {
    var object = JSONObject()
    object["id"] = .string(id)
    object["name"] = .string(name)
    if let description { object["description"] = .string(description) }
    object["profile"] = .string(profile)
    object["directory"] = .string(directory)
    if let user { object["user"] = .string(user) }
    object["created"] = .string(created.description)
    object["expires"] = expires.map { .string($0.description) } ?? .null
    if let revoked { object["revoked"] = .string(revoked.description) }
    object["hint"] = .string(hint)
    return object
  }

  /// Reads what `stored` wrote; the error names the member at fault.
  init(stored value: JSONValue) throws(MemberError) {
    func text(_ name: String) throws(MemberError) -> String {
      guard let text = value[name]?.stringValue else { throw MemberError(name, "must be a string") }
      return text
    }
    func instant(_ name: String) throws(MemberError) -> DateTime? {
      guard let member = value[name], !member.isNull else { return nil }
      guard let instant = member.stringValue.flatMap({ DateTime($0) }) else {
        throw MemberError(name, "must be a date and time like 2027-01-31T00:00:00Z")
      }
      return instant
    }
    id = try text("id")
    name = try text("name")
    description = value["description"]?.stringValue
    profile = try text("profile")
    directory = try text("directory")
    user = value["user"]?.stringValue
    guard let created = try instant("created") else { throw MemberError("created", "is missing") }
    self.created = created
    expires = try instant("expires")
    revoked = try instant("revoked")
    hint = try text("hint")
    guard let digest = KeyDigest(hex: try text("digest")) else {
      throw MemberError("digest", "must be 64 hexadecimal digits")
    }
    self.digest = digest
  }
}
