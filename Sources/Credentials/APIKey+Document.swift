import JSON
import Platform
import SCIM
import Storage

extension APIKey {
  /// The key of a resource of type Key; nil if something that every key has is missing.
  init?(_ change: AdministrativeChange) {
    guard let attributes = change.document?.attributes, let id = attributes["keyId"]?.stringValue,
      let name = attributes["name"]?.stringValue
    else { return nil }
    let generations = (attributes["generations"]?.arrayValue ?? []).compactMap(Generation.init)
    guard !generations.isEmpty else { return nil }
    resource = change.id
    self.id = id
    self.name = name
    description = attributes["description"]?.stringValue
    profile = attributes["profile"]?.stringValue ?? Profile.generic.name
    directory = change.directory.name
    connection = attributes["connection"]?.stringValue.flatMap { ResourceID($0) }
    scopes = Scopes(known: attributes["scopes"])
    networks = (attributes["networks"]?.arrayValue ?? []).compactMap {
      $0.stringValue.flatMap { IPNetwork($0) }
    }
    // A key that came from another format is older than its resource, and one that was rotated than its secrets.
    created = min(generations[0].created, DateTime(milliseconds: change.created))
    expires = attributes["expires"]?.stringValue.flatMap { DateTime($0) }
    daysLeft = attributes["daysLeft"]?.integerValue.flatMap { Int(exactly: $0) }
    revoked = attributes["revoked"]?.stringValue.flatMap { DateTime($0) }
    user = attributes["user"]?.stringValue
    certificateSubject = attributes["certificateSubject"]?.stringValue
    trust = attributes["signedTokens"].flatMap { SignedTokenTrust($0) }
    self.generations = generations
  }

  /// The document that the log keeps.
  var document: Document {
    var attributes = JSONObject()
    attributes["keyId"] = .string(id)
    attributes["name"] = .string(name)
    attributes["description"] = description.map { .string($0) }
    attributes["profile"] = .string(profile)
    attributes["connection"] = connection.map { .string($0.text) }
    attributes["user"] = user.map { .string($0) }
    attributes["scopes"] = .array(scopes.names.map { .string($0) })
    if !networks.isEmpty { attributes["networks"] = .array(networks.map { .string($0.description) }) }
    attributes["expires"] = expires.map { .string($0.description) }
    attributes["daysLeft"] = daysLeft.map { .integer(Int64($0)) }
    attributes["revoked"] = revoked.map { .string($0.description) }
    attributes["certificateSubject"] = certificateSubject.map { .string($0) }
    attributes["signedTokens"] = trust?.json
    attributes["generations"] = .array(generations.map(\.json))
    return Document(attributes)
  }
}

extension APIKey.Generation {
  /// A member of `generations`; nil if its number, digest or creation is missing.
  fileprivate init?(_ json: JSONValue) {
    guard let number = json["number"]?.integerValue.flatMap({ Int(exactly: $0) }),
      let digest = json["digest"]?.stringValue.flatMap(KeyDigest.init(hex:)),
      let created = json["created"]?.stringValue.flatMap({ DateTime($0) })
    else { return nil }
    self.number = number
    self.digest = digest
    hint = json["hint"]?.stringValue ?? ""
    self.created = created
    ends = json["ends"]?.stringValue.flatMap { DateTime($0) }
    untilSeen = json["untilSeen"]?.boolValue ?? false
    keyExpires = json["keyExpires"]?.stringValue.flatMap { DateTime($0) }
  }

  /// The member of `generations`; what has its default is absent.
  fileprivate var json: JSONValue {
    var object = JSONObject()
    object["number"] = .integer(Int64(number))
    object["digest"] = .string(digest.description)
    object["hint"] = .string(hint)
    object["created"] = .string(created.description)
    object["ends"] = ends.map { .string($0.description) }
    if untilSeen { object["untilSeen"] = true }
    object["keyExpires"] = keyExpires.map { .string($0.description) }
    return .object(object)
  }
}
