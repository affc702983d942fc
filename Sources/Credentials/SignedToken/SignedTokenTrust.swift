import JSON
import Platform

/// Whose signed tokens a key accepts instead of its secret (RFC 7523): who issues them, about whom, for which audience,
/// and the keys that they are signed with. No two keys of a server accept the same three.
package struct SignedTokenTrust: Sendable, Equatable {
  /// Where the public keys are.
  package enum Keys: Sendable {
    /// An https URL with a JSON Web Key Set.
    case url(String)
    /// The set itself, as JSON.
    case set(String)
  }

  package static let maxTextBytes = 512
  package static let maxAudiences = 2
  /// Bytes of a set that is kept, some 40 keys.
  static let maxSetBytes = 16 << 10

  package let issuer: String
  package let subject: String
  /// One or two.
  package let audiences: [String]
  package let keys: Keys
  /// Random, so that another registration has another one: an access token ends with the registration it was given for.
  let id: String

  init(issuer: String, subject: String, audiences: [String], keys: Keys, id: String) {
    self.issuer = issuer
    self.subject = subject
    self.audiences = audiences
    self.keys = keys
    self.id = id
  }

  /// Of the attribute `signedTokens`; nil if a member is missing.
  init?(_ json: JSONValue) {
    guard let issuer = json["issuer"]?.stringValue, let subject = json["subject"]?.stringValue,
      let id = json["id"]?.stringValue
    else { return nil }
    if let url = json["jwksURL"]?.stringValue {
      keys = .url(url)
    } else if let set = json["jwks"]?.stringValue {
      keys = .set(set)
    } else {
      return nil
    }
    self.issuer = issuer
    self.subject = subject
    self.id = id
    audiences = (json["audiences"]?.arrayValue ?? []).compactMap(\.stringValue)
  }

  /// The attribute `signedTokens`.
  var json: JSONValue {
    var object: JSONObject = [
      "id": .string(id), "issuer": .string(issuer), "subject": .string(subject),
      "audiences": .array(audiences.map { .string($0) }),
    ]
    switch keys {
    case .url(let url): object["jwksURL"] = .string(url)
    case .set(let text): object["jwks"] = .string(text)
    }
    return .object(object)
  }

  /// Byte by byte.
  package static func == (left: SignedTokenTrust, right: SignedTokenTrust) -> Bool {
    left.json.serialized() == right.json.serialized()
  }

  var signer: Signer { Signer(issuer: ByteString(issuer), subject: ByteString(subject)) }

  /// Issuer and subject.
  struct Signer: Hashable {
    let issuer: ByteString
    let subject: ByteString
  }
}
