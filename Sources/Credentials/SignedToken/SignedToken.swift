import JSON
import SCIM
import TLS

/// A signed token taken apart (RFC 7515 §3.1, RFC 7519 §4.1). Only its form is checked.
struct SignedToken: Sendable {
  static let maxBytes = 8 << 10
  static let maxAudiences = 10
  private static let limits = JSONLimits(
    maxDepth: 8, maxBytes: maxBytes, maxMembers: 100, maxElements: 200, maxValues: 1000)

  let algorithm: SignatureAlgorithm
  /// `kid`.
  let keyID: String?
  let issuer: String
  let subject: String
  let audiences: [String]
  /// Seconds since 1970, as the other times.
  let expires: Int64
  let notBefore: Int64?
  let issuedAt: Int64?
  /// `jti`.
  let id: String?
  /// The bytes that are signed.
  let signed: [UInt8]
  let signature: [UInt8]

  init(_ text: String) throws(SignedTokenFault) {
    let bytes = Array(text.utf8)
    guard bytes.count <= Self.maxBytes else {
      throw Self.malformed("it has \(bytes.count) bytes, and \(Self.maxBytes) are allowed")
    }
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3 else {
      throw Self.malformed("it has \(parts.count) parts between dots instead of three")
    }
    let header = try Self.object(parts[0], "header")
    algorithm = try Self.algorithm(header)
    keyID = try Self.text("kid", header)
    let claims = try Self.object(parts[1], "payload")
    issuer = try Self.required("iss", try Self.text("iss", claims))
    subject = try Self.required("sub", try Self.text("sub", claims))
    audiences = try Self.audiences(claims)
    expires = try Self.required("exp", try Self.time("exp", claims))
    notBefore = try Self.time("nbf", claims)
    issuedAt = try Self.time("iat", claims)
    id = try Self.text("jti", claims)
    guard let signature = Base64.decoded(urlSafe: parts[2]) else {
      throw Self.malformed("its signature is not base64url")
    }
    self.signature = signature
    signed = Array(bytes[..<(bytes.count - parts[2].count - 1)])
  }

  private static func malformed(_ what: String) -> SignedTokenFault {
    SignedTokenFault(.signedTokenMalformed, "The text is not a signed token: \(what).")
  }

  /// Checks the header, too: what it requires, and that it is not another kind of token (RFC 8725 §3.11).
  private static func algorithm(_ header: JSONObject) throws(SignedTokenFault) -> SignatureAlgorithm {
    let name = try required("alg", try text("alg", header))
    guard let algorithm = SignatureAlgorithm.allCases.first(where: { $0.rawValue.hasSameBytes(as: name) })
    else {
      let known = SignatureAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
      throw SignedTokenFault(
        .signedTokenAlgorithm, "The token names the algorithm \(name.quotedBriefly); accepted are \(known).")
    }
    guard header["crit"] == nil else { throw malformed("it requires extensions (crit)") }
    if let type = try text("typ", header) {
      guard ["jwt", "client-authentication+jwt"].contains(where: { $0.hasSameBytes(as: type.lowercased()) })
      else {
        throw malformed("its type (typ) is \(type.quotedBriefly) instead of \"JWT\"")
      }
    }
    return algorithm
  }

  private static func object(_ part: ArraySlice<UInt8>, _ name: String) throws(SignedTokenFault) -> JSONObject
  {
    guard let bytes = Base64.decoded(urlSafe: part) else { throw malformed("its \(name) is not base64url") }
    let json: JSONValue
    do throws(JSONError) { json = try JSONParser.parse(bytes, limits: limits) } catch {
      throw malformed("its \(name) is not JSON: \(error)")
    }
    guard let object = json.objectValue else { throw malformed("its \(name) is not a JSON object") }
    return object
  }

  private static func required<Value>(_ name: String, _ value: Value?) throws(SignedTokenFault) -> Value {
    guard let value else { throw malformed("\(name) is missing") }
    return value
  }

  private static func text(_ name: String, _ object: JSONObject) throws(SignedTokenFault) -> String? {
    guard let value = object[name] else { return nil }
    guard let text = value.stringValue, !text.isEmpty else { throw malformed("\(name) is not a text") }
    return text
  }

  /// A number of seconds, which may have a fraction (RFC 7519 §2).
  private static func time(_ name: String, _ object: JSONObject) throws(SignedTokenFault) -> Int64? {
    guard let value = object[name] else { return nil }
    let seconds: Int64?
    switch value {
    case .integer(let number): seconds = number
    case .decimal(let number): seconds = Int64(exactly: number.value.rounded(.down))
    default: seconds = nil
    }
    // The year 9999, so that arithmetic cannot overflow.
    guard let seconds, (0...253_402_300_799).contains(seconds) else {
      throw malformed("\(name) is not a time in seconds")
    }
    return seconds
  }

  /// One text or a list of texts.
  private static func audiences(_ claims: JSONObject) throws(SignedTokenFault) -> [String] {
    let list = claims["aud"]?.stringValue.map { [$0] } ?? claims["aud"]?.arrayValue?.map(\.stringValue) ?? []
    let texts = list.compactMap { $0 }
    guard !texts.isEmpty, texts.count == list.count, texts.count <= maxAudiences else {
      throw malformed("aud is not a text or a list of at most \(maxAudiences) texts")
    }
    return texts
  }
}

extension SignedToken {
  /// Seconds by which clocks may differ.
  static let skew: Int64 = 60
  /// Seconds that a token may still be valid for.
  static let longest: Int64 = 86_400

  /// Throws unless the token is valid at this time, in seconds since 1970.
  func checkTimes(_ now: Int64) throws(SignedTokenFault) {
    func refused(_ what: String, _ time: Int64) -> SignedTokenFault {
      SignedTokenFault(
        .signedTokenTime,
        "The token \(what) \(DateTime(milliseconds: time * 1000)); it is "
          + "\(DateTime(milliseconds: now * 1000)) here.")
    }
    guard now < expires + Self.skew else { throw refused("expired at", expires) }
    guard expires <= now + Self.longest + Self.skew else {
      throw refused("is valid for more than 24 hours, until", expires)
    }
    if let notBefore, notBefore > now + Self.skew { throw refused("is not valid before", notBefore) }
    if let issuedAt, issuedAt > now + Self.skew { throw refused("was issued in the future, at", issuedAt) }
  }
}
