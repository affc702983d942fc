import Foundation
import HTTP
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Credentials
@testable import Protocol

/// Who may do what: every scope, every endpoint with every method, and every way to prove who one is.
final class AccessTableTests: XCTestCase {
  private struct Endpoint {
    let method: String
    let path: String
    let body: String
    /// The scopes of which one is enough, the one that a refusal names first; none if anybody may.
    let needs: [String]

    init(_ method: String, _ path: String, _ needs: [String], _ body: String = "") {
      (self.method, self.path, self.needs, self.body) = (method, path, needs, body)
    }
  }

  private static let id = "2819c223-7f76-453a-919d-413861904646"
  private static let search =
    #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"count":1}"#
  /// What describes the server: for every key of SCIM.
  private static let description = [
    "scim.users.read", "scim.users.write", "scim.groups.read", "scim.groups.write", "scim.*",
  ]

  private static let endpoints: [Endpoint] = {
    var all: [Endpoint] = []
    for (path, noun) in [("/Users", "users"), ("/Groups", "groups")] {
      let (read, write) = ("scim.\(noun).read", "scim.\(noun).write")
      let reading = [read, write, "scim.*"]
      let writing = [write, "scim.*"]
      all += [
        Endpoint("GET", path, reading), Endpoint("HEAD", path, reading),
        Endpoint("POST", path, writing, "{}"),
        Endpoint("GET", "\(path)/\(id)", reading), Endpoint("PUT", "\(path)/\(id)", writing, "{}"),
        Endpoint("PATCH", "\(path)/\(id)", writing, "{}"), Endpoint("DELETE", "\(path)/\(id)", writing),
        Endpoint("POST", "\(path)/.search", reading, search),
      ]
    }
    let (read, write) = (["scim.users.read", "scim.users.write", "scim.*"], ["scim.users.write", "scim.*"])
    all += [
      Endpoint("GET", "/Me", read), Endpoint("PUT", "/Me", write, "{}"),
      Endpoint("PATCH", "/Me", write, "{}"),
      Endpoint("GET", "/", ["scim.*"]), Endpoint("POST", "/.search", ["scim.*"], search),
      Endpoint("POST", "/Bulk", ["scim.users.write", "scim.groups.write", "scim.*"], "{}"),
      Endpoint("GET", "/ServiceProviderConfig", []),
    ]
    for path in [
      "/Schemas", "/Schemas/\(SchemaURN.user)", "/ResourceTypes", "/ResourceTypes/User", "/Nothing",
    ] {
      all.append(Endpoint("GET", path, description))
    }
    return all
  }()

  private enum Kind: CaseIterable {
    case bearer, basic, oauth, bare
  }

  private func field(_ kind: Kind, _ key: CreatedKey, _ fixture: ServiceFixture) throws -> (String, String) {
    switch kind {
    case .bearer: ("Authorization", "Bearer \(key.secret)")
    case .basic: ServiceFixture.basic(key.key.id, key.secret)
    case .oauth: ("Authorization", "Bearer \(try fixture.token(key))")
    case .bare: ("Authorization", key.secret)
    }
  }

  func testEveryScopeAllowsWhatItSaysOnEveryEndpointByEveryKindOfCredentials() throws {
    let fixture = try ServiceFixture(self)
    XCTAssertEqual(try fixture.createUser("ada").status, .created)
    var (cells, granted) = (0, 0)
    for name in Scopes.allNames {
      let key = try fixture.makeKey(try XCTUnwrap(Scopes(name: name)), profile: "okta", user: "ada")
      for kind in Kind.allCases {
        let field = try field(kind, key, fixture)
        for endpoint in Self.endpoints {
          let fields = [field] + (endpoint.body.isEmpty ? [] : [("Content-Type", "application/scim+json")])
          let answer = try fixture.send(endpoint.method, endpoint.path, fields, body: endpoint.body)
          let cell = "\(name) \(kind) \(endpoint.method) \(endpoint.path)"
          cells += 1
          if endpoint.needs.isEmpty || endpoint.needs.contains(name) {
            granted += 1
            XCTAssertFalse(
              [401, 403, 429].contains(answer.status.rawValue), "\(cell): \(answer.status.rawValue)")
            XCTAssertNil(answer.fields[.wwwAuthenticate], cell)
          } else {
            XCTAssertEqual(answer.status, .forbidden, cell)
            XCTAssertEqual(
              answer.fields[.wwwAuthenticate],
              "Bearer realm=\"scim\", error=\"insufficient_scope\", scope=\"\(endpoint.needs[0])\"", cell)
            XCTAssertEqual(try answer.json()["detail"]?.stringValue?.contains(endpoint.needs[0]), true, cell)
          }
        }
      }
    }
    XCTAssertEqual(cells, 14 * 4 * 28)
    XCTAssertEqual(granted, 4 * 91)
  }

  func testAKeyWithoutTheScopeForGroupsTouchesNoneThroughABulkRequest() throws {
    let fixture = try ServiceFixture(self)
    let key = try fixture.makeKey(.scimUsersWrite)
    let field = ("Authorization", "Bearer \(key.secret)")
    let body = """
      {"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[
      {"method":"POST","path":"/Users","bulkId":"u","data":
      {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada"}},
      {"method":"POST","path":"/Groups","bulkId":"g","data":
      {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"g","members":[{"value":"bulkId:u"}]}},
      {"method":"DELETE","path":"/Groups/\(Self.id)"}]}
      """
    let answer = try fixture.send("POST", "/Bulk", [field], body: body)
    let operations = try XCTUnwrap(try answer.json()["Operations"]?.arrayValue)
    XCTAssertEqual(operations.map { $0["status"] }, ["201", "403", "403"])
    XCTAssertEqual(operations[1]["response"]?["detail"]?.stringValue?.contains("scim.groups.write"), true)
    XCTAssertEqual(try fixture.send("GET", "/Groups").json()["totalResults"], 0)
    XCTAssertEqual(try fixture.send("GET", "/Users").json()["totalResults"], 1)
  }

  func testAKeyWithoutTheScopeForGroupsChangesNoGroupThroughAUser() throws {
    let fixture = try ServiceFixture(self)
    let key = try fixture.makeKey(.scimUsersWrite, user: try id(fixture.createUser("ada")))
    let field = ("Authorization", "Bearer \(key.secret)")
    let bob = try id(fixture.createUser("bob"))
    let ada = try XCTUnwrap(key.key.user)
    let group = try id(
      fixture.send(
        "POST", "/Groups",
        body:
          #"{"schemas":["\#(SchemaURN.group)"],"displayName":"g","members":[{"value":"\#(ada)"},{"value":"\#(bob)"}]}"#
      ))
    let change = #"{"schemas":["\#(SchemaURN.patchOp)"],"Operations":[{"op":"remove","path":"groups"}]}"#
    for path in ["/Me", "/Users/\(bob)"] {
      XCTAssertEqual(try fixture.send("PATCH", path, [field], body: change).status, .badRequest, path)
    }
    let members = { try fixture.send("GET", "/Groups/\(group)").json()["members"]?.arrayValue?.count }
    XCTAssertEqual(try members(), 2)
    // That a deleted user is no member any more is the user's own change: all others stay.
    XCTAssertEqual(try fixture.send("DELETE", "/Users/\(bob)", [field]).status, .noContent)
    XCTAssertEqual(try members(), 1)
  }

  private func id(_ response: HTTPResponse) throws -> String {
    try XCTUnwrap(try response.json()["id"]?.stringValue)
  }

  // MARK: Credentials that are not taken

  private static let plain = "Bearer realm=\"scim\""
  private static let invalidToken = plain + ", error=\"invalid_token\""
  private static let invalidRequest = plain + ", error=\"invalid_request\""

  func testCredentialsThatAreNotTakenAreAnsweredAlikeAndAsTheRFCsSay() throws {
    let fixture = try ServiceFixture(self)
    let good = try fixture.makeKey()
    let other = try fixture.makeKey()
    let revoked = try fixture.makeKey()
    let revokedToken = try fixture.token(revoked)
    _ = try fixture.keys.revoke(revoked.key.id)
    let rotated = try fixture.makeKey()
    let rotatedToken = try fixture.token(rotated)
    _ = try fixture.keys.rotate(rotated.key.id, overlap: .none)
    var near = NewKey(name: "near")
    near.networks = [try XCTUnwrap(IPNetwork("192.0.2.0/24"))]
    let network = try fixture.keys.create(near)
    let unknown = APIKeySecret.make(.system)
    let unknownToken = APIKeySecret.make(.system, .token)
    let token = try fixture.token(good)
    func basic(_ user: String, _ password: String) -> String { ServiceFixture.basic(user, password).1 }
    let unsupported: [String?] = [nil, "Digest x", "Negotiate abc", "Unknown \(good.secret)"]
    let malformed = [
      "Bearer", "Bearer ", "bearer  ", "Bearer a b", "Bearer ,", "Bearer \(good.secret) x", "Bearer =",
      "Bearer é",
    ]
    let wrong = [
      unknown, String(good.secret.dropLast()), good.secret + "0", "x", "a=", revoked.secret, rotated.secret,
      network.secret, unknownToken, revokedToken, rotatedToken, "scimt_" + good.secret.dropFirst(5),
    ]
    let bare = [unknown, good.secret, token, "x"]
    let basics = [
      "Basic", "Basic ", "Basic !!!!", "Basic a", "Basic \(good.secret)", basic("", ""),
      basic("", good.secret), basic(other.key.id, good.secret), basic(good.key.id + "x", good.secret),
      basic(good.key.id, unknown), basic(good.key.id, token), basic(revoked.key.id, revoked.secret),
      basic(rotated.key.id, rotated.secret), basic(network.key.id, network.secret),
      basic(good.secret, good.key.id),
    ]
    var cases: [(String?, Int, String)] = unsupported.map { ($0, 401, Self.plain) }
    cases += malformed.map { ($0, 400, Self.invalidRequest) }
    cases += wrong.map { ("Bearer \($0)", 401, Self.invalidToken) }
    cases += bare.map { ($0, 401, Self.invalidToken) }
    cases += basics.map { ($0, 401, Self.plain) }
    var texts: Set<String> = []
    for (value, status, challenge) in cases {
      let fields = [("Authorization", value ?? "")]
      // A stranger for each, so that none has failed too often.
      let answer =
        value == nil
        ? try fixture.sendWithoutKey("GET", "/Users")
        : try fixture.send("GET", "/Users", fields, from: stranger())
      let name = value ?? "none"
      XCTAssertEqual(answer.status.rawValue, status, name)
      XCTAssertEqual(
        answer.fields.list.filter { $0.name == "WWW-Authenticate" }.map(\.value),
        [challenge, "Basic realm=\"scim\", charset=\"UTF-8\""], name)
      XCTAssertEqual(try answer.json()["status"]?.stringValue, String(status))
      if status == 401, challenge == Self.invalidToken || name.hasPrefix("Basic") {
        let text = try XCTUnwrap(try answer.json()["detail"]?.stringValue)
        texts.insert(String(text.prefix { $0 != "(" }))
      }
    }
    XCTAssertEqual(texts.count, 1, "\(texts)")
    // Not one of them is in the log.
    let log = fixture.logText()
    for secret in [good, other, revoked, rotated, network].map(\.secret) + [unknown, unknownToken, token] {
      XCTAssertFalse(log.contains(secret.dropFirst(10).prefix(40)))
      XCTAssertFalse(log.contains(Data(secret.utf8).base64EncodedString().dropFirst(12).prefix(40)))
    }
    XCTAssertEqual(cases.count, 4 + 8 + 12 + 4 + 15)
    let inside = PeerAddress(ipv4: [192, 0, 2, 7])
    XCTAssertEqual(
      try fixture.send("GET", "/Users", [("Authorization", "Bearer \(network.secret)")], from: inside).status,
      .ok)
  }

  private var strangers: UInt8 = 0

  private func stranger() -> PeerAddress {
    strangers += 1
    return PeerAddress(ipv4: [198, 51, 100, strangers])
  }

  func testEachKindCanBeSwitchedOffAndIsAnnouncedExactly() throws {
    let kinds = Authorization.Kind.allCases
    for number in 1..<8 {
      let on = Set(kinds.indices.filter { number & (1 << $0) != 0 }.map { kinds[$0] })
      let fixture = try ServiceFixture(self, offersTokens: true)
      let key = try fixture.makeKey(profile: "okta")
      let token = try fixture.token(key)
      try fixture.set { $0.authKinds = on }
      let cases: [(Authorization.Kind, (String, String))] = [
        (.bearer, ("Authorization", "Bearer \(key.secret)")), (.bearer, ("Authorization", key.secret)),
        (.basic, ServiceFixture.basic(key.key.id, key.secret)),
        (.oauth, ("Authorization", "Bearer \(token)")),
      ]
      for (kind, field) in cases {
        let status = try fixture.send("GET", "/Users", [field]).status.rawValue
        XCTAssertEqual(status, on.contains(kind) ? 200 : 401, "\(on) \(kind)")
      }
      let answer = try fixture.sendWithoutKey("GET", "/Users")
      let challenges = answer.fields.list.filter { $0.name == "WWW-Authenticate" }.map(\.value)
      XCTAssertEqual(challenges.contains(Self.plain), on.contains(.bearer) || on.contains(.oauth))
      XCTAssertEqual(challenges.contains { $0.hasPrefix("Basic ") }, on.contains(.basic))
      let schemes = try fixture.sendWithoutKey("GET", "/ServiceProviderConfig").json()[
        "authenticationSchemes"]
      let types: [Authorization.Kind: String] = [
        .bearer: "oauthbearertoken", .basic: "httpbasic", .oauth: "oauth2",
      ]
      XCTAssertEqual(
        schemes?.arrayValue?.map { $0["type"]?.stringValue }, kinds.filter(on.contains).map { types[$0] })
      XCTAssertEqual(schemes?.arrayValue?.compactMap { $0["primary"]?.boolValue }.filter { $0 }.count, 1)
      let form = "grant_type=client_credentials"
      let asked = try fixture.askForToken(form, [ServiceFixture.basic(key.key.id, key.secret)])
      XCTAssertEqual(asked.status.rawValue, on.contains(.oauth) ? 200 : 400)
      if !on.contains(.oauth) { XCTAssertEqual(try asked.json()["error"], "unauthorized_client") }
    }
  }

  func testTheDirectoryOfAKeySaysWhatItOffersAndOthersSayWhatAnyOffers() throws {
    let fixture = try ServiceFixture(self, offersTokens: true)
    _ = try fixture.service.store.directory(named: "other").get()
    try fixture.set { $0.authKinds = [.bearer] }
    func count(_ fields: [(String, String)]?) throws -> Int? {
      let path = "/ServiceProviderConfig"
      let answer = try fields.map { try fixture.send("GET", path, $0) } ?? fixture.sendWithoutKey("GET", path)
      return try answer.json()["authenticationSchemes"]?.arrayValue?.count
    }
    XCTAssertEqual(try count(nil), 3)
    XCTAssertEqual(try count([("Authorization", "Bearer \(fixture.key.secret)")]), 1)
    XCTAssertEqual(try count([("Authorization", "Bearer nonsense")]), 3)
  }

  func testTheNetworksOfTheDirectoryHoldForEveryKey() throws {
    let fixture = try ServiceFixture(self)
    try fixture.set { $0.allowedNetworks = [IPNetwork("203.0.113.0/24")].compactMap { $0 } }
    XCTAssertEqual(try fixture.send("GET", "/Users", from: PeerAddress(ipv4: [203, 0, 113, 9])).status, .ok)
    for peer in [PeerAddress(ipv4: [203, 0, 112, 9]), PeerAddress(ipv4: [127, 0, 0, 1]), .unixSocket] {
      XCTAssertEqual(try fixture.send("GET", "/Users", from: peer).status, .unauthorized, peer.text)
    }
  }
}
