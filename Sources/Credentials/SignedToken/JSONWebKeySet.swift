import JSON
import SCIM
import TLS

/// The public keys of a JSON Web Key Set (RFC 7517 §5), of which those for other purposes are left out.
struct JSONWebKeySet: Sendable {
  /// Bytes of a set.
  static let maxBytes = 256 << 10
  static let maxKeys = 100
  private static let limits = JSONLimits(
    maxDepth: 8, maxBytes: maxBytes, maxMembers: 100, maxElements: maxKeys * 10, maxValues: 10_000)

  struct Key: Sendable {
    /// `kid`.
    let id: String?
    let algorithms: [SignatureAlgorithm]
    let key: PKey
    /// The members that are used.
    let json: JSONValue
  }

  /// A set that cannot be used: what is wrong with it, without a full stop.
  struct Fault: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
  }

  let keys: [Key]
  /// The keys with a `kid` that cannot be used, and why not.
  let unusable: [(id: String, reason: String)]
  /// Whether it has a secret or private key, which nobody should publish.
  let hasSecrets: Bool

  init(_ bytes: [UInt8]) throws(Fault) {
    guard bytes.count <= Self.maxBytes else { throw Fault("it has more than \(Self.maxBytes) bytes") }
    let json: JSONValue
    do throws(JSONError) { json = try JSONParser.parse(bytes, limits: Self.limits) } catch {
      throw Fault("it is not JSON: \(error)")
    }
    guard let list = json["keys"]?.arrayValue else {
      throw Fault("it is not an object with an array \"keys\"")
    }
    guard list.count <= Self.maxKeys else {
      throw Fault("it has \(list.count) keys, more than \(Self.maxKeys)")
    }
    let openSSL: OpenSSL
    do throws(TLSError) { openSSL = try OpenSSL.load() } catch { throw Fault("\(error)") }
    var (keys, unusable): ([Key], [(String, String)]) = ([], [])
    for member in list {
      do throws(Fault) { keys.append(try Self.key(member, openSSL)) } catch {
        if let id = member["kid"]?.stringValue { unusable.append((id, error.reason)) }
      }
    }
    self.keys = keys
    self.unusable = unusable
    hasSecrets = list.contains { $0["d"] != nil || $0["k"] != nil }
  }

  /// The set as it is kept: public numbers only.
  var text: String {
    let json: JSONValue = ["keys": .array(keys.map(\.json))]
    return json.serializedText
  }

  // MARK: One key (RFC 7518 §6, RFC 8037 §2)

  private static func key(_ json: JSONValue, _ openSSL: OpenSSL) throws(Fault) -> Key {
    if let use = json["use"], use != "sig" { throw Fault("it is not for signatures (use)") }
    if let uses = json["key_ops"]?.arrayValue, !uses.contains("verify") {
      throw Fault("it is not for verifying signatures (key_ops)")
    }
    let (numbers, members) = try numbers(json)
    let key: PKey
    do throws(TLSError) { key = try openSSL.key(numbers) } catch { throw Fault("\(error)") }
    var algorithms = key.algorithms
    if let name = json["alg"]?.stringValue {
      algorithms = algorithms.filter { $0.rawValue.hasSameBytes(as: name) }
      guard !algorithms.isEmpty else { throw Fault("it is for another algorithm, \(name.quotedBriefly)") }
    }
    var kept = JSONObject()
    for name in ["kty", "kid", "use", "alg"] + members { kept[name] = json[name] }
    return Key(id: json["kid"]?.stringValue, algorithms: algorithms, key: key, json: .object(kept))
  }

  /// The numbers of a key, and the names of the members that they are in.
  private static func numbers(_ json: JSONValue) throws(Fault) -> (PublicKey, members: [String]) {
    func number(_ name: String) throws(Fault) -> [UInt8] {
      guard let text = json[name]?.stringValue, let bytes = Base64.decoded(urlSafe: Array(text.utf8)[...])
      else { throw Fault("\(name) is not base64url") }
      return bytes
    }
    let name = [json["kty"], json["crv"]].compactMap { $0?.stringValue }.joined(separator: " ")
    switch Kind(rawValue: name) {
    case .rsa?: return (.rsa(modulus: try number("n"), exponent: try number("e")), ["n", "e"])
    case .p256?: return (.p256(x: try number("x"), y: try number("y")), ["crv", "x", "y"])
    case .ed25519?: return (.ed25519(try number("x")), ["crv", "x"])
    case nil: throw Fault("its type \(name.quotedBriefly) is not used; RSA, EC P-256 and OKP Ed25519 are")
    }
  }

  /// `kty` and `crv`.
  private enum Kind: String {
    case rsa = "RSA"
    case p256 = "EC P-256"
    case ed25519 = "OKP Ed25519"
  }

  // MARK: Looking for a key

  enum Search {
    case found(PKey)
    /// Another set may have the key.
    case unknown
    /// The set has the key, which cannot be used: why.
    case unusable(String)
  }

  /// The key with this `kid`; without one, the only key for the algorithm.
  func key(_ id: String?, for algorithm: SignatureAlgorithm) -> Search {
    let fitting = keys.filter { $0.algorithms.contains(algorithm) }
    guard let id else {
      guard let only = fitting.first else { return .unknown }
      return fitting.count == 1
        ? .found(only.key) : .unusable("the token names no key (kid), and there are \(fitting.count) for it")
    }
    func isNamed(_ other: String?) -> Bool { other.map { $0.hasSameBytes(as: id) } ?? false }
    if let key = fitting.first(where: { isNamed($0.id) }) { return .found(key.key) }
    if keys.contains(where: { isNamed($0.id) }) {
      return .unusable("the key \(id.quotedBriefly) is not for \(algorithm.rawValue)")
    }
    return unusable.first { isNamed($0.id) }.map { .unusable("the key \(id.quotedBriefly): \($0.reason)") }
      ?? .unknown
  }
}
