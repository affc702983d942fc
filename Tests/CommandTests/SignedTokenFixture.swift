import Client
import Foundation
import JSON
import Platform
import SCIM
import TLS
import XCTest

@testable import scimd

/// An issuer that signs tokens with the keys of a file, and a server that may trust it.
struct SignedTokenFixture {
  static let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
  static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

  let server: ServedFolder
  let key: PKey
  let jwks: String

  init(_ test: XCTestCase, _ change: (inout Configuration) -> Void = { _ in }) throws {
    server = try ServedFolder(test, change)
    key = try Self.key("rsa.key")
    jwks = try server.fixture.file("jwks.json", Self.set(key, "a"))
  }

  static func key(_ name: String) throws -> PKey {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("TLSTests/Fixtures")
    let pem = Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    return try OpenSSL.load().privateKey(pem, what: name)
  }

  static func set(_ key: PKey, _ id: String) throws -> String {
    guard case .rsa(let modulus, let exponent)? = key.numbers else { throw BrokenPremise("an RSA key") }
    return #"{"keys":[{"kty":"RSA","kid":"\#(id)","n":"\#(encoded(modulus))","e":"\#(encoded(exponent))"}]}"#
  }

  static func encoded(_ bytes: [UInt8]) -> String {
    Base64.encoded(bytes).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  /// The words after `key create`.
  func words(_ subject: String = "s", audience: String = "api://scim", jwks: String? = nil) -> [String] {
    ["--issuer", "https://issuer", "--subject", subject, "--audience", audience, "--jwks", jwks ?? self.jwks]
  }

  /// A key that trusts the issuer.
  @discardableResult
  func register(
    _ more: [String] = [], subject: String = "s", audience: String = "api://scim", jwks: String? = nil
  ) throws
    -> (id: String, secret: String)
  {
    try server.made(words(subject, audience: audience, jwks: jwks) + more)
  }

  private static let serial = Locked(0)

  /// A signed token. `changes` replaces claims by JSON; nil removes one.
  func token(
    _ changes: [String: JSONValue?] = [:], kid: String = "a", algorithm: SignatureAlgorithm = .rs256,
    by other: PKey? = nil
  ) throws -> String {
    let now = server.fixture.now / 1000
    let number = Self.serial.withLock { serial in
      serial += 1
      return serial
    }
    var claims: JSONObject = [
      "iss": "https://issuer", "sub": "s", "aud": "api://scim", "exp": .integer(now + 300),
      "jti": .string("j\(number)"),
    ]
    for (name, value) in changes { claims[name] = value }
    let header: JSONValue = ["alg": .string(algorithm.rawValue), "kid": .string(kid)]
    let signed = "\(Self.encoded(header.serialized())).\(Self.encoded(JSONValue.object(claims).serialized()))"
    return "\(signed).\(Self.encoded(try (other ?? key).sign(Array(signed.utf8), algorithm)))"
  }

  func post(_ form: [(String, String)]) throws -> ClientResponse {
    let body = form.map { "\(PercentEncoding.encode($0.0))=\(PercentEncoding.encode($0.1))" }.joined(
      separator: "&")
    let client = try HTTPClient(base: "http://127.0.0.1:\(server.running.port)", token: nil)
    return try client.send(
      method: "POST", path: "/oauth2/token", fields: [("Content-Type", "application/x-www-form-urlencoded")],
      body: Array(body.utf8))
  }

  func asClient(_ token: String, _ more: [(String, String)] = []) throws -> ClientResponse {
    try post(
      [
        ("grant_type", "client_credentials"), ("client_assertion_type", Self.assertionType),
        ("client_assertion", token),
      ] + more)
  }

  func asGrant(_ token: String) throws -> ClientResponse {
    try post([("grant_type", Self.grant), ("assertion", token)])
  }

  func accessToken(_ token: String) throws -> String {
    let response = try asGrant(token)
    return try XCTUnwrap(
      try response.json()["access_token"]?.stringValue, String(decoding: response.body, as: UTF8.self))
  }

  func status(_ access: String) throws -> Int {
    try server.ask("GET", "/scim/v2/Users?count=0", access).status
  }

  /// What `scimd explain` says about a request; it is written a moment after its answer.
  func explained(_ response: ClientResponse) throws -> JSONValue {
    let id = try XCTUnwrap(response.field("X-Request-Id"))
    for _ in 0..<100 {
      let outcome = server.run("explain", id, "--json")
      if outcome.code == .success { return try JSONParser.parse(Array(outcome.output.utf8)) }
      usleep(50_000)
    }
    throw BrokenPremise("the request \(id) is not in the ring")
  }
}
