import Credentials
import HTTP
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Admin

/// What applications and IGA tools are answered under /api/v1.
final class ApplicationNounTests: XCTestCase {
  private let root = AdminFixture.root
  private let application = AdminCaller(
    .key("key_app"), directory: "default", scopes: [.peopleRead, .accessRead])
  private let tool = AdminCaller(.key("key_iga"), directory: "default", scopes: [.accessRead, .accessWrite])

  private func filled() throws -> AdminFixture {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    _ = try fixture.user("bob")
    _ = try fixture.group("Staff")
    _ = try fixture.ask("PATCH", root + "/groups/Staff/members", ["add": ["ada"]])
    _ = try fixture.ask("POST", root + "/roles", ["value": "reader", "permissions": ["a:read"]])
    _ = try fixture.ask(
      "POST", root + "/roles", ["value": "writer", "kind": "scoped", "permissions": ["a:write"]])
    _ = try fixture.ask("POST", root + "/targets", ["kind": "ns", "value": "one"])
    _ = try fixture.ask("POST", root + "/grants", ["group": "Staff", "role": "reader"])
    _ = try fixture.ask("POST", root + "/grants", ["user": "ada", "role": "writer", "target": "ns:one"])
    return fixture
  }

  func testAccessIsAnsweredByIdAndUserNameAndAClientThatHasItIsToldSo() throws {
    let fixture = try filled()
    let answer = try fixture.ask("GET", "/api/v1/access/ada", by: application)
    XCTAssertEqual(answer.json["permissions"], ["a:read"])
    XCTAssertEqual(answer.json["targets"], [["target": "ns:one", "permissions": ["a:write"]]])
    let id = answer.json["user"]?["id"]?.stringValue ?? ""
    XCTAssertEqual(try fixture.ask("GET", "/api/v1/access/\(id)", by: application).json, answer.json)
    let tag = try XCTUnwrap(answer.fields[.etag])
    for field in [tag, "W/" + tag, "\"x\", " + tag, "*"] {
      let same = try fixture.ask(
        "GET", "/api/v1/access/ada", by: application, fields: [("If-None-Match", field)])
      XCTAssertEqual(same.status, 304, field)
      XCTAssertEqual(same.bytes, [])
    }
    _ = try fixture.ask("PATCH", root + "/groups/Staff/members", ["remove": ["ada"]])
    let changed = try fixture.ask(
      "GET", "/api/v1/access/ada", by: application, fields: [("If-None-Match", tag)])
    XCTAssertEqual(changed.status, 200)
    XCTAssertEqual(changed.json["permissions"], [])
    XCTAssertEqual(try fixture.ask("GET", "/api/v1/access/eve", by: application).code, "unknownResource")
  }

  func testAnEventLoopLeavesUsersInThousandsOfGroupsAndListsOfChecksToAWorker() throws {
    let fixture = try filled()
    let directory = try fixture.world.store.directory(named: "default").get()
    func response(_ method: String, _ path: String, _ body: JSONValue? = nil) throws -> HTTPResponse? {
      let head = try HTTPRequestHead(method: method, target: path, fields: [])
      let request = HTTPRequest(head: head, body: body?.serialized() ?? [], peer: .unixSocket(user: 0))
      return AdminHandler(fixture.world).respondAtOnce(to: request, by: application, requestID: "admin-1")
    }
    let check: JSONValue = ["user": "bob", "permission": "a:read"]
    XCTAssertEqual(try response("GET", "/api/v1/access/bob")?.status, .ok)
    XCTAssertEqual(try response("POST", "/api/v1/access/check", check)?.status, .ok)
    XCTAssertNil(try response("POST", "/api/v1/access/check", ["checks": [check]]))
    let bob = try XCTUnwrap(try fixture.ask("GET", root + "/users/bob").json["id"]?.stringValue)
    let context = RequestContext(Actor(.socket), requestID: "r", operation: "TEST")
    _ = try directory.writeTogether(context) { tx throws(SCIMError) in
      for number in 0..<2001 {
        _ = try tx.create(
          directory.catalog.types[1], Document(["displayName": .string("g\(number)")]), members: [bob],
          skipsUnknown: false)
      }
    }.whenDurable().get()
    XCTAssertNil(try response("GET", "/api/v1/access/bob"))
    XCTAssertNil(try response("POST", "/api/v1/access/check", check))
    XCTAssertEqual(try fixture.ask("GET", "/api/v1/access/bob", by: application).status, 200)
  }

  func testThePolicySaysWhetherAGroupHasTheRightsOfTheGroupsThatItIsIn() throws {
    let fixture = try filled()
    _ = try fixture.group("Inner")
    _ = try fixture.ask("PATCH", root + "/groups/Staff/members", ["add": ["Inner"]])
    _ = try fixture.ask("PATCH", root + "/groups/Inner/members", ["add": ["bob"]])
    func check() throws -> JSONValue? {
      let body: JSONValue = ["user": "bob", "permission": "a:read"]
      let allowed = try fixture.ask("POST", "/api/v1/access/check", body, by: application).json["allowed"]
      let access = try fixture.ask("GET", "/api/v1/access/bob", by: application).json
      XCTAssertEqual(access["permissions"]?.arrayValue?.isEmpty, allowed == false)
      let holders = try fixture.ask("GET", root + "/holders?role=reader").items.count
      XCTAssertEqual(holders, allowed == true ? 2 : 1)
      return allowed
    }
    XCTAssertEqual(try check(), true)
    _ = try fixture.ask("PATCH", root, ["policies": ["nestedGroups": false]])
    XCTAssertEqual(try check(), false)
    _ = try fixture.ask("PATCH", root, ["policies": ["nestedGroups": true]])
    XCTAssertEqual(try check(), true)
  }

  func testUpToAHundredChecksAreAnsweredInOneRequest() throws {
    let fixture = try filled()
    let one = try fixture.ask(
      "POST", "/api/v1/access/check", ["user": "ada", "permission": "a:write", "target": "ns:one"],
      by: application)
    XCTAssertEqual(one.json["allowed"], true)
    let check: JSONValue = ["user": "bob", "permission": "a:read"]
    let all = try fixture.ask(
      "POST", "/api/v1/access/check", ["checks": .array(Array(repeating: check, count: 100))], by: application
    )
    XCTAssertEqual(
      all.json["answers"]?.arrayValue?.map { $0["allowed"] }, Array(repeating: false, count: 100))
    let many: JSONValue = ["checks": .array(Array(repeating: check, count: 101))]
    XCTAssertEqual(try fixture.ask("POST", "/api/v1/access/check", many, by: application).code, "tooMany")
    let nobody = try fixture.ask(
      "POST", "/api/v1/access/check", ["user": "eve", "permission": "a:read"], by: application)
    XCTAssertEqual(nobody.json["allowed"], false)
    for (body, pointer) in [
      (["user": "ada"] as JSONValue, "/permission"), (["checks": [["user": "ada"]]], "/checks/0/permission"),
      (["checks": [1]], "/checks/0"), (["user": "ada", "permission": 1], "/permission"),
    ] {
      let answer = try fixture.ask("POST", "/api/v1/access/check", body, by: application)
      XCTAssertEqual(answer.json["pointer"]?.stringValue, pointer)
    }
  }

  func testListsAreWalkedByCursor() throws {
    let fixture = try filled()
    for (noun, count) in [("users", 2), ("groups", 1), ("roles", 2), ("targets", 1), ("grants", 2)] {
      var found: [JSONValue] = []
      var next: String?
      repeat {
        let target = "/api/v1/\(noun)?limit=1" + (next.map { "&cursor=\($0)" } ?? "")
        let caller = noun == "users" || noun == "groups" ? application : tool
        let page = try fixture.ask("GET", target, by: caller)
        XCTAssertEqual(page.items.count, 1, noun)
        found += page.items
        next = page.json["next"]?.stringValue
      } while next != nil
      XCTAssertEqual(Set(found.compactMap { $0["id"]?.stringValue }).count, count, noun)
    }
  }

  func testAnIGAToolGrantsAndRevokesAndTheGrantSaysForWhom() throws {
    let fixture = try filled()
    let made = try fixture.ask(
      "POST", "/api/v1/grants", ["user": "bob", "role": "reader", "onBehalfOf": "carol@example.com"], by: tool
    )
    XCTAssertEqual(made.status, 201)
    XCTAssertEqual(made.json["origin"], "iga")
    XCTAssertEqual(made.json["grantedBy"], "key_iga")
    XCTAssertEqual(made.json["onBehalfOf"], "carol@example.com")
    XCTAssertEqual(try fixture.ask("GET", "/api/v1/access/bob", by: tool).json["permissions"], ["a:read"])
    let id = made.json["id"]?.stringValue ?? ""
    XCTAssertEqual(
      try fixture.ask("DELETE", "/api/v1/grants/\(id)", by: application).code, "insufficientScope")
    XCTAssertEqual(try fixture.ask("DELETE", "/api/v1/grants/\(id)", by: tool).status, 200)
    XCTAssertEqual(try fixture.ask("GET", "/api/v1/access/bob", by: tool).json["permissions"], [])
  }

  func testAKeyReachesItsOwnDirectoryAndOneForAllDirectoriesReachesNone() throws {
    let fixture = try filled()
    try fixture.makeDirectory("other")
    let other = AdminCaller(.key("key_o"), directory: "other")
    for route in AdminRoute.applications {
      let target = RouteTableTests.target(route)
      let refused = try fixture.ask(route.method.rawValue, target, by: AdminCaller(.key("key_all")))
      XCTAssertEqual(refused.code, "beyondDirectory", target)
      XCTAssertEqual(refused.status, 403)
      let scope = try XCTUnwrap(route.scope)
      let lacking = AdminCaller(
        .key("key_x"), directory: "default", scopes: Set(AdminScope.allCases).subtracting([scope]))
      let missing = try fixture.ask(route.method.rawValue, target, by: lacking)
      XCTAssertEqual(missing.code, "insufficientScope", target)
      XCTAssertTrue(missing.json["detail"]?.stringValue?.contains(scope.rawValue) == true)
    }
    for noun in ["users", "groups", "roles", "targets", "grants"] {
      XCTAssertEqual(try fixture.ask("GET", "/api/v1/" + noun, by: other).items, [], noun)
    }
    XCTAssertEqual(try fixture.ask("GET", "/api/v1/access/ada", by: other).status, 404)
    let grant = try fixture.ask("GET", root + "/grants").items[0]["id"]?.stringValue ?? ""
    XCTAssertEqual(try fixture.ask("DELETE", "/api/v1/grants/" + grant, by: other).code, "unknownGrant")
    XCTAssertEqual(try fixture.ask("GET", root + "/grants").items.count, 2)
  }
}
