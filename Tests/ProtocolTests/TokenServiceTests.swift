import Foundation
import HTTP
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Credentials
@testable import Protocol

/// The token endpoint, case by case of RFC 6749 §4.4 and §5, and what becomes of its tokens.
final class TokenServiceTests: XCTestCase {
  private let grant = "grant_type=client_credentials"

  private func status(_ fixture: ServiceFixture, _ token: String, _ path: String = "/Users") throws -> Int {
    try fixture.send("GET", path, [("Authorization", "Bearer \(token)")]).status.rawValue
  }

  func test_6749_5_1_aTokenIsGivenWithEverythingTheClientNeeds() throws {
    let fixture = try ServiceFixture(self)
    let (id, secret) = (fixture.key.key.id, fixture.key.secret)
    let form = "\(grant)&client_id=\(id)&client_secret=\(secret)"
    // What Entra sends: in the form or as Basic, with more parameters.
    let cases: [(String, [(String, String)], String)] = [
      (grant, [ServiceFixture.basic(id, secret)], "scim.*"), (form, [], "scim.*"),
      (form + "&resource=https%3A%2F%2Fscim.example.com&audience=x", [], "scim.*"),
      (form + "&scope=", [], "scim.*"), (form + "&scope=.default", [], "scim.*"),
      (form + "&scope=https%3A%2F%2Fscim.example.com%2F.default", [], "scim.*"),
      (form + "&scope=scim.groups.read+scim.users.write", [], "scim.users.write scim.groups.read"),
      ("\(grant)&client_id=\(id)", [ServiceFixture.basic(id, secret)], "scim.*"),
      (form, [("Accept", "application/json")], "scim.*"),
      (
        "client_secret=\(secret)&client_id=\(id.replacingOccurrences(of: "_", with: "%5F"))&\(grant)&", [],
        "scim.*"
      ),
    ]
    for (form, fields, scope) in cases {
      let answer = try fixture.askForToken(form, fields)
      XCTAssertEqual(answer.status, .ok, form)
      let json = try answer.json()
      XCTAssertEqual(json["token_type"], "Bearer")
      XCTAssertEqual(json["expires_in"], 3600)
      XCTAssertEqual(json["scope"]?.stringValue, scope)
      XCTAssertEqual(answer.fields[.cacheControl], "no-store")
      XCTAssertEqual(answer.fields[FieldName("Pragma")], "no-cache")
      XCTAssertEqual(answer.fields[.contentType], "application/json")
      let token = try XCTUnwrap(json["access_token"]?.stringValue)
      XCTAssertNotNil(token.range(of: "^scimt_[0-9A-Za-z]{49}$", options: .regularExpression))
      XCTAssertEqual(try status(fixture, token), 200)
    }
  }

  func test_6749_5_2_whatIsWrongIsSaidWithTheCodeOfTheRFC() throws {
    let fixture = try ServiceFixture(self)
    let key = try fixture.makeKey(.scimUsersRead)
    let (id, secret) = (key.key.id, key.secret)
    let good = [ServiceFixture.basic(id, secret)]
    let token = try fixture.token(key)
    let unknown = APIKeySecret.make(.system)
    let cases: [(String, [(String, String)], Int, String)] = [
      ("", good, 400, "invalid_request"), ("grant_type=", good, 400, "invalid_request"),
      ("\(grant)&\(grant)", good, 400, "invalid_request"),
      ("\(grant)&scope=a&scope=b", good, 400, "invalid_request"),
      ("\(grant)&x=%zz", good, 400, "invalid_request"), ("\(grant)&x=%ff", good, 400, "invalid_request"),
      ("\(grant)&client_id=\(id)&client_secret=\(secret)", good, 400, "invalid_request"),
      ("\(grant)&client_id=key_other", good, 400, "invalid_request"),
      (grant + "&x=" + String(repeating: "a", count: 17_000), good, 400, "invalid_request"),
      (grant, [], 401, "invalid_client"), ("\(grant)&client_id=\(id)", [], 401, "invalid_client"),
      ("\(grant)&client_secret=\(secret)", [], 401, "invalid_client"),
      (grant, [("Authorization", "Bearer \(secret)")], 401, "invalid_client"),
      (grant, [("Authorization", secret)], 401, "invalid_client"),
      (grant, [("Authorization", "Basic !!")], 401, "invalid_client"),
      (grant, [ServiceFixture.basic(id, unknown)], 401, "invalid_client"),
      (grant, [ServiceFixture.basic("key_other", secret)], 401, "invalid_client"),
      (grant, [ServiceFixture.basic(id, "%zz")], 401, "invalid_client"),
      (grant, [ServiceFixture.basic(id, token)], 401, "invalid_client"),
      (grant, [ServiceFixture.basic(id, "")], 401, "invalid_client"),
      ("grant_type=password", good, 400, "unsupported_grant_type"),
      ("grant_type=authorization_code&code=x", good, 400, "unsupported_grant_type"),
      ("grant_type=Client_Credentials", good, 400, "unsupported_grant_type"),
      ("\(grant)&scope=nothing", good, 400, "invalid_scope"),
      ("\(grant)&scope=+", good, 400, "invalid_scope"),
      ("\(grant)&scope=scim.users.write", good, 400, "invalid_scope"),
      ("\(grant)&scope=scim.users.read+admin.read", good, 400, "invalid_scope"),
    ]
    for (index, (form, fields, expected, code)) in cases.enumerated() {
      let peer = PeerAddress(ipv4: [198, 51, 100, UInt8(index)])
      let answer = try fixture.askForToken(form, fields, from: peer)
      let name = "\(form.prefix(80)) \(fields)"
      XCTAssertEqual(answer.status.rawValue, expected, name)
      XCTAssertEqual(try answer.json()["error"]?.stringValue, code, name)
      let text = try XCTUnwrap(try answer.json()["error_description"]?.stringValue)
      XCTAssertTrue(
        text.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) && $0 != "\"" && $0 != "\\" }, text)
      XCTAssertEqual(
        answer.fields[.wwwAuthenticate], expected == 401 ? "Basic realm=\"scim\", charset=\"UTF-8\"" : nil)
      XCTAssertEqual(answer.fields[.cacheControl], "no-store")
    }
    XCTAssertEqual(cases.count, 27)
  }

  func testTheEndpointTakesFormsByPOSTAlone() throws {
    let fixture = try ServiceFixture(self)
    let fields = [ServiceFixture.basic(fixture.key.key.id, fixture.key.secret)]
    for method in ["GET", "PUT", "DELETE", "HEAD", "OPTIONS"] {
      let answer = try fixture.askForToken("", fields, method: method)
      XCTAssertEqual(answer.status, .methodNotAllowed)
      XCTAssertEqual(answer.fields[.allow], "POST")
    }
    for type in [nil, "application/json", "text/plain", "multipart/form-data"] {
      let answer = try fixture.askForToken(grant, fields, type: type)
      XCTAssertEqual(try answer.json()["error"], "invalid_request", type ?? "none")
    }
    let type = "Application/X-WWW-form-urlencoded; charset=UTF-8"
    XCTAssertEqual(try fixture.askForToken(grant, fields, type: type).status, .ok)
    let large = try HTTPRequestHead(
      method: "POST", target: TokenService.path,
      fields: [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", "20000")])
    XCTAssertEqual(
      TokenService(fixture.service.authorization, .none).refusal(of: large, peer: .unixSocket)?.status,
      .badRequest)
  }

  func testATokenDoesWhatItsScopesAndThoseOfItsKeyAllow() throws {
    let fixture = try ServiceFixture(self)
    let key = try fixture.makeKey()
    let users = try fixture.token(key, scope: "scim.users.read")
    let all = try fixture.token(key)
    XCTAssertEqual(try status(fixture, users), 200)
    XCTAssertEqual(try status(fixture, users, "/Groups"), 403)
    XCTAssertEqual(try status(fixture, all, "/Groups"), 200)
    // A key that is narrowed narrows its tokens.
    _ = try fixture.keys.change(key.key.id, KeyAdministration.start) { $0.scopes = .scimGroupsRead }
    XCTAssertEqual(try status(fixture, users), 403)
    XCTAssertEqual(try status(fixture, all), 403)
    XCTAssertEqual(try status(fixture, all, "/Groups"), 200)
  }

  func testATokenEndsAfterAnHourAndWithItsSecretAndItsKeyAtOnce() throws {
    let fixture = try ServiceFixture(self)
    let hour: Int64 = 3_600_000
    func granted(_ token: String) -> Bool { fixture.keys.keys.granted(Array(token.utf8)[...]) != nil }
    let key = try fixture.makeKey()
    let first = try fixture.token(key)
    let issued = fixture.keys.keys.known(KeyDigest(of: Array(first.utf8)[...]))?.token
    let start = try XCTUnwrap(issued).issued.milliseconds
    func at(_ time: Int64) {
      let now = fixture.keys.keys.now.milliseconds
      fixture.lead.withLock { $0 += time - now }
    }
    at(start + hour - 5000)
    XCTAssertTrue(granted(first))
    at(start + hour)
    XCTAssertFalse(granted(first))
    let second = try fixture.token(key)
    let rotated = try fixture.keys.rotate(key.key.id, overlap: .standard)
    let third = try fixture.token(rotated)
    XCTAssertTrue(granted(second) && granted(third))
    _ = try fixture.keys.complete(key.key.id)
    XCTAssertFalse(granted(second))
    XCTAssertTrue(granted(third))
    _ = try fixture.keys.revoke(key.key.id)
    XCTAssertFalse(granted(third))
  }

  func testATokenLivesNoLongerThanItsKey() throws {
    let fixture = try ServiceFixture(self)
    let end = DateTime(milliseconds: fixture.keys.keys.now.milliseconds + 600_000)
    let key = try fixture.keys.create(NewKey(name: "short", expires: .at(end)))
    let answer = try fixture.askForToken(grant, [ServiceFixture.basic(key.key.id, key.secret)])
    let seconds = try XCTUnwrap(try answer.json()["expires_in"]?.integerValue)
    XCTAssertTrue((590...600).contains(seconds), "\(seconds)")
  }

  func testAKeyHasSixteenLiveTokensAndTheOldestGivesWay() throws {
    let fixture = try ServiceFixture(self)
    let key = try fixture.makeKey()
    var tokens: [String] = []
    for _ in 0..<20 {
      tokens.append(try fixture.token(key))
      fixture.lead.withLock { $0 += 1000 }
    }
    let valid = tokens.map { fixture.keys.keys.granted(Array($0.utf8)[...]) != nil }
    XCTAssertEqual(valid, [Bool](repeating: false, count: 4) + [Bool](repeating: true, count: 16))
    // Another key's are its own.
    let other = try fixture.token(try fixture.makeKey())
    XCTAssertEqual(try status(fixture, other), 200)
    XCTAssertEqual(try status(fixture, tokens[4]), 200)
    // Those that ended make room first.
    fixture.lead.withLock { $0 += 3_590_000 }
    let fresh = try fixture.token(key)
    XCTAssertEqual(try status(fixture, fresh), 200)
    XCTAssertEqual(try status(fixture, tokens[19]), 200)
    let notes = try XCTUnwrap(fixture.service.store.existingDirectory(named: "default"))
      .notes(withPrefix: "key.token:\(key.key.id):")
    XCTAssertEqual(notes.count, 16)
  }

  func testWrongSecretsAreCountedTogetherWithWrongKeys() throws {
    var settings = ServiceSettings()
    settings.failedKeysPerMinute = 2
    let fixture = try ServiceFixture(self, settings)
    let peer = PeerAddress(ipv4: [198, 51, 100, 1])
    for field in [ServiceFixture.basic("a", "b"), ("Authorization", "Basic !")] {
      XCTAssertEqual(try fixture.askForToken(grant, [field], from: peer).status, .unauthorized)
      XCTAssertEqual(try fixture.send("GET", "/Users", [field], from: peer).status, .unauthorized)
    }
    let answer = try fixture.askForToken(grant, [ServiceFixture.basic("a", "b")], from: peer)
    XCTAssertEqual(answer.status, .tooManyRequests)
    XCTAssertEqual(answer.fields[.retryAfter], "30")
    // Who has a valid one is not held up.
    let good = ServiceFixture.basic(fixture.key.key.id, fixture.key.secret)
    XCTAssertEqual(try fixture.askForToken(grant, [good], from: peer).status, .ok)
  }

  func testAPausedDirectoryGivesNoTokens() throws {
    let fixture = try ServiceFixture(self)
    let good = ServiceFixture.basic(fixture.key.key.id, fixture.key.secret)
    try fixture.set(.paused)
    let answer = try fixture.askForToken(grant, [good])
    XCTAssertEqual(answer.status, .serviceUnavailable)
    XCTAssertEqual(answer.fields[.retryAfter], "300")
    try fixture.set(.active)
    XCTAssertEqual(try fixture.askForToken(grant, [good]).status, .ok)
  }

  func testATokenOfAKeyIsNoSecretThatMakesTokens() throws {
    let fixture = try ServiceFixture(self)
    let token = try fixture.token(fixture.key)
    let form = "\(grant)&client_id=\(fixture.key.key.id)&client_secret=\(token)"
    XCTAssertEqual(try fixture.askForToken(form).status, .unauthorized)
  }

  func testTokensAreKeptAsDigestsAndSurviveARestart() throws {
    let fixture = try ServiceFixture(self)
    let token = try fixture.token(fixture.key)
    let folder = fixture.service.store.folder.path
    var hasDigest = false
    let digest = KeyDigest(of: Array(token.utf8)[...]).description
    for file in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      guard let data = FileManager.default.contents(atPath: folder + "/" + file) else { continue }
      let text = String(decoding: data, as: UTF8.self)
      for secret in [token, fixture.key.secret] {
        XCTAssertFalse(text.contains(secret.dropFirst(12).prefix(38)), file)
      }
      hasDigest = hasDigest || text.contains(digest)
    }
    XCTAssertTrue(hasDigest)
    // What another start reads of the same logs.
    let again = try KeyRing(fixture.service.store)
    XCTAssertEqual(again.granted(Array(token.utf8)[...])?.key.id, fixture.key.key.id)
    XCTAssertEqual(again.granted(Array(token.utf8)[...])?.isSecret, false)
  }
}
