import Foundation
import HTTP
import JSON
import XCTest

/// Users, groups and resources of any type through the admin API.
final class ResourceNounTests: XCTestCase {
  private let users = AdminFixture.root + "/users"
  private let groups = AdminFixture.root + "/groups"

  private func patch(_ path: String, _ value: JSONValue) -> JSONValue {
    ["Operations": [["op": "replace", "path": .string(path), "value": value]]]
  }

  func testAUserIsFoundByIdUserNameAndEMailInAnyLetterCase() throws {
    let fixture = try AdminFixture(self)
    let id = try fixture.user("Ada@example.com", ["emails": [["value": "ada@work.example"]]])
    for name in [id, "ada@EXAMPLE.com", "ADA@work.example"] {
      let answer = try fixture.ask("GET", "\(users)/\(name)")
      XCTAssertEqual(answer.json["id"]?.stringValue, id, name)
      XCTAssertEqual(answer.fields[.etag], answer.json["meta"]?["version"]?.stringValue)
    }
  }

  func testANameWithASlashOrASpaceIsFoundWhereItIsPercentEncoded() throws {
    let fixture = try AdminFixture(self)
    let id = try fixture.user("a/b c")
    XCTAssertEqual(try fixture.ask("GET", users + "/a%2Fb%20c").json["id"]?.stringValue, id)
  }

  func testAnAmbiguousNameIsRefusedOnEveryRouteThatTakesOneAndTheCandidatesAreNamed() throws {
    let fixture = try AdminFixture(self)
    let first = try fixture.user("ada")
    let second = try fixture.user("eve", ["emails": [["value": "ada"]]])
    let requests: [(String, String, JSONValue?)] = [
      ("GET", "", nil), ("PATCH", "", patch("title", "x")), ("DELETE", "", nil), ("POST", "/erase", nil),
      ("POST", "/deactivate", nil), ("POST", "/reactivate", nil), ("GET", "/history", nil),
    ]
    for (method, rest, body) in requests {
      let answer = try fixture.ask(method, "\(users)/ada\(rest)", body)
      XCTAssertEqual(answer.status, 409, "\(method) \(rest)")
      XCTAssertEqual(answer.code, "ambiguousName", "\(method) \(rest)")
      let ids = answer.json["candidates"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
      XCTAssertEqual(Set(ids), [first, second], "\(method) \(rest)")
    }
    XCTAssertEqual(try fixture.ask("GET", users).items.count, 2)
  }

  func testAnIdWinsOverAUserNameThatLooksLikeIt() throws {
    let fixture = try AdminFixture(self)
    let id = try fixture.user("ada")
    _ = try fixture.user(id)
    XCTAssertEqual(try fixture.ask("GET", "\(users)/\(id)").json["userName"], "ada")
  }

  func testAListIsPagedWithoutLossOrRepetitionAlsoWhenItsCursorsResourceIsDeleted() throws {
    let fixture = try AdminFixture(self)
    var made: [String] = []
    for number in 0..<7 { made.append(try fixture.user("user\(number)")) }
    var found: [String] = []
    var next: String?
    repeat {
      let query = "?limit=2" + (next.map { "&cursor=\($0)" } ?? "")
      let page = try fixture.ask("GET", users + query)
      let ids = page.items.compactMap { $0["id"]?.stringValue }
      XCTAssertLessThanOrEqual(ids.count, 2)
      found += ids
      next = page.json["next"]?.stringValue
      if let last = ids.last { _ = try fixture.ask("DELETE", "\(users)/\(last)") }
    } while next != nil
    XCTAssertEqual(found, made)
  }

  func testDeletedResourcesArePagedInOrderOfDeletion() throws {
    let fixture = try AdminFixture(self)
    var made: [String] = []
    for number in 0..<5 { made.append(try fixture.user("user\(number)")) }
    for id in made.reversed() { _ = try fixture.ask("DELETE", "\(users)/\(id)") }
    let first = try fixture.ask("GET", users + "?deleted=true&limit=3")
    let next = try XCTUnwrap(first.json["next"]?.stringValue)
    let second = try fixture.ask("GET", users + "?deleted=true&limit=3&cursor=\(next)")
    XCTAssertNil(second.json["next"])
    XCTAssertEqual(
      (first.items + second.items).compactMap { $0["id"]?.stringValue }, made.reversed())
    XCTAssertNotNil(first.items.first?["keptUntil"])
    XCTAssertEqual(try fixture.ask("GET", users + "?deleted=true&filter=active+pr").code, "invalidParameter")
  }

  func testAFilterIsSCIMsAndOneThatIsNotIsRefusedWithItsPlace() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    _ = try fixture.user("bob", ["title": "Boss"])
    let found = try fixture.ask("GET", users + "?filter=title+eq+%22boss%22")
    XCTAssertEqual(found.items.map { $0["name"] }, ["bob"])
    for filter in ["nonsense", "shoeSize+eq+1", "userName+eq"] {
      let answer = try fixture.ask("GET", users + "?filter=" + filter)
      XCTAssertEqual(answer.code, "invalidFilter", filter)
      XCTAssertEqual(answer.json["pointer"], "?filter")
    }
    XCTAssertEqual(try fixture.ask("GET", users + "?filter=password+eq+%22x%22").status, 403)
  }

  func testAResourceIsCreatedFromPatchOperationsWithTextForNumbersAndTruths() throws {
    let fixture = try AdminFixture(self)
    let body: JSONValue = [
      "Operations": [
        ["op": "replace", "path": "userName", "value": "ada"],
        ["op": "replace", "path": "active", "value": "false"],
        ["op": "replace", "path": "emails[type eq \"work\"].value", "value": "a@b.c"],
      ]
    ]
    let answer = try fixture.ask("POST", users, body)
    XCTAssertEqual(answer.status, 201, "\(answer.json)")
    XCTAssertEqual(answer.json["active"], false)
    XCTAssertEqual(answer.json["emails"], [["value": "a@b.c", "type": "work"]])
  }

  func testMembersOfANewGroupFollowTheOperationsInTheirOrder() throws {
    let fixture = try AdminFixture(self)
    let ids = try ["a", "b", "c"].map { JSONValue.string(try fixture.user($0)) }
    func operation(_ name: String, _ ids: [JSONValue]) -> JSONValue {
      ["op": .string(name), "path": "members", "value": .array(ids.map { ["value": $0] })]
    }
    let body: JSONValue = [
      "Operations": [
        ["op": "add", "path": "displayName", "value": "Staff"], operation("add", [ids[0]]),
        operation("replace", [ids[1]]), operation("add", [ids[2]]),
      ]
    ]
    let answer = try fixture.ask("POST", groups, body)
    XCTAssertEqual(answer.status, 201, "\(answer.json)")
    let members = answer.json["members"]?.arrayValue?.compactMap { $0["value"] }
    XCTAssertEqual(members, [ids[1], ids[2]])
  }

  func testUnknownAttributesAndMembersAreRefused() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    XCTAssertEqual(try fixture.ask("POST", users, ["userName": "x", "shoeSize": 1]).status, 400)
    XCTAssertEqual(try fixture.ask("PATCH", users + "/ada", ["operations": []]).status, 400)
    XCTAssertEqual(try fixture.ask("PATCH", users + "/ada", patch("shoeSize", 1)).code, "invalidPath")
    XCTAssertEqual(try fixture.ask("PATCH", users + "/ada").code, "missingBody")
    let broken = try fixture.ask("PATCH", users + "/ada", bytes: Array("{\"a\":".utf8))
    XCTAssertEqual(broken.code, "invalidJSON")
    XCTAssertEqual(try fixture.ask("DELETE", users + "/ada", ["x": 1]).code, "invalidJSON")
    XCTAssertEqual(try fixture.ask("GET", users).items.count, 1)
  }

  func testAWriteOnAnotherVersionIs412AndChangesNothing() throws {
    let fixture = try AdminFixture(self)
    let id = try fixture.user("ada")
    let group = try fixture.group("Staff")
    let requests: [(String, String, JSONValue?)] = [
      ("PATCH", "\(users)/\(id)", patch("title", "x")), ("DELETE", "\(users)/\(id)", nil),
      ("POST", "\(users)/\(id)/deactivate", nil),
      ("PATCH", "\(groups)/\(group)/members", ["add": [.string(id)]]),
    ]
    let before = try fixture.ask("GET", AdminFixture.root + "/export?format=ndjson").bytes
    for (method, target, body) in requests {
      let answer = try fixture.ask(method, target, body, ifMatch: "W/\"77\"")
      XCTAssertEqual(answer.code, "changedMeanwhile", "\(method) \(target)")
    }
    XCTAssertEqual(try fixture.ask("GET", AdminFixture.root + "/export?format=ndjson").bytes, before)
    let version = try XCTUnwrap(try fixture.ask("GET", "\(users)/\(id)").fields[.etag])
    XCTAssertEqual(
      try fixture.ask("PATCH", "\(users)/\(id)", patch("title", "x"), ifMatch: version).status, 200)
  }

  func testADryRunOfADeletionOrErasureSaysWhatItWouldDoAndDoesNothing() throws {
    let fixture = try AdminFixture(self)
    let id = try fixture.user("ada")
    let group = try fixture.group("Staff")
    _ = try fixture.ask("PATCH", "\(groups)/\(group)/members", ["add": ["ada"]])
    let deletion = try fixture.ask("DELETE", "\(users)/ada?dryRun=true")
    XCTAssertEqual(deletion.json["groups"], 1)
    XCTAssertEqual(deletion.json["dryRun"], true)
    let erasure = try fixture.ask("POST", "\(users)/ada/erase?dryRun=true")
    XCTAssertEqual(erasure.json["id"]?.stringValue, id)
    XCTAssertEqual(try fixture.ask("GET", "\(groups)/\(group)/members").items.count, 1)
  }

  func testADeletedUserIsRestoredByNameWithTheGroups() throws {
    let fixture = try AdminFixture(self)
    let id = try fixture.user("ada")
    let group = try fixture.group("Staff")
    _ = try fixture.ask("PATCH", "\(groups)/\(group)/members", ["add": ["ada"]])
    XCTAssertEqual(try fixture.ask("DELETE", "\(users)/ada").status, 200)
    XCTAssertEqual(try fixture.ask("GET", "\(users)/ada").code, "unknownResource")
    let restored = try fixture.ask("POST", "\(users)/ADA/restore")
    XCTAssertEqual(restored.json["id"]?.stringValue, id)
    XCTAssertEqual(restored.json["groups"]?.arrayValue?.count, 1)
    XCTAssertEqual(try fixture.ask("POST", "\(users)/ada/restore").code, "notDeleted")
  }

  func testARestoreWhoseUserNameWasTakenIsRefusedAsNotUnique() throws {
    let fixture = try AdminFixture(self)
    let id = try fixture.user("ada")
    _ = try fixture.ask("DELETE", "\(users)/\(id)")
    _ = try fixture.user("ada")
    XCTAssertEqual(try fixture.ask("POST", "\(users)/\(id)/restore").code, "notUnique")
  }

  func testAnErasedUserIsKnownByIdInTheHistoryAndItsNameIsGone() throws {
    let fixture = try AdminFixture(self)
    let id = try fixture.user("ada.secret")
    let erased = try fixture.ask("POST", "\(users)/ada.secret/erase")
    XCTAssertEqual(erased.json["id"]?.stringValue, id)
    let history = try fixture.ask("GET", "\(users)/\(id)/history")
    XCTAssertEqual(history.items.last?["effects"], [["erased": true]])
    XCTAssertFalse(String(decoding: history.bytes, as: UTF8.self).contains("ada.secret"))
    XCTAssertEqual(try fixture.ask("GET", "\(users)/ada.secret/history").status, 404)
    XCTAssertEqual(try fixture.ask("POST", "\(users)/\(id)/erase").status, 200, "again is harmless")
  }

  func testDeactivatingSetsActiveAndATypeWithoutItIsRefused() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    _ = try fixture.group("Staff")
    XCTAssertEqual(try fixture.ask("POST", "\(users)/ada/deactivate").json["active"], false)
    XCTAssertEqual(try fixture.ask("POST", "\(users)/ada/reactivate").json["active"], true)
    let resources = AdminFixture.root + "/resources"
    XCTAssertEqual(try fixture.ask("POST", "\(resources)/User/ada/deactivate").json["active"], false)
    XCTAssertEqual(try fixture.ask("POST", "\(resources)/Group/Staff/deactivate").code, "notSupported")
    XCTAssertEqual(try fixture.ask("GET", "\(resources)/Nothing").code, "unknownType")
  }

  func testHistoryIsPagedOldestFirstAndNamesTheCaller() throws {
    let fixture = try AdminFixture(self)
    let id = try fixture.user("ada")
    for title in ["a", "b", "c"] {
      _ = try fixture.ask("PATCH", "\(users)/\(id)", patch("title", .string(title)))
    }
    let first = try fixture.ask("GET", "\(users)/\(id)/history?limit=3")
    XCTAssertEqual(first.items.count, 3)
    XCTAssertEqual(first.items.first?["actor"]?["origin"]?.stringValue?.hasPrefix("command line, user"), true)
    let next = try XCTUnwrap(first.json["next"]?.stringValue)
    let second = try fixture.ask("GET", "\(users)/\(id)/history?limit=3&cursor=\(next)")
    XCTAssertEqual(second.items.count, 1)
    XCTAssertEqual(second.items[0]["effects"], [["changed": "title", "before": "b", "after": "c"]])
  }

  func testAGroupIsShownWithItsMembers() throws {
    let fixture = try AdminFixture(self)
    let id = try fixture.user("ada")
    let answer = try fixture.ask(
      "POST", groups, ["displayName": "Staff", "members": [["value": .string(id)]]])
    XCTAssertEqual(answer.status, 201, "\(answer.json)")
    XCTAssertEqual(try fixture.ask("GET", "\(groups)/staff").json["members"]?.arrayValue?.count, 1)
  }
}

/// A problem says where in the body it is.
final class ProblemPointerTests: XCTestCase {
  private let users = AdminFixture.root + "/users"

  func testProblem_PointsToTheAttributeOfAResource() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    for (body, pointer) in [
      (["title": "x"], "/userName"), (["userName": "ada"], "/userName"),
      (["userName": "bob", "name": ["givenName": ["a": 1]]], "/name/givenName"),
      (["userName": "bob", "active": "maybe"], "/active"),
      (
        [
          "userName": "bob",
          "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": ["department": ["a": 1]],
        ],
        "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/department"
      ),
    ] as [(JSONValue, String)] {
      let answer = try fixture.ask("POST", users, body)
      XCTAssertEqual(answer.json["pointer"]?.stringValue, pointer, "\(answer.json)")
    }
  }

  func testProblem_PointsToTheOperationOfAPatch() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    let patch: JSONValue = [
      "Operations": [
        ["op": "replace", "path": "title", "value": "x"], ["op": "replace", "path": "nothing", "value": 1],
      ]
    ]
    let answer = try fixture.ask("PATCH", users + "/ada", patch)
    XCTAssertEqual(answer.json["pointer"], "/Operations/1", "\(answer.json)")
  }
}
