import Client
import JSON
import SCIM
import TLS
import XCTest

@testable import scimd

/// Signed tokens instead of a secret (RFC 7523), against a real server.
final class SignedTokenTests: XCTestCase {
  func testATokenIsAcceptedInBothFormsAndLeadsToAnAccessToken() throws {
    let issuer = try SignedTokenFixture(self)
    let key = try issuer.register(["--scopes", "scim.users.read"])
    for response in [
      try issuer.asClient(issuer.token()), try issuer.asGrant(issuer.token()),
      try issuer.asClient(issuer.token(), [("client_id", "s")]),
      try issuer.asClient(
        issuer.token(algorithm: .ps256), [("client_id", key.id), ("resource", "api://scim")]),
      try issuer.asGrant(issuer.token(["aud": ["x", "api://scim"]])),
    ] {
      let answer = try response.json()
      XCTAssertEqual(response.status, 200, answer.serializedText)
      XCTAssertEqual(response.field("Cache-Control"), "no-store")
      XCTAssertEqual(answer["scope"], "scim.users.read")
      XCTAssertEqual(answer["expires_in"], 3600)
      let access = try XCTUnwrap(answer["access_token"]?.stringValue)
      XCTAssertEqual(try issuer.status(access), 200)
      XCTAssertEqual(try issuer.server.ask("GET", "/scim/v2/Groups", access).status, 403)
    }
    let shown = try JSONParser.parse(Array(issuer.server.run("key", "show", key.id, "--json").output.utf8))
    XCTAssertEqual(shown["signedTokens"]?["subject"], "s")
    XCTAssertEqual(shown["signedTokens"]?["state"]?["keys"], 1)
    XCTAssertEqual(shown["lastUse"]?["kind"], "oauth")
    let text = issuer.server.run("key", "show", key.id).output
    for part in ["Token endpoint", "https://issuer", "api://scim", "of a file", "1, 0 min ago"] {
      XCTAssertTrue(text.contains(part), text)
    }
  }

  func testASignedTokenIsNoBearerTokenOfTheAPI() throws {
    let issuer = try SignedTokenFixture(self)
    try issuer.register()
    XCTAssertEqual(try issuer.status(issuer.token()), 401)
  }

  /// The client is told the same, whatever is wrong.
  func testEveryRefusalHasItsReasonForTheAdministratorOnly() throws {
    let issuer = try SignedTokenFixture(self)
    try issuer.register()
    try issuer.register(subject: "private", jwks: "https://10.255.255.1/keys")
    let used = try issuer.token()
    XCTAssertEqual(try issuer.asClient(used).status, 200)
    let now = issuer.server.fixture.now / 1000
    let parts = try issuer.token().split(separator: ".")
    let stranger = try SignedTokenFixture.key("server.key")
    let none = "\(SignedTokenFixture.encoded(Array(#"{"alg":"none"}"#.utf8))).\(parts[1])."
    var answers: Set<String> = []
    func refused(_ token: String, code: SCIMError.Code) throws {
      for response in [try issuer.asClient(token), try issuer.asGrant(token)] {
        let isGrant = response.status == 400
        let answer = try response.json()
        XCTAssertEqual(answer["error"], isGrant ? "invalid_grant" : "invalid_client", code.rawValue)
        answers.insert("\(response.status) \(answer.serializedText)")
        let explained = try issuer.explained(response)
        XCTAssertEqual(explained["code"]?.stringValue, code.rawValue, explained.serializedText)
        XCTAssertNotNil(explained["fix"]?.stringValue, code.rawValue)
      }
    }
    try refused("hello", code: .signedTokenMalformed)
    try refused(none, code: .signedTokenAlgorithm)
    try refused(try issuer.token(["iss": "https://other"]), code: .signedTokenUnknown)
    try refused(try issuer.token(["aud": "api://other"]), code: .signedTokenAudience)
    try refused(try issuer.token(["exp": .integer(now - 61)]), code: .signedTokenTime)
    try refused(try issuer.token(kid: "b"), code: .signedTokenKey)
    try refused(try issuer.token(["sub": "private"]), code: .signedTokenKeysUnavailable)
    try refused(try issuer.token(kid: "a", algorithm: .es256, by: stranger), code: .signedTokenKey)
    try refused(
      "\(parts[0]).\(parts[1]).\(try issuer.token().split(separator: ".")[2])", code: .signedTokenSignature)
    try refused(used, code: .signedTokenReplayed)
    XCTAssertEqual(answers.count, 2, "\(answers)")
  }

  func testATokenIsUsedOnceAlsoAcrossARestart() throws {
    let issuer = try SignedTokenFixture(self)
    try issuer.register()
    let token = try issuer.token()
    let access = try issuer.accessToken(token)
    issuer.server.stop()
    let server = try ServedFolder(self, fixture: issuer.server.fixture)
    let client = try HTTPClient(base: "http://127.0.0.1:\(server.running.port)", token: nil)
    let form = "grant_type=\(PercentEncoding.encode(SignedTokenFixture.grant))&assertion=\(token)"
    let again = try client.send(
      method: "POST", path: "/oauth2/token", fields: [("Content-Type", "application/x-www-form-urlencoded")],
      body: Array(form.utf8))
    XCTAssertEqual(again.status, 400)
    XCTAssertEqual(try server.ask("GET", "/scim/v2/Users", access).status, 200)
  }

  func testAccessTokensEndWithTheRegistrationAndTheKeyAndOutliveARotation() throws {
    let issuer = try SignedTokenFixture(self)
    let key = try issuer.register()
    func run(_ words: String...) {
      XCTAssertEqual(
        issuer.server.fixture.run(words + ["--data", issuer.server.fixture.data]).code, .success)
    }
    var access = try issuer.accessToken(issuer.token())
    run("key", "rotate", key.id, "--until-seen")
    XCTAssertEqual(try issuer.status(access), 200)
    access = try issuer.accessToken(issuer.token())
    let secrets = try JSONParser.parse(Array(issuer.server.run("key", "show", key.id, "--json").output.utf8))[
      "secrets"]
    XCTAssertEqual(
      secrets?.arrayValue?.map { $0["state"] }, ["ending", "current"], "nobody has used the new secret")
    XCTAssertEqual(try issuer.status(key.secret), 200)
    run("key", "complete", key.id)
    XCTAssertEqual(try issuer.status(access), 200)
    run("key", "update", key.id, "--audience", "api://new")
    XCTAssertEqual(try issuer.status(access), 401)
    XCTAssertEqual(try issuer.asGrant(issuer.token()).status, 400)
    access = try issuer.accessToken(issuer.token(["aud": "api://new"]))
    run("key", "update", key.id, "--no-signed-tokens")
    XCTAssertEqual(try issuer.status(access), 401)
    XCTAssertEqual(try issuer.asGrant(issuer.token(["aud": "api://new"])).status, 400)
    run(
      "key", "update", key.id, "--issuer", "https://issuer", "--subject", "s", "--audience", "api://scim",
      "--jwks", issuer.jwks)
    access = try issuer.accessToken(issuer.token())
    run("key", "revoke", key.id)
    XCTAssertEqual(try issuer.status(access), 401)
    let refused = try issuer.asGrant(issuer.token())
    XCTAssertEqual(try issuer.explained(refused)["code"], "keyRevoked")
  }

  func testNoTwoKeysOfAServerAcceptTheSameTokens() throws {
    let issuer = try SignedTokenFixture(self)
    let first = try issuer.register(audience: "a,b")
    func create(_ words: [String]) -> CommandFixture.Outcome {
      issuer.server.fixture.run(
        ["key", "create", "--name", "k", "--data", issuer.server.fixture.data] + words)
    }
    let same = create(issuer.words(audience: "b"))
    XCTAssertTrue(same.error.contains(first.id), same.error)
    let tenant = create(issuer.words(audience: "c,a") + ["--directory", "other", "--new-directory"])
    XCTAssertTrue(tenant.error.contains("another key of this server"), tenant.error)
    XCTAssertFalse(tenant.error.contains(first.id), tenant.error)
    XCTAssertEqual(create(issuer.words(audience: "c")).code, .success)
    XCTAssertEqual(create(issuer.words("t", audience: "a")).code, .success)
    let changed = issuer.server.run("key", "update", first.id, "--audience", "c")
    XCTAssertTrue(changed.error.contains("no two keys may"), changed.error)
    XCTAssertEqual(issuer.server.run("key", "update", first.id, "--audience", "a").code, .success, "its own")
    XCTAssertEqual(issuer.server.run("key", "revoke", first.id).code, .success)
    XCTAssertEqual(create(issuer.words(audience: "a")).code, .success, "a revoked key stands in nobody's way")
    XCTAssertNoThrow(try issuer.accessToken(issuer.token(["aud": "a"])))
    // Its audience does not say which of the two is meant.
    XCTAssertEqual(
      try issuer.explained(issuer.asGrant(issuer.token(["aud": ["a", "c"]])))["code"], "signedTokenAudience")
  }

  func testARegistrationMustBeWholeAndItsKeysPublicAndStrong() throws {
    let issuer = try SignedTokenFixture(self)
    let secret = try issuer.server.fixture.file(
      "d.json", #"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}]}"#)
    let weak = try issuer.server.fixture.file(
      "weak.json", #"{"keys":[{"kty":"RSA","kid":"w","n":"xxxx","e":"AQAB"}]}"#)
    let text = try issuer.server.fixture.file("text.json", "hello")
    for (words, part) in [
      (issuer.words(jwks: secret), "private"), (issuer.words(jwks: weak), "2048"),
      (issuer.words(jwks: text), "JSON"),
      (issuer.words(jwks: "ftp://a"), "https"), (issuer.words(jwks: "https://a/#b"), "fragment"),
      (issuer.words(audience: "a,b,c"), "one or two"), (issuer.words(""), "subject"),
      (Array(issuer.words().dropLast(2)), "jwks"), (Array(issuer.words().dropFirst(2)), "issuer"),
      (issuer.words(String(repeating: "x", count: 513)), "512"),
    ] {
      let outcome = issuer.server.fixture.run(
        ["key", "create", "--name", "k", "--data", issuer.server.fixture.data] + words)
      XCTAssertNotEqual(outcome.code, .success, "\(words)")
      XCTAssertTrue(outcome.error.contains(part), "\(part): \(outcome.error)")
    }
    let keys = try JSONParser.parse(Array(issuer.server.run("key", "list", "--json").output.utf8))["items"]
    XCTAssertFalse(keys?.serializedText.contains("signedTokens") ?? true)
  }

  func testARequestForATokenProvesItselfInOneWayOnly() throws {
    let issuer = try SignedTokenFixture(self)
    let key = try issuer.register()
    let (token, type) = (try issuer.token(), ("client_assertion_type", SignedTokenFixture.assertionType))
    let credentials = ("grant_type", "client_credentials")
    for form in [
      [credentials, type, ("client_assertion", token), ("client_secret", key.secret)],
      [credentials, type, ("client_assertion", token), ("client_id", key.id), ("client_secret", key.secret)],
      [credentials, ("client_assertion", token)], [credentials, type],
      [credentials, ("client_assertion", token), ("client_assertion_type", "saml")],
      [("grant_type", SignedTokenFixture.grant)],
      [("grant_type", SignedTokenFixture.grant), ("assertion", token), ("client_assertion", token), type],
    ] {
      let response = try issuer.post(form)
      XCTAssertEqual(response.status, 400)
      XCTAssertEqual(try response.json()["error"], "invalid_request", "\(form.map(\.0))")
    }
    let other = try issuer.post([("grant_type", "password"), type, ("client_assertion", token)])
    XCTAssertEqual(try other.json()["error"], "unsupported_grant_type")
    XCTAssertEqual(try issuer.asGrant(token).status, 200, "none of these used it")
  }

  func testPoliciesNetworksAndPausesHoldForSignedTokensToo() throws {
    let issuer = try SignedTokenFixture(self)
    try issuer.register(["--networks", "203.0.113.0/24"], subject: "away")
    XCTAssertEqual(
      try issuer.explained(issuer.asGrant(issuer.token(["sub": "away"])))["code"], "keyWrongNetwork")
    try issuer.register()
    XCTAssertEqual(
      issuer.server.run("directory", "update", "default", "--auth-kinds", "bearer").code, .success)
    XCTAssertEqual(try issuer.asGrant(issuer.token()).json()["error"], "unauthorized_client")
    XCTAssertEqual(
      issuer.server.run("directory", "update", "default", "--auth-kinds", "oauth").code, .success)
    XCTAssertEqual(issuer.server.run("directory", "pause", "default").code, .success)
    XCTAssertEqual(try issuer.asGrant(issuer.token()).status, 503)
    XCTAssertEqual(issuer.server.run("directory", "resume", "default").code, .success)
    XCTAssertEqual(try issuer.asGrant(issuer.token()).status, 200)
  }

  func testWrongTokensAreCountedByAddress() throws {
    let issuer = try SignedTokenFixture(self) { $0.failedKeysPerMinute = 2 }
    try issuer.register()
    let statuses = try (0..<8).map { _ in try issuer.asGrant("hello").status }
    XCTAssertEqual(statuses, [400, 400, 400, 400, 429, 429, 429, 429])
    XCTAssertEqual(try issuer.asGrant(issuer.token()).status, 200, "a valid one is never held back")
  }
}
