import Client
import JSON
import Platform
import SCIM
import XCTest

@testable import scimd

/// Every way to prove who one is, against a real server.
final class CredentialKindTests: XCTestCase {
  private let grant = Array("grant_type=client_credentials".utf8)

  private func basic(_ key: (id: String, secret: String)) -> (String, String) {
    ("Authorization", "Basic " + Base64.encoded(Array("\(key.id):\(key.secret)".utf8)))
  }

  private func askForToken(_ server: ServedFolder, _ key: (id: String, secret: String)) throws
    -> ClientResponse
  {
    let client = try HTTPClient(base: "http://127.0.0.1:\(server.running.port)", token: nil)
    return try client.send(
      method: "POST", path: "/oauth2/token",
      fields: [basic(key), ("Content-Type", "application/x-www-form-urlencoded")], body: grant)
  }

  func testProvidersComeByBasicAndByOAuthAsByBearer() throws {
    let server = try ServedFolder(self)
    let url = "http://127.0.0.1:\(server.running.port)/scim/v2"
    let scripts = [
      "okta-header-auth", "okta-oin-lifecycle", "entra-scim2020", "secureauth-lifecycle",
      "onelogin-lifecycle",
      "jumpcloud-lifecycle", "cyberark-lifecycle",
    ]
    for kind in ["bearer", "basic", "oauth"] {
      let outcome = server.fixture.run(
        ["simulate"] + scripts + ["--auth", kind, "--url", url, "--data", server.fixture.data])
      XCTAssertEqual(outcome.code, .success, "\(kind): \(outcome.error)\(outcome.output.suffix(1000))")
    }
    let key = try server.made(["--profile", "okta"])
    let file = try server.fixture.file("key", key.secret)
    let words = ["simulate", "okta-oin-lifecycle", "--key-file", file, "--url", url, "--auth"]
    XCTAssertEqual(server.fixture.run(words + ["oauth"]).code, .usage)
    XCTAssertEqual(server.fixture.run(words + ["digest", "--key-id", key.id]).code, .usage)
    XCTAssertEqual(server.fixture.run(words + ["oauth", "--key-id", key.id]).code, .success)
    let wrong = server.fixture.run(words + ["oauth", "--key-id", "key_000000000000"])
    XCTAssertEqual(wrong.code, .noPermission, wrong.error)
  }

  func testRequestsPipelinedBehindARevocationAreRefused() throws {
    let server = try ServedFolder(self)
    let key = try server.made([])
    let admin = try server.key(["--scopes", "admin.write"])
    let token = try XCTUnwrap(
      try JSONParser.parse(try askForToken(server, key).body)["access_token"]?.stringValue)
    func request(_ line: String, _ credential: String) -> String {
      "\(line) HTTP/1.1\r\nHost: localhost\r\nAuthorization: \(credential)\r\nContent-Length: 0\r\n"
    }
    let get = "GET /scim/v2/Users?count=0"
    let field = basic(key).1
    let all =
      [
        request(get, "Bearer \(token)"), request(get, "Bearer \(key.secret)"), request(get, field),
        request("POST /admin/v1/directories/default/keys/\(key.id)/revoke", "Bearer \(admin)"),
        request(get, "Bearer \(token)"),
        request(get, "Bearer \(key.secret)"), request(get, field) + "Connection: close\r\n",
      ].joined(separator: "\r\n") + "\r\n"
    let socket = try ClientSocket.connect(host: "127.0.0.1", port: UInt16(server.running.port), timeout: 10)
    let bytes = Array(all.utf8)
    XCTAssertEqual(try bytes.withUnsafeBytes { try socket.send($0) }, bytes.count)
    var answer: [UInt8] = []
    while try socket.receive(into: &answer, atMost: 1 << 16) > 0 {}
    let statuses = String(decoding: answer, as: UTF8.self).matches(of: /HTTP\/1\.1 (\d+)/).map {
      String($0.1)
    }
    XCTAssertEqual(statuses, ["200", "200", "200", "200", "401", "401", "401"])
  }

  func testTheEndpointForTokensIsBehindADoorOfItsOwn() throws {
    let server = try ServedFolder(self) { $0.doors = [.scim, .admin] }
    let key = try server.made([])
    XCTAssertEqual(try askForToken(server, key).status, 404)
    let configuration = try server.ask("GET", "/scim/v2/ServiceProviderConfig", nil)
    let schemes = try JSONParser.parse(configuration.body)["authenticationSchemes"]?.arrayValue
    XCTAssertEqual(schemes?.compactMap { $0["type"]?.stringValue }, ["oauthbearertoken", "httpbasic"])
  }

  func testAnAdministratorComesByBasicAndByOAuthToo() throws {
    let server = try ServedFolder(self)
    let key = try server.made(["--scopes", "admin.read"])
    let token = try JSONParser.parse(try askForToken(server, key).body)["access_token"]?.stringValue
    let client = try HTTPClient(base: "http://127.0.0.1:\(server.running.port)", token: nil)
    for field in [
      basic(key), ("Authorization", "Bearer \(token ?? "")"), ("Authorization", "Bearer \(key.secret)"),
    ] {
      let path = "/admin/v1/directories/default/users"
      XCTAssertEqual(try client.send(method: "GET", path: path, fields: [field]).status, 200)
      let refused = try client.send(method: "POST", path: path, fields: [field], body: Array("{}".utf8))
      XCTAssertEqual(refused.status, 403)
    }
    let shown = try JSONParser.parse(Array(server.run("key", "show", key.id, "--json").output.utf8))
    XCTAssertNotNil(shown["lastUse"]?["request"])
    XCTAssertEqual(shown["lastUse"]?["remote"], "127.0.0.1")
  }

  func testAKeyThatSendsTooMuchIsToldToWaitAndNobodyElse() throws {
    let server = try ServedFolder(self) {
      $0.connectionRate = 1
      $0.keyRate = 2
    }
    let made = server.run("connection", "create", "--name", "Okta", "--provider", "okta", "--json")
    let json = try JSONParser.parse(Array(made.output.utf8))
    let first = try XCTUnwrap(json["key"]?.stringValue)
    let second = try server.key(["--connection", "Okta"])
    let other = try server.key([])
    func statuses(_ count: Int, _ key: String) throws -> [Int] {
      try (0..<count).map { _ in try server.ask("GET", "/scim/v2/Users?count=0", key).status }
    }
    // Ten at once for all keys of a connection; then one a second.
    XCTAssertEqual(Set(try statuses(6, first)), [200])
    XCTAssertEqual(Set(try statuses(4, second)), [200])
    let refused = try (0..<30).map { _ in try server.ask("GET", "/scim/v2/Users?count=0", first) }
    let late = try XCTUnwrap(refused.first { $0.status == 429 })
    XCTAssertEqual(late.fields.first { $0.name == "Retry-After" }?.value, "1")
    XCTAssertEqual(try statuses(4, other), [200, 200, 200, 200])
    let admin = try server.key(["--scopes", "admin.read"])
    let answers = try (0..<40).map { _ in
      try server.ask("GET", "/admin/v1/directories/default/users", admin)
    }
    let problem = try XCTUnwrap(answers.first { $0.status == 429 })
    XCTAssertEqual(try JSONParser.parse(problem.body)["code"], "tooManyRequests")
  }
}
