import Credentials
import Foundation
import HTTP
import JSON
import SCIM
import Storage
import XCTest

@testable import Admin

/// One connection takes over what another one manages.
final class TakeOverTests: XCTestCase {
  private static let path = AdminFixture.root + "/connections/Entra/take-over"

  /// Okta with users and a group Staff that they are in, and Entra, which has nothing yet.
  private struct Scene {
    let fixture: AdminFixture
    let directory: Directory
    let okta: ResourceID
    let secret: String

    init(_ test: XCTestCase, users: Int = 3, entra: Bool = true) throws {
      fixture = try AdminFixture(test)
      directory = try fixture.world.store.directory(named: "default").get()
      let made = try fixture.ask(
        "POST", AdminFixture.root + "/connections", ["name": "Okta", "provider": "okta"])
      let okta = try XCTUnwrap(made.json["id"]?.stringValue.flatMap { ResourceID($0) })
      self.okta = okta
      secret = try XCTUnwrap(made.json["key"]?.stringValue)
      let (user, group) = (directory.catalog.types[0], directory.catalog.types[1])
      for start in stride(from: 0, to: users, by: 1000) {
        try write(by: okta) { tx throws(SCIMError) in
          var ids: [String] = []
          for number in start..<min(start + 1000, users) {
            let document = Document(["userName": .string("user\(number)"), "active": true])
            ids.append(try tx.create(user, document, members: [], skipsUnknown: false).text)
          }
          guard start == 0 else { return }
          _ = try tx.step { tx throws(SCIMError) in
            try tx.create(group, Document(["displayName": "Staff"]), members: ids, skipsUnknown: false)
          }
        }
      }
      if entra {
        _ = try fixture.ask(
          "POST", AdminFixture.root + "/connections", ["name": "Entra", "provider": "entra"])
      }
    }

    func write(
      by connection: ResourceID, _ body: (inout Transaction) throws(SCIMError) -> Void
    ) throws {
      let context = RequestContext(
        Actor(.key, key: "key_x", connection: connection), requestID: "r", operation: "TEST")
      try directory.writeTogether(context, body).whenDurable().get()
    }

    /// Deactivates the user, as a request through the connection does.
    func deactivate(_ name: String, by connection: ResourceID) throws {
      let user = directory.catalog.types[0]
      try write(by: connection) { tx throws(SCIMError) in
        guard let id = tx.find(user, "userName", name).first else { throw .notFound(name) }
        let old = try tx.resource(user, id.text)
        var document = old.document
        document.attributes["active"] = false
        try tx.update(old, document.ordered(for: user), [], skipsUnknown: false)
      }
    }

    func manager(_ name: String, _ kind: String = "users") throws -> String? {
      try fixture.ask("GET", AdminFixture.root + "/\(kind)/\(name)").json["managedBy"]?["name"]?.stringValue
    }

    func connection(_ name: String) throws -> JSONValue {
      try fixture.ask("GET", AdminFixture.root + "/connections/\(name)").json
    }

    func id(_ name: String) throws -> ResourceID {
      try XCTUnwrap(try connection(name)["id"]?.stringValue.flatMap { ResourceID($0) })
    }
  }

  private func assertForbidden(_ body: () throws -> Void, line: UInt = #line) {
    XCTAssertThrowsError(try body(), line: line) {
      XCTAssertEqual(($0 as? SCIMError)?.code, .otherConnection, "\($0)", line: line)
    }
  }

  func testTakeOver_Everything_MovesInOneRecordAndPausesTheOtherConnection() throws {
    let scene = try Scene(self)
    let before = try scene.fixture.ask("GET", AdminFixture.root + "/users/user1").json
    let entra = try scene.id("Entra")
    assertForbidden { try scene.deactivate("user1", by: entra) }
    let dry = try scene.fixture.ask("POST", Self.path + "?dryRun=true", ["from": "Okta"])
    XCTAssertEqual([dry.json["users"], dry.json["groups"]], [3, 1])
    XCTAssertEqual(try scene.manager("user1"), "Okta")
    let last = scene.directory.lastOnDisk
    let answer = try scene.fixture.ask("POST", Self.path, ["from": "Okta"])
    XCTAssertEqual(answer.status, 200)
    XCTAssertNil(answer.json["job"])
    XCTAssertEqual(scene.directory.lastOnDisk, last + 1)
    for name in ["user0", "user1", "user2"] { XCTAssertEqual(try scene.manager(name), "Entra") }
    XCTAssertEqual(try scene.manager("Staff", "groups"), "Entra")
    let after = try scene.fixture.ask("GET", AdminFixture.root + "/users/user1").json
    for member in ["id", "meta", "groups", "active"] { XCTAssertEqual(after[member], before[member], member) }
    XCTAssertEqual(try scene.connection("Okta")["state"], "paused")
    guard case .paused? = scene.fixture.world.keys.granted(Array(scene.secret.utf8)[...])?.availability else {
      return XCTFail("its key is refused")
    }
    try scene.deactivate("user1", by: entra)
    assertForbidden { try scene.deactivate("user2", by: scene.okta) }
  }

  func testTakeOver_SomeUsers_LeavesTheOthersAndTheConnectionAsTheyAre() throws {
    let scene = try Scene(self)
    let answer = try scene.fixture.ask("POST", Self.path, ["from": "Okta", "users": ["user1"]])
    XCTAssertEqual(answer.json["users"], 1)
    XCTAssertEqual(answer.json["groups"], 0)
    XCTAssertEqual(try scene.manager("user1"), "Entra")
    XCTAssertEqual(try scene.manager("user0"), "Okta")
    XCTAssertEqual(try scene.manager("Staff", "groups"), "Okta")
    XCTAssertEqual(try scene.connection("Okta")["state"], "waiting")
    assertForbidden { try scene.deactivate("user1", by: scene.okta) }
    try scene.deactivate("user0", by: scene.okta)
    let again = try scene.fixture.ask("POST", Self.path, ["from": "Okta", "users": ["user0", "user1"]])
    XCTAssertEqual(again.code, "invalidMember")
    XCTAssertEqual(again.json["pointer"], "/users/1")
    XCTAssertEqual(try scene.manager("user0"), "Okta", "all or none")
  }

  func testTakeOver_Refused_ForWhatCannotBeMeant() throws {
    let scene = try Scene(self)
    func refusal(_ body: JSONValue, _ connection: String = "Entra") throws -> Int {
      try scene.fixture.ask("POST", AdminFixture.root + "/connections/\(connection)/take-over", body).status
    }
    XCTAssertEqual(try refusal(["from": "Okta"], "Okta"), 409)
    XCTAssertEqual(try refusal(["from": "None"]), 404)
    XCTAssertEqual(try refusal(["from": "Okta"], "None"), 404)
    XCTAssertEqual(try refusal(["from": "Okta", "users": []]), 400)
    XCTAssertEqual(try refusal(["from": "Okta", "users": ["nobody"]]), 404)
    XCTAssertEqual(try refusal(["from": "Okta", "groups": []]), 400)
    XCTAssertEqual(
      try refusal(["from": "Okta", "users": .array((0...2000).map { .string("user\($0)") })]), 400)
    XCTAssertEqual(try scene.connection("Okta")["state"], "waiting")
    XCTAssertEqual(try scene.manager("user0"), "Okta")
  }

  func testTakeOver_Repeated_IsCarriedOutOnce() throws {
    let scene = try Scene(self)
    let key = [("Idempotency-Key", "once")]
    let first = try scene.fixture.ask("POST", Self.path, ["from": "Okta"], fields: key)
    let last = scene.directory.lastOnDisk
    let second = try scene.fixture.ask("POST", Self.path, ["from": "Okta"], fields: key)
    XCTAssertEqual(second.json, first.json)
    XCTAssertEqual(second.fields[FieldName("Idempotent-Replayed")], "true")
    XCTAssertEqual(scene.directory.lastOnDisk, last)
  }

  func testTakeOver_MoreThanOneRecordTakes_IsAJobThatTheNextRunnerGoesOnWith() throws {
    let scene = try Scene(self, users: 2500)
    scene.fixture.world.jobs.stop()
    let begun = try scene.fixture.ask("POST", Self.path, ["from": "Okta"])
    XCTAssertEqual(begun.json["job"]?["kind"], "takeOver")
    XCTAssertEqual(begun.json["job"]?["total"], 2501)
    XCTAssertEqual(try scene.connection("Okta")["state"], "paused")
    XCTAssertEqual(try scene.manager("user0"), "Okta")
    JobRunner(scene.fixture.world.store, scene.fixture.world.access).finish()
    XCTAssertEqual(try scene.connection("Entra")["users"], 2500)
    XCTAssertEqual(try scene.connection("Entra")["groups"], 1)
    XCTAssertEqual(try scene.connection("Okta")["users"], 0)
    let job = try scene.fixture.ask("GET", "/admin/v1/jobs").items.first
    XCTAssertEqual(job?["state"], "finished")
    XCTAssertEqual(job?["done"], 2501)
  }

  func testConnection_MadeInPlaceOfAnother_HasItsResourcesFromItsFirstRecordOn() throws {
    let scene = try Scene(self, entra: false)
    let last = scene.directory.lastOnDisk
    let made = try scene.fixture.ask(
      "POST", AdminFixture.root + "/connections",
      ["name": "Entra", "provider": "entra", "replaces": "Okta"])
    XCTAssertEqual(made.status, 201)
    XCTAssertEqual(made.json["users"], 3)
    XCTAssertEqual(scene.directory.lastOnDisk, last + 1, "one record")
    XCTAssertEqual(try scene.manager("user0"), "Entra")
    XCTAssertEqual(try scene.connection("Okta")["state"], "paused")
    let wrong = try scene.fixture.ask(
      "POST", AdminFixture.root + "/connections", ["name": "x", "provider": "entra", "replaces": "None"])
    XCTAssertEqual(wrong.status, 404)
    XCTAssertEqual(try scene.fixture.ask("GET", AdminFixture.root + "/connections/x").status, 404)
  }

  func testTakeOver_ByAConnectionThatIsHeldBack_NeedsForceWhereRolesAreLost() throws {
    let scene = try Scene(self, entra: false)
    _ = try scene.fixture.ask("POST", AdminFixture.root + "/roles", ["value": "dev", "critical": true])
    let granted = try scene.fixture.ask(
      "POST", AdminFixture.root + "/grants?force=true", ["group": "Staff", "role": "dev"])
    XCTAssertEqual(granted.status, 201, "\(granted.json)")
    _ = try scene.fixture.ask("PATCH", AdminFixture.root, ["policies": ["roleReview": "draft"]])
    let body: JSONValue = ["name": "Entra", "provider": "entra", "replaces": "Okta"]
    let path = AdminFixture.root + "/connections"
    XCTAssertEqual(try scene.fixture.ask("POST", path, body).code, "needsForce")
    XCTAssertEqual(try scene.manager("user0"), "Okta")
    XCTAssertEqual(try scene.fixture.ask("POST", path + "?force=true", body).status, 201)
    XCTAssertEqual(try scene.manager("Staff", "groups"), "Entra")
  }

  func testTakeOver_IsInTheHistoryOfEveryUser() throws {
    let scene = try Scene(self)
    _ = try scene.fixture.ask("POST", Self.path, ["from": "Okta"])
    let history = try scene.fixture.ask("GET", AdminFixture.root + "/users/user1/history")
    XCTAssertTrue(String(decoding: history.bytes, as: UTF8.self).contains("managedBy"), "\(history.json)")
  }
}
