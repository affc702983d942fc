import JSON
import SCIM

/// The part that the server keeps of a token given for a key (RFC 6749 §4.4): never the token itself.
struct AccessToken: Sendable, Equatable {
  /// Live tokens of one key; another one replaces the oldest.
  static let maxLive = 16
  /// How long a token is valid, in milliseconds.
  static let lifetime: Int64 = 3_600_000

  let digest: KeyDigest
  /// The number of the key's secret that the token was given for; the token ends with that secret.
  let generation: Int
  let scopes: Scopes
  let issued: DateTime
  let expires: DateTime

  init(digest: KeyDigest, generation: Int, scopes: Scopes, issued: DateTime, expires: DateTime) {
    self.digest = digest
    self.generation = generation
    self.scopes = scopes
    self.issued = issued
    self.expires = expires
  }

  /// From the value of its note; nil if a member is missing.
  init?(_ json: JSONValue) {
    guard let digest = json["digest"]?.stringValue.flatMap(KeyDigest.init(hex:)),
      let generation = json["generation"]?.integerValue.flatMap({ Int(exactly: $0) }),
      let issued = json["issued"]?.stringValue.flatMap({ DateTime($0) }),
      let expires = json["expires"]?.stringValue.flatMap({ DateTime($0) })
    else { return nil }
    self.digest = digest
    self.generation = generation
    self.issued = issued
    self.expires = expires
    scopes = Scopes(known: json["scopes"])
  }

  var json: JSONValue {
    [
      "digest": .string(digest.description), "generation": .integer(Int64(generation)),
      "scopes": .array(scopes.names.map { .string($0) }), "issued": .string(issued.description),
      "expires": .string(expires.description),
    ]
  }
}
