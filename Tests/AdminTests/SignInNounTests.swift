import Admin
import Credentials
import HTTP
import JSON
import SCIM
import Storage
import XCTest

/// Users who exist from their first login on.
final class SignInNounTests: XCTestCase {
  private let root = AdminFixture.root
  private let application = AdminCaller(
    .key("key_app"), directory: "default", scopes: [.signInsWrite, .peopleRead])

  private func fixture(_ policy: String? = "create", _ more: JSONObject = JSONObject()) throws -> AdminFixture
  {
    let fixture = try AdminFixture(self)
    var policies = more
    if let policy { policies["signIn"] = .string(policy) }
    XCTAssertEqual(try fixture.ask("PATCH", root, ["policies": .object(policies)]).status, 200)
    return fixture
  }

  private func signIn(_ fixture: AdminFixture, _ claims: JSONValue, key: String? = nil) throws
    -> AdminFixture.Answer
  {
    try fixture.ask(
      "POST", "/api/v1/sign-ins", claims, by: application,
      fields: key.map { [("Idempotency-Key", $0)] } ?? [])
  }

  /// A request of an identity provider.
  private func connection(_ fixture: AdminFixture, _ name: String = "okta") throws -> RequestContext {
    let made = try fixture.ask(
      "POST", root + "/connections", ["name": .string(name), "provider": "okta"])
    let id = made.json["id"]?.stringValue ?? made.json["connection"]?["id"]?.stringValue ?? ""
    return RequestContext(
      Actor(.key, key: "key_idp", connection: try XCTUnwrap(ResourceID(id), "\(made.json)")), requestID: "t",
      operation: "TEST")
  }

  private func directory(_ fixture: AdminFixture) throws -> Directory {
    try XCTUnwrap(fixture.world.store.existingDirectory(named: "default"))
  }

  private func type(_ fixture: AdminFixture) throws -> ResourceType {
    try XCTUnwrap(try directory(fixture).catalog.types.first(where: \.hasGroups))
  }

  private func post(_ fixture: AdminFixture, _ context: RequestContext, _ json: JSONValue) throws
    -> ResourceID
  {
    let creation = try ResourceCreation(json, as: try type(fixture), Dialect())
    return try directory(fixture).writeTogether(context) { tx throws(SCIMError) in try creation.run(&tx) }
      .whenDurable().get()
  }

  private func patch(
    _ fixture: AdminFixture, _ context: RequestContext, _ id: String, _ operations: JSONValue
  ) throws {
    let type = try type(fixture)
    let request = try PatchRequest(
      ["schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations], for: type,
      dialect: Dialect())
    _ = try directory(fixture).writeTogether(context) { tx throws(SCIMError) in
      try ResourceEdit.modify(request).run(&tx, type, id, ifMatch: nil)
    }.whenDurable().get()
  }

  private func user(_ fixture: AdminFixture, _ id: String) throws -> JSONValue {
    try fixture.ask("GET", root + "/users/" + id).json
  }

  func testTheFirstLoginCreatesTheUserAndTheSecondChangesNothing() throws {
    let fixture = try fixture()
    let claims: JSONValue = [
      "userName": "ada", "externalId": "s-1", "givenName": "Ada", "email": "ada@example.com",
    ]
    let first = try signIn(fixture, claims)
    XCTAssertEqual(first.json["outcome"], "created")
    XCTAssertEqual(first.json["user"]?["name"]?["givenName"], "Ada")
    XCTAssertEqual(first.json["access"]?["active"], true)
    let id = first.json["user"]?["id"]?.stringValue ?? ""
    XCTAssertEqual(try user(fixture, id)["managedBy"], ["kind": "sign-in"])
    let before = try directory(fixture).history(of: try XCTUnwrap(ResourceID(id))).events.count
    let second = try signIn(fixture, claims)
    XCTAssertEqual(second.json["outcome"], "unchanged")
    XCTAssertEqual(second.json["user"], first.json["user"])
    XCTAssertEqual(try directory(fixture).history(of: try XCTUnwrap(ResourceID(id))).events.count, before)
    let third = try signIn(
      fixture, ["userName": "ada", "externalId": "s-1", "familyName": "L", "email": "a@example.com"])
    XCTAssertEqual(third.json["outcome"], "updated")
    XCTAssertEqual(third.json["user"]?["name"], ["givenName": "Ada", "familyName": "L"])
    XCTAssertEqual(third.json["user"]?["emails"]?.arrayValue?.map { $0["value"] }, ["a@example.com"])
  }

  func testThePolicySaysWhetherSignInsAreTakenAndCreateUsers() throws {
    let fixture = try fixture(nil)
    XCTAssertEqual(try signIn(fixture, ["userName": "ada"]).code, "signInOff")
    _ = try fixture.ask("PATCH", root, ["policies": ["signIn": "update"]])
    XCTAssertEqual(try signIn(fixture, ["userName": "ada"]).code, "signInOff")
    _ = try fixture.user("ada")
    XCTAssertEqual(try signIn(fixture, ["userName": "ADA", "displayName": "A"]).json["outcome"], "updated")
    let reader = AdminCaller(.key("key_app"), directory: "default", scopes: [.peopleRead])
    XCTAssertEqual(
      try fixture.ask("POST", "/api/v1/sign-ins", ["userName": "ada"], by: reader).code, "insufficientScope")
  }

  func testWrongClaimsAreRefusedWithTheirPlace() throws {
    let fixture = try fixture()
    for (claims, pointer) in [
      (["externalId": "1"] as JSONValue, "/userName"), (["userName": ""], "/userName"),
      (["userName": 1], "/userName"), (["userName": "ada", "admin": true], "/admin"),
      (["userName": "ada", "groups": [1]], "/groups"),
      (["userName": .string(String(repeating: "a", count: 1025))], "/userName"),
    ] {
      let answer = try signIn(fixture, claims)
      XCTAssertEqual(answer.status, 400)
      XCTAssertTrue(answer.json["pointer"]?.stringValue?.hasPrefix(pointer) == true, "\(answer.json)")
    }
    XCTAssertEqual(try fixture.ask("GET", root + "/users").items, [])
  }

  func testADeactivatedUserIsRefusedWithSinceWhenAndByWhomAndADeletedOneIsNotBroughtBack() throws {
    let fixture = try fixture()
    let id = try fixture.user("ada")
    _ = try fixture.ask("POST", root + "/users/ada/deactivate")
    for _ in 0..<2 {
      let refused = try signIn(fixture, ["userName": "ada"])
      XCTAssertEqual(refused.code, "userDeactivated")
      XCTAssertEqual(refused.status, 403)
      let detail = refused.json["detail"]?.stringValue ?? ""
      XCTAssertTrue(detail.contains(" since 20") && detail.contains("by command line"), detail)
    }
    _ = try fixture.ask("DELETE", root + "/users/ada")
    let deleted = try signIn(fixture, ["userName": "Ada"])
    XCTAssertEqual(deleted.code, "userDeleted")
    XCTAssertTrue(deleted.json["fix"]?.stringValue?.contains(id) == true)
    XCTAssertEqual(try fixture.ask("GET", root + "/users").items, [])
  }

  func testClaimsThatNameTwoPeopleWriteNothing() throws {
    let fixture = try fixture()
    _ = try fixture.user("ada", ["externalId": "1"])
    _ = try fixture.user("bob", ["externalId": "2"])
    for claims in [
      ["userName": "ada", "externalId": "2", "displayName": "X"],
      ["userName": "ada", "externalId": "3", "displayName": "X"],
    ] as [JSONValue] {
      let answer = try signIn(fixture, claims)
      XCTAssertEqual(answer.status, 409)
      XCTAssertEqual(answer.code, "notUnique")
    }
    XCTAssertNil(try user(fixture, "ada")["displayName"])
    // The same person under a new name.
    let renamed = try signIn(fixture, ["userName": "ada.l", "externalId": "1"])
    XCTAssertEqual(renamed.json["user"]?["userName"], "ada.l")
  }

  func testWhatAConnectionManagesIsNotChangedByASignIn() throws {
    let fixture = try fixture()
    let idp = try connection(fixture)
    let id = try post(
      fixture, idp,
      ["schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada", "displayName": "Ada"])
    let answer = try signIn(fixture, ["userName": "ada", "displayName": "Boss"])
    XCTAssertEqual(answer.json["outcome"], "unchanged")
    XCTAssertEqual(try user(fixture, id.text)["displayName"], "Ada")
  }

  func testGroupsAreChosenFromThePolicyAloneAndNoCriticalRoleComesFromAClaim() throws {
    let fixture = try fixture()
    let staff = try fixture.group("Staff")
    let owners = try fixture.group("Owners")
    _ = try fixture.group("Secret")
    _ = try fixture.ask(
      "POST", root + "/roles", ["value": "owner", "critical": true, "permissions": ["a:b"]])
    _ = try fixture.ask("POST", root + "/grants", ["group": "Owners", "role": "owner"])
    _ = try fixture.ask(
      "PATCH", root, ["policies": ["signInGroups": [.string(staff), .string(owners)]]])
    let first = try signIn(fixture, ["userName": "ada", "groups": ["staff", "Owners", "Secret"]])
    XCTAssertEqual(first.json["user"]?["groups"]?.arrayValue?.map { $0["display"] }, ["Staff"])
    XCTAssertEqual(first.json["access"]?["permissions"], [])
    XCTAssertEqual(first.json["skippedGroups"]?.arrayValue?.count, 1)
    // A login that says nothing of groups changes none.
    XCTAssertEqual(try signIn(fixture, ["userName": "ada"]).json["outcome"], "unchanged")
    let second = try signIn(fixture, ["userName": "ada", "groups": []])
    XCTAssertEqual(second.json["outcome"], "updated")
    XCTAssertNil(second.json["user"]?["groups"])
    // A membership that an administrator gave is left alone.
    _ = try fixture.ask("PATCH", root + "/groups/Staff/members", ["add": ["ada"]])
    let third = try signIn(fixture, ["userName": "ada", "groups": []])
    XCTAssertEqual(third.json["user"]?["groups"]?.arrayValue?.count, 1)
  }

  func testAConnectionTakesTheUserOverAndWhatSignInsGaveEnds() throws {
    let fixture = try fixture()
    let staff = try fixture.group("Staff")
    _ = try fixture.ask("PATCH", root, ["policies": ["signInGroups": [.string(staff)]]])
    for (number, adopt) in [0, 1, 2].enumerated() {
      let idp = try connection(fixture, "idp\(number)")
      let name = "user\(number)"
      let made = try signIn(
        fixture,
        ["userName": .string(name), "externalId": .string("forged\(number)"), "groups": ["Staff"]])
      let id = try XCTUnwrap(made.json["user"]?["id"]?.stringValue)
      switch adopt {
      case 0:
        let posted = try post(
          fixture, idp,
          [
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": .string(name),
            "externalId": "real",
          ])
        XCTAssertEqual(posted.text, id)
        XCTAssertEqual(try user(fixture, id)["externalId"], "real")
      case 1:
        try patch(fixture, idp, id, [["op": "replace", "path": "displayName", "value": "D"]])
        XCTAssertNil(try user(fixture, id)["externalId"])
      default:
        // It changes nothing but who manages the user.
        try patch(fixture, idp, id, [["op": "replace", "path": "externalId", "value": .string("forged2")]])
        XCTAssertEqual(try user(fixture, id)["externalId"], "forged2")
      }
      let after = try user(fixture, id)
      XCTAssertEqual(after["managedBy"]?["kind"], "connection", name)
      XCTAssertNil(after["groups"], name)
      XCTAssertNotEqual(
        try fixture.ask("GET", root + "/groups/Staff").json["managedBy"]?["kind"], "connection")
    }
  }

  func testNobodyIsTakenOverByTheEMailAddressAlone() throws {
    let fixture = try fixture()
    let idp = try connection(fixture)
    let made = try signIn(fixture, ["userName": "eve", "externalId": "e", "email": "ceo@example.com"])
    let id = try XCTUnwrap(made.json["user"]?["id"]?.stringValue)
    XCTAssertThrowsError(
      try patch(
        fixture, idp, id,
        [
          ["op": "replace", "path": "userName", "value": "ceo"],
          ["op": "replace", "path": "externalId", "value": "c"],
        ]))
    XCTAssertEqual(try user(fixture, id)["userName"], "eve")
    XCTAssertEqual(try user(fixture, id)["managedBy"], ["kind": "sign-in"])
  }

  func testARepeatedSignInWithTheSameKeyIsAnsweredAgain() throws {
    let fixture = try fixture()
    let first = try signIn(fixture, ["userName": "ada"], key: "k")
    let second = try signIn(fixture, ["userName": "ada"], key: "k")
    XCTAssertEqual(first.json["outcome"], "created")
    XCTAssertEqual(second.json["outcome"], "unchanged")
    XCTAssertEqual(first.json["user"], second.json["user"])
    XCTAssertEqual(try signIn(fixture, ["userName": "bob"], key: "k").code, "keyReused")
  }
}
