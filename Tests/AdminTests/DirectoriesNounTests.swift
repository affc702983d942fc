import Admin
import Credentials
import HTTP
import JSON
import Storage
import XCTest

/// Directories through the admin API.
final class DirectoriesNounTests: XCTestCase {
  private let root = "/admin/v1/directories"

  func testACreatedDirectoryIsShownAndListedAndTakesUsers() throws {
    let fixture = try AdminFixture(self)
    let made = try fixture.ask(
      "POST", root,
      [
        "name": "contoso", "displayName": "Contoso", "description": "a customer",
        "policies": ["localChanges": "denied"],
      ])
    XCTAssertEqual(made.status, 201)
    XCTAssertEqual(made.json["state"], "active")
    XCTAssertEqual(made.json["policies"]?["localChanges"], "denied")
    XCTAssertEqual(made.json["policies"]?["crossConnection"], "denied")
    XCTAssertEqual(made.json["policies"]?["maxResourceBytes"], 1_048_576)
    XCTAssertEqual(made.json["policies"]?["keyMaxDays"], 90)
    XCTAssertEqual(made.json["policies"]?["authKinds"], ["bearer", "basic", "oauth"])
    XCTAssertEqual(made.json["policies"]?["allowedNetworks"], [])
    XCTAssertEqual(made.fields[.etag], made.json["version"]?.stringValue)
    let shown = try fixture.ask("GET", root + "/contoso")
    XCTAssertEqual(shown.json, made.json)
    XCTAssertEqual(try fixture.ask("GET", root).items, [made.json])
    XCTAssertEqual(
      fixture.world.store.existingDirectory(named: "contoso")?.description.displayName, "Contoso")
  }

  func testAQuotaHoldsFromTheNextChangeOnIsToldAndCanBeLifted() throws {
    let fixture = try AdminFixture(self)
    try fixture.makeDirectory("a")
    let changed = try fixture.ask(
      "PATCH", root + "/a", ["policies": ["maxResources": 1, "maxResourceBytes": 2000]])
    XCTAssertEqual(changed.json["policies"]?["maxResources"], 1)
    XCTAssertEqual(changed.json["policies"]?["maxBytes"], 4_294_967_296)
    let user: (String) -> JSONValue = { name in
      ["schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": .string(name)]
    }
    XCTAssertEqual(try fixture.ask("POST", root + "/a/users", user("ada")).status, 201)
    let refused = try fixture.ask("POST", root + "/a/users", user("bob"))
    XCTAssertEqual(refused.status, 507)
    XCTAssertEqual(refused.code, "quotaReached")
    XCTAssertTrue(refused.json["detail"]?.stringValue?.contains("maxResources allows 1 ") == true)
    let usage = try fixture.ask("GET", "/admin/v1/store").json["directories"]?.arrayValue?.first?["usage"]
    XCTAssertEqual(usage?["resources"], 1)
    XCTAssertEqual(usage?["maxResources"], 1)
    XCTAssertEqual(usage?["maxResourceBytes"], 2000)
    XCTAssertEqual(usage?["largest"], usage?["bytes"])
    let lifted = try fixture.ask("PATCH", root + "/a", ["policies": ["maxResources": .null]])
    XCTAssertEqual(lifted.json["policies"]?["maxResources"], 2_000_000)
    XCTAssertEqual(lifted.json["policies"]?["maxResourceBytes"], 2000)
    XCTAssertEqual(try fixture.ask("POST", root + "/a/users", user("bob")).status, 201)
  }

  func testADirectoryIsCreatedOnceAndSurvivesAsItWas() throws {
    let fixture = try AdminFixture(self)
    let made = try fixture.ask("POST", root, ["name": "a", "displayName": "first"])
    XCTAssertEqual(made.status, 201)
    let again = try fixture.ask("POST", root, ["name": "a", "displayName": "second"])
    XCTAssertEqual(again.status, 409)
    XCTAssertEqual(again.code, "notUnique")
    XCTAssertEqual(try fixture.ask("GET", root + "/a").json, made.json)
  }

  func testNamesThatCannotBeAreRefusedWithAReason() throws {
    let fixture = try AdminFixture(self)
    for (name, reason) in [
      ("_system", "reserved"), ("_x", "reserved"), ("", "1 to 64"), ("A", "1 to 64"), ("a/b", "1 to 64"),
      ("..", "1 to 64"), (String(repeating: "a", count: 65), "1 to 64"),
    ] {
      let answer = try fixture.ask("POST", root, ["name": .string(name)])
      XCTAssertEqual(answer.code, "invalidMember", name)
      XCTAssertEqual(answer.json["pointer"], "/name")
      XCTAssertTrue(answer.json["detail"]?.stringValue?.contains(reason) == true, "\(answer.json)")
    }
    XCTAssertEqual(try fixture.ask("GET", root).items, [])
  }

  func testWhatADirectoryDoesNotHaveIsRefusedWithItsPlace() throws {
    let fixture = try AdminFixture(self)
    try fixture.makeDirectory("a")
    let cases: [(JSONValue, String, String)] = [
      (["name": "b"], "unknownMember", "/name"), (["state": "paused"], "unknownMember", "/state"),
      (["policies": ["signin": "off"]], "unknownMember", "/policies/signin"),
      (["policies": ["signIn": "on"]], "invalidMember", "/policies/signIn"),
      (["policies": ["signInGroups": ["Staff"]]], "invalidMember", "/policies/signInGroups/0"),
      (["policies": ["nestedGroups": "no"]], "invalidMember", "/policies/nestedGroups"),
      (["policies": ["localChanges": "maybe"]], "invalidMember", "/policies/localChanges"),
      (["policies": ["keyMaxDays": -1]], "invalidMember", "/policies/keyMaxDays"),
      (["policies": ["keyMaxDays": 3651]], "invalidMember", "/policies/keyMaxDays"),
      (["policies": ["authKinds": []]], "invalidMember", "/policies/authKinds"),
      (["policies": ["authKinds": ["bearer", "digest"]]], "invalidMember", "/policies/authKinds"),
      (["policies": ["allowedNetworks": ["10.0.0.1/8"]]], "invalidMember", "/policies/allowedNetworks/0"),
      (
        ["policies": ["allowedNetworks": .array([JSONValue](repeating: "::1", count: 101))]], "invalidMember",
        "/policies/allowedNetworks"
      ),
      (["policies": ["maxBytes": 0]], "invalidMember", "/policies/maxBytes"),
      (["policies": ["maxDeleted": "many"]], "invalidMember", "/policies/maxDeleted"),
      (["policies": []], "invalidMember", "/policies"), (["displayName": 1], "invalidMember", "/displayName"),
      (["displayName": "a\u{7}"], "invalidMember", "/displayName"),
      (["description": .string(String(repeating: "a", count: 1001))], "invalidMember", "/description"),
    ]
    for (body, code, pointer) in cases {
      let answer = try fixture.ask("PATCH", root + "/a", body)
      XCTAssertEqual(answer.code, code, "\(body)")
      XCTAssertEqual(answer.json["pointer"]?.stringValue, pointer, "\(body)")
    }
  }

  func testAnUpdateChangesWhatItNamesAloneAndOnlyTheVersionItWasMadeFor() throws {
    let fixture = try AdminFixture(self)
    let made = try fixture.ask("POST", root, ["name": "a", "displayName": "A", "description": "d"])
    let version = try XCTUnwrap(made.fields[.etag])
    let changed = try fixture.ask(
      "PATCH", root + "/a",
      [
        "description": .null,
        "policies": [
          "crossConnection": "allowed", "keyMaxDays": 30, "authKinds": ["oauth", "basic"],
          "allowedNetworks": ["203.0.113.0/24", "::1"],
        ],
      ], ifMatch: version)
    XCTAssertEqual(changed.json["displayName"], "A")
    XCTAssertNil(changed.json["description"])
    XCTAssertEqual(changed.json["policies"]?["localChanges"], "allowed")
    XCTAssertEqual(changed.json["policies"]?["crossConnection"], "allowed")
    XCTAssertEqual(changed.json["policies"]?["keyMaxDays"], 30)
    XCTAssertEqual(changed.json["policies"]?["authKinds"], ["basic", "oauth"])
    XCTAssertEqual(changed.json["policies"]?["allowedNetworks"], ["203.0.113.0/24", "::1"])
    let late = try fixture.ask("PATCH", root + "/a", ["displayName": "B"], ifMatch: version)
    XCTAssertEqual(late.status, 412)
    XCTAssertEqual(try fixture.ask("PATCH", root + "/a", [:]).json, changed.json)
  }

  func testAPolicyHoldsFromTheAnswerOn() throws {
    let fixture = try AdminFixture(self)
    try fixture.makeDirectory("a")
    _ = try fixture.ask("PATCH", root + "/a", ["policies": ["localChanges": "denied"]])
    XCTAssertEqual(try fixture.ask("POST", root + "/a/users", ["userName": "x"]).code, "managedElsewhere")
    _ = try fixture.ask("PATCH", root + "/a", ["policies": ["localChanges": "allowed"]])
    XCTAssertEqual(try fixture.ask("POST", root + "/a/users", ["userName": "x"]).status, 201)
  }

  func testPausingTwiceIsPausingOnceAndSoIsResuming() throws {
    let fixture = try AdminFixture(self)
    let made = try fixture.ask("POST", root, ["name": "a"])
    let secret = try XCTUnwrap(
      try fixture.ask("POST", root + "/a/keys", ["name": "k"]).json["key"]?.stringValue)
    func availability() -> GrantedKey.Availability? {
      fixture.world.keys.granted(Array(secret.utf8)[...])?.availability
    }
    let paused = try fixture.ask("POST", root + "/a/pause")
    XCTAssertEqual(paused.json["state"], "paused")
    XCTAssertEqual(try fixture.ask("POST", root + "/a/pause").json, paused.json)
    XCTAssertEqual(availability(), .paused("The directory a is paused."))
    // Who administers goes on.
    XCTAssertEqual(try fixture.ask("POST", root + "/a/users", ["userName": "x"]).status, 201)
    let resumed = try fixture.ask("POST", root + "/a/resume")
    XCTAssertEqual(resumed.json["state"], made.json["state"])
    XCTAssertEqual(try fixture.ask("POST", root + "/a/resume").json, resumed.json)
    XCTAssertEqual(availability(), .open)
  }

  func testDirectoriesArePagedInOrderOfTheirNames() throws {
    let fixture = try AdminFixture(self)
    for name in ["d", "b", "e", "a", "c"] { try fixture.makeDirectory(name) }
    let first = try fixture.ask("GET", root + "?limit=3")
    let next = try XCTUnwrap(first.json["next"]?.stringValue)
    // A directory that is made meanwhile moves nothing.
    try fixture.makeDirectory("aa")
    let second = try fixture.ask("GET", root + "?limit=3&cursor=\(next)")
    XCTAssertNil(second.json["next"])
    XCTAssertEqual(
      (first.items + second.items).compactMap { $0["name"]?.stringValue }, ["a", "b", "c", "d", "e"])
    XCTAssertEqual(try fixture.ask("GET", root + "?cursor=x").code, "invalidCursor")
  }

  func testADirectoryCountsWhatIsInIt() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.ask("POST", root, ["name": "a"])
    _ = try fixture.user("x", in: "a")
    _ = try fixture.group("g", in: "a")
    _ = try fixture.ask("POST", root + "/a/connections", ["name": "Okta", "provider": "okta"])
    let shown = try fixture.ask("GET", root + "/a").json
    for member in ["users", "groups", "connections", "keys"] { XCTAssertEqual(shown[member], 1, member) }
  }

  func testADirectoryThatWasMadeIsThereAfterTheFolderIsOpenedAgain() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.ask(
      "POST", root, ["name": "a", "displayName": "A", "policies": ["localChanges": "denied"]])
    _ = try fixture.ask("POST", root + "/a/pause")
    let store = fixture.world.store
    let system = store.system.administrative(
      store.system.administrativeType("Directory"), called: "a", by: "name"
    ).whenDurable()
    let description = try XCTUnwrap(system.flatMap { DirectoryDescription($0.document) })
    XCTAssertEqual(description.state, .paused)
    XCTAssertEqual(description.policies.localChanges, .denied)
  }
}
