import JSON
import SCIM

/// The part that the server keeps of a token given for a key (RFC 6749 §4.4): never the token itself.
struct AccessToken: Sendable, Equatable {
  /// What the client proved itself with; the token ends with it.
  enum Basis: Sendable, Equatable {
    /// The key's secret of this number.
    case secret(Int)
    /// A signed token, by this registration of the key.
    case signedToken(trust: ByteString)
  }

  /// Live tokens of one key; another one replaces the oldest.
  static let maxLive = 16
  /// How long a token is valid, in milliseconds.
  static let lifetime: Int64 = 3_600_000

  let digest: KeyDigest
  let basis: Basis
  let scopes: Scopes
  let issued: DateTime
  let expires: DateTime

  init(digest: KeyDigest, basis: Basis, scopes: Scopes, issued: DateTime, expires: DateTime) {
    self.digest = digest
    self.basis = basis
    self.scopes = scopes
    self.issued = issued
    self.expires = expires
  }

  /// From the value of its note; nil if a member is missing.
  init?(_ json: JSONValue) {
    guard let digest = json["digest"]?.stringValue.flatMap(KeyDigest.init(hex:)),
      let basis = Basis(json),
      let issued = json["issued"]?.stringValue.flatMap({ DateTime($0) }),
      let expires = json["expires"]?.stringValue.flatMap({ DateTime($0) })
    else { return nil }
    self.digest = digest
    self.basis = basis
    self.issued = issued
    self.expires = expires
    scopes = Scopes(known: json["scopes"])
  }

  var json: JSONValue {
    var object: JSONObject = [
      "digest": .string(digest.description),
      "scopes": .array(scopes.names.map { .string($0) }), "issued": .string(issued.description),
      "expires": .string(expires.description),
    ]
    switch basis {
    case .secret(let generation): object["generation"] = .integer(Int64(generation))
    case .signedToken(let trust): object["trust"] = .string(trust.text)
    }
    return .object(object)
  }
}

extension AccessToken.Basis {
  /// From the value of the token's note.
  fileprivate init?(_ json: JSONValue) {
    if let trust = json["trust"]?.stringValue {
      self = .signedToken(trust: ByteString(trust))
    } else if let generation = json["generation"]?.integerValue.flatMap({ Int(exactly: $0) }) {
      self = .secret(generation)
    } else {
      return nil
    }
  }
}

extension APIKey {
  /// The secret that a token stands for: the one that it was given for, or the newest. Nil if the token has ended with
  /// what it was given for.
  func generation(of token: AccessToken) -> Generation? {
    switch token.basis {
    case .secret(let number): generations.first { $0.number == number }
    case .signedToken(let trust):
      self.trust.flatMap { $0.id.hasSameBytes(as: trust.text) ? generations.last : nil }
    }
  }
}
