import Admin
import Client
import Credentials
import Foundation
import HTTP
import JSON
import Platform
import Storage
import XCTest

@testable import scimd

/// What a listener offers, and who is let in: a real server, asked over TCP with real keys.
final class DoorTests: XCTestCase {
  func testADoorIsNamedByItsFirstSegmentAloneAndHealthIsFoundWhereTheRouterFindsIt() {
    func door(_ path: String) -> Door? { Door.named(by: Array(path.utf8)[...]) }
    for (path, expected): (String, Door?) in [
      ("/admin/v1/keys", .admin), ("/admin", .admin), ("/docs", .docs), ("/docs/errors", .docs),
      ("/api/v1", .api), ("/api/v1/x", .api), ("/api/scim/v2/Users", nil), ("/oauth2/token", .oauth),
      ("/console", .console), ("/setup", .setup),
      ("/.well-known/jwks.json", .api), ("/.well-known/other", nil), ("/.well-known", nil),
      ("/metrics", .metrics), ("/scim/v2/Users", nil), ("/Users", nil), ("/administrators", nil),
      ("/scim/v2/admin", nil), ("//admin/v1", nil), ("/%61dmin/v1", nil), ("/", nil), ("", nil),
    ] { XCTAssertEqual(door(path), expected, path) }
    for path in [
      "/livez", "/readyz", "/scim/v2/livez", "/v2/LIVEZ", "//livez/", "/%6civez", "/SCIM/v2/readyz",
    ] {
      XCTAssertTrue(Door.isHealth(Array(path.utf8)[...]), path)
    }
    for path in ["/Users", "/livez/x", "/scim/livez", "/%zz"] {
      XCTAssertFalse(Door.isHealth(Array(path.utf8)[...]), path)
    }
  }

  func testAllDoorsAreOpenOnlyWhereOnlyThisMachineCanConnect() throws {
    var configuration = Configuration()
    XCTAssertEqual(configuration.listenDoors, Door.allCases)
    configuration.listen = .unix(path: "/run/x.sock")
    XCTAssertEqual(configuration.listenDoors, Door.allCases)
    var facing = configuration
    facing.publicURL = try PublicURL("https://scim.example.com")
    XCTAssertEqual(facing.listenDoors, Door.facingOthers)
    facing = configuration
    facing.trustedProxies = ["10.0.0.1"]
    XCTAssertEqual(facing.listenDoors, Door.facingOthers)
    facing = configuration
    facing.listen = .tcp(host: "0.0.0.0", port: 80)
    XCTAssertEqual(facing.listenDoors, Door.facingOthers)
    XCTAssertFalse(Door.facingOthers.contains(.admin))
    facing.doors = [.admin]
    XCTAssertEqual(facing.listenDoors, [.admin])
  }

  func testAnUnknownDoorIsRefusedByName() throws {
    let fixture = try CommandFixture(self)
    for text in ["admn", "scim,nothing"] {
      let outcome = fixture.run("settings", "show", "--doors", text, "--data", fixture.data)
      XCTAssertEqual(outcome.code, .usage)
    }
    XCTAssertThrowsError(try Door.list(["admn"]))
    XCTAssertThrowsError(try Door.list([]))
    XCTAssertEqual(try Door.list(["health", "scim", "scim"]), [.scim, .health])
  }

  func testASecondListenerThatOthersCanReachIsRefused() throws {
    var configuration = Configuration()
    configuration.adminListen = try ListenSetting("0.0.0.0:8081")
    configuration.publicURL = try PublicURL("https://scim.example.com")
    XCTAssertThrowsError(try configuration.checkAdminExposure())
    configuration.insecurePlainHTTP = true
    XCTAssertNoThrow(try configuration.checkAdminExposure())
    configuration.insecurePlainHTTP = false
    configuration.adminListen = try ListenSetting("127.0.0.1:8081")
    XCTAssertNoThrow(try configuration.checkAdminExposure())
  }

  func testAClosedDoorIs404ForEverybodyAndBehindAnOpenOneAuthenticationComesFirst() throws {
    let server = try ServedFolder(self) { $0.doors = [.scim] }
    let key = try server.key(["--scopes", "admin.read,scim.*"])
    for token in [nil, key] {
      for path in ["/admin/v1/keys", "/docs/errors", "/livez", "/scim/v2/readyz", "/api/v1", "/metrics"] {
        XCTAssertEqual(try server.ask("GET", path, token).status, 404, path)
      }
    }
    XCTAssertEqual(try server.ask("GET", "/scim/v2/Users", nil).status, 401)
    XCTAssertEqual(try server.ask("GET", "/scim/v2/Users", key).status, 200)
    // What has a body to wait for is refused before the body comes.
    XCTAssertEqual(try server.ask("POST", "/admin/v1/directories", nil, ["name": "x"]).status, 404)
  }

  func testTheSecondListenerAdministratesAndDoesNotSpeakSCIM() throws {
    let server = try ServedFolder(self) {
      $0.doors = [.scim, .health]
      $0.adminListen = .tcp(host: "127.0.0.1", port: 0)
    }
    let key = try server.key(["--scopes", "admin.read,admin.write,scim.*"])
    let second = server.running.adminPort
    XCTAssertNotEqual(second, 0)
    for (path, status) in [
      ("/admin/v1/keys", 403), ("/admin/v1/directories/default/keys", 200), ("/docs/openapi.json", 200),
      ("/livez", 200), ("/scim/v2/Users", 404), ("/Users", 404),
    ] { XCTAssertEqual(try server.ask("GET", path, key, port: second).status, status, path) }
    XCTAssertEqual(try server.ask("GET", "/admin/v1/keys", key).status, 404)
    let text = ServeText.administration(server.configuration, port: 1, adminPort: second)
    XCTAssertTrue(text.contains("http://127.0.0.1:\(second)/admin/v1"), text)
  }

  func testOnlyAKeyWithTheScopeIsLetInAndTheScopeIsNamedAsBearerTokensSay() throws {
    let server = try ServedFolder(self)
    let keys = "/admin/v1/directories/default/keys"
    let reader = try server.key(["--scopes", "admin.read"])
    let provider = try server.key([])
    // Token, method, path, status, what the challenge says.
    let cases: [(String?, String, String, Int, String?)] = [
      (nil, "GET", keys, 401, "Bearer realm=\"scim\""), (nil, "GET", "/admin/v1/nothing", 401, nil),
      (nil, "POST", keys, 401, nil),
      ("scim_nonsense", "GET", keys, 401, "Bearer realm=\"scim\", error=\"invalid_token\""),
      (
        provider, "GET", keys, 403,
        "Bearer realm=\"scim\", error=\"insufficient_scope\", scope=\"admin.read\""
      ),
      (provider, "GET", "/admin/v1/nothing", 403, nil),
      (
        reader, "POST", keys, 403,
        "Bearer realm=\"scim\", error=\"insufficient_scope\", scope=\"admin.write\""
      ),
      (reader, "GET", keys, 200, nil), (reader, "GET", "/admin/v1/nothing", 404, nil),
      (reader, "GET", "/admin/v1/store", 403, nil), (reader, "DELETE", keys, 405, nil),
      (reader, "GET", "/scim/v2/Users", 403, nil), (provider, "GET", "/scim/v2/Users", 200, nil),
      (nil, "GET", "/docs/errors/busy", 200, nil), (nil, "GET", "/docs/nothing", 404, nil),
    ]
    for (token, method, path, status, challenge) in cases {
      let answer = try server.ask(method, path, token, method == "POST" ? ["name": "x"] : nil)
      XCTAssertEqual(answer.status, status, "\(method) \(path)")
      if let challenge { XCTAssertEqual(answer.field("WWW-Authenticate"), challenge, path) }
      if status > 400, path.hasPrefix("/admin") {
        let problem = try XCTUnwrap(AdminProblem(try answer.json()), path)
        XCTAssertEqual(problem.code.status, status)
        XCTAssertNotNil(answer.field("X-Request-Id"))
      }
    }
  }

  func testARevokedOrNarrowedKeyIsRefusedFromTheNextRequestOn() throws {
    let server = try ServedFolder(self)
    let (id, key) = try server.made(["--scopes", "admin.read,admin.write"])
    let keys = "/admin/v1/directories/default/keys"
    XCTAssertEqual(try server.ask("POST", keys, key, ["name": "a", "scopes": ["admin.read"]]).status, 201)
    XCTAssertEqual(server.run("key", "update", id, "--scopes", "admin.read").code, .success)
    XCTAssertEqual(try server.ask("POST", keys, key, ["name": "a", "scopes": ["admin.read"]]).status, 403)
    XCTAssertEqual(server.run("key", "revoke", id).code, .success)
    XCTAssertEqual(try server.ask("GET", keys, key).status, 401)
  }

  func testAPausedDirectoryAnswersSCIMWith503AndIsResumedWithItsOwnAdminKey() throws {
    let server = try ServedFolder(self)
    let admin = try server.key(["--scopes", "admin.read,admin.write"])
    let provider = try server.key([])
    let connection = server.run("connection", "create", "--name", "c", "--provider", "okta", "--json").output
    let secret = try JSONParser.parse(Array(connection.utf8))["key"]?.stringValue
    let root = "/admin/v1/directories/default"
    XCTAssertEqual(try server.ask("POST", root + "/pause", admin).status, 200)
    for token in [provider, secret] {
      let answer = try server.ask("GET", "/scim/v2/Users", token)
      XCTAssertEqual(answer.status, 503)
      XCTAssertEqual(answer.field("Retry-After"), "300")
    }
    XCTAssertEqual(try server.ask("POST", root + "/resume", admin).status, 200)
    XCTAssertEqual(try server.ask("GET", "/scim/v2/Users", provider).status, 200)
    XCTAssertEqual(server.run("connection", "pause", "c").code, .success)
    XCTAssertEqual(try server.ask("GET", "/scim/v2/Users", secret).status, 503)
    XCTAssertEqual(try server.ask("GET", "/scim/v2/Users", provider).status, 200)
    XCTAssertEqual(try server.ask("GET", "/scim/v2/ServiceProviderConfig", nil).status, 200)
  }

  func testAKeyOfOneDirectorySeesNoOtherOnAnyRouteOverTCP() throws {
    let server = try ServedFolder(self)
    for name in ["one", "two"] { XCTAssertEqual(server.run("directory", "create", name).code, .success) }
    let scopes = ["--scopes", "admin.read,admin.write,admin.erase"]
    let keys = try ["one", "two"].map { try server.key(scopes + ["--directory", $0]) }
    XCTAssertEqual(server.run("user", "create", "--set", "userName=ada", "--directory", "two").code, .success)
    let before = server.run("export", "--directory", "two").output
    for route in AdminRoute.all where route.template.hasPrefix("/admin/") {
      // Of the sessions a caller sees those of its directory, of which there are none.
      if ["session", "console"].contains(route.noun) { continue }
      guard !route.showsPart else {
        let answer = try server.ask(route.method.rawValue, Self.target(route, "one"), keys[0])
        XCTAssertEqual(answer.status, 200, route.template)
        let text = String(decoding: answer.body, as: UTF8.self)
        XCTAssertTrue(text.contains("\"one\"") && !text.contains("\"two\""), text)
        continue
      }
      let asked = ["two", "missing"].map { Self.target(route, $0) }
      for (number, target) in asked.enumerated() {
        let answer = try server.ask(route.method.rawValue, target, keys[0], Self.body(route))
        let expected = route.isOfDirectory ? 404 : 403
        XCTAssertEqual(answer.status, expected, "\(route.method.rawValue) \(target)")
        let code = try AdminProblem(answer.json())?.code
        XCTAssertEqual(
          code, route.isOfDirectory ? .unknownDirectory : .beyondDirectory, "\(number) \(target)")
      }
      // A stream of events has no end to wait for.
      if route.isOfDirectory, route.success.mediaType != "text/event-stream" {
        let own = try server.ask(route.method.rawValue, Self.target(route, "one"), keys[0], Self.body(route))
        XCTAssertNotEqual((try? AdminProblem(own.json()))?.code, .unknownDirectory, route.template)
        XCTAssertNotEqual(own.status, 401, route.template)
      }
    }
    XCTAssertEqual(server.run("export", "--directory", "two").output, before)
    XCTAssertEqual(
      try server.ask("GET", "/admin/v1/directories/two", keys[1]).json()["state"], "active")
  }

  func testAdministrationOverTCPIsInTheAccessLogWithoutSecrets() throws {
    let server = try ServedFolder(self)
    let key = try server.key(["--scopes", "admin.read"])
    _ = try server.ask("GET", "/admin/v1/directories/default/users/ada%40example.com", key)
    _ = try server.ask("GET", "/admin/v1/keys", "scim_wrong")
    server.stop()
    let log = server.log
    XCTAssertTrue(log.contains("\"path\":\"/admin/v1/directories/{directory}/users/{id}\""), log)
    XCTAssertTrue(log.contains("\"refused\":\"malformed\""), log)
    for secret in [key, "ada@", "ada%40", "scim_wrong"] { XCTAssertFalse(log.contains(secret), log) }
  }

  private static func target(_ route: AdminRoute, _ directory: String) -> String {
    let path = route.segments.map { segment in
      switch segment {
      case "{directory}": directory
      case "{type}": "Users"
      case "{id}": "2819c223-7f76-453a-919d-413861904646"
      case "{link}": "link_none"
      default: String(segment)
      }
    }
    let required = route.parameters.filter(\.isRequired).map { "\($0.name)=ndjson" }
    return "/" + path.joined(separator: "/") + (required.isEmpty ? "" : "?" + required.joined(separator: "&"))
  }

  private static func body(_ route: AdminRoute) -> JSONValue? {
    guard route.body != nil else { return nil }
    return ["name": "x", "provider": "okta", "scopes": ["admin.read"]]
  }

  func testAProxyThatIsNotTrustedIsWarnedOfOnce() throws {
    func warnings(_ proxies: [String]) throws -> Int {
      let server = try ServedFolder(self) { $0.trustedProxies = proxies }
      for name in ["X-Forwarded-For", "x-forwarded-proto", "X-Forwarded-Host"] {
        let client = try HTTPClient(base: "http://127.0.0.1:\(server.running.port)", token: nil)
        _ = try client.send(method: "GET", path: "/livez", fields: [(name, "192.0.2.1")])
      }
      server.stop()
      return server.log.components(separatedBy: "X-Forwarded fields").count - 1
    }
    XCTAssertEqual(try warnings([]), 1)
    XCTAssertEqual(try warnings(["192.0.2.7"]), 1)
    XCTAssertEqual(try warnings(["127.0.0.1"]), 0)
  }
}
