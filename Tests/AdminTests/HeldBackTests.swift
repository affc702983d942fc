import Access
import Admin
import Foundation
import JSON
import Platform
import SCIM
import Storage
import XCTest

/// With the policy `roleReview: draft`, what a new connection brings grants nothing until its first review.
final class HeldBackTests: XCTestCase {
  private let root = AdminFixture.root

  private struct World {
    let fixture: AdminFixture
    let connection: ResourceID
    let directory: Directory
  }

  /// Okta's connection, made under the policy, with a group Eng of which ada is a member and which has the role dev; ada
  /// is Okta's, too, and Okta says that she is a reader. Eng is in All, which has the role all.
  private func filled(_ policy: String = "draft") throws -> World {
    let fixture = try AdminFixture(self)
    _ = try fixture.ask(
      "PATCH", root, ["policies": ["roleReview": .string(policy), "rolesFromIdp": true]])
    for role in ["dev", "reader", "all", "own"] {
      _ = try fixture.ask(
        "POST", root + "/roles", ["value": .string(role), "permissions": [.string(role + ":do")]])
    }
    let made = try fixture.ask(
      "POST", root + "/connections", ["name": "Okta", "provider": "okta", "assignableRoles": ["reader"]])
    let connection = try XCTUnwrap(made.json["id"]?.stringValue.flatMap { ResourceID($0) })
    let world = World(
      fixture: fixture, connection: connection,
      directory: try XCTUnwrap(fixture.world.store.existingDirectory(named: "default")))
    let types = world.directory.catalog.types
    let (user, group) = (types[0], types[1])
    let follower = ProviderRoles(world.directory, fixture.world.access, connection: connection)
    _ = try push(world) { tx throws(SCIMError) in
      let document = Document(["userName": "ada", "active": true, "roles": [["value": "reader"]]])
      let ada = try tx.step { tx throws(SCIMError) in
        try tx.create(user, document.ordered(for: user), members: [], skipsUnknown: false)
      }
      try follower?.follow(ada, &tx)
      return try tx.step { tx throws(SCIMError) in
        try tx.create(group, Document(["displayName": "Eng"]), members: [ada.text], skipsUnknown: false)
      }
    }
    _ = try fixture.group("All")
    _ = try fixture.ask("PATCH", root + "/groups/All/members", ["add": ["Eng"]])
    for (kind, name, role) in [("group", "Eng", "dev"), ("group", "All", "all"), ("user", "ada", "own")] {
      _ = try fixture.ask("POST", root + "/grants", [kind: .string(name), "role": .string(role)])
    }
    return world
  }

  private func push(
    _ world: World, _ body: (inout Transaction) throws(SCIMError) -> ResourceID
  ) throws -> ResourceID {
    let context = RequestContext(
      Actor(.key, key: "key_okta", connection: world.connection), requestID: "r", operation: "PUSH")
    return try world.directory.writeTogether(context, body).whenDurable().get()
  }

  private func permissions(_ fixture: AdminFixture) throws -> [String] {
    let access = try fixture.ask("GET", root + "/access/ada").json
    let texts = (access["permissions"]?.arrayValue ?? []).compactMap(\.stringValue)
    for role in ["all", "dev", "own", "reader"] {
      let holders = try fixture.ask("GET", root + "/holders?role=" + role).items.count
      XCTAssertEqual(holders, texts.contains(role + ":do") ? 1 : 0, "the holders of \(role)")
      let check = try fixture.ask("GET", root + "/access/ada/explain?permission=\(role):do").json
      XCTAssertEqual(check["allowed"]?.boolValue, texts.contains(role + ":do"), role)
    }
    return texts
  }

  private static let everything = ["all:do", "dev:do", "own:do", "reader:do"]

  func testNothingIsHeldBackWithoutThePolicy() throws {
    let world = try filled("immediate")
    XCTAssertEqual(try permissions(world.fixture), Self.everything)
    XCTAssertEqual(try world.fixture.ask("GET", root + "/connections/Okta").json["heldBack"], false)
    let draft = try world.fixture.ask("POST", root + "/drafts", ["connections": ["Okta"]])
    XCTAssertEqual(draft.code, "conflict")
  }

  func testWhatANewConnectionBringsGrantsNothingUntilItsFirstReviewIsApplied() throws {
    let world = try filled()
    let fixture = world.fixture
    XCTAssertEqual(try permissions(fixture), ["own:do"], "what an administrator gave")
    XCTAssertEqual(try fixture.ask("GET", root + "/connections/Okta").json["heldBack"], true)
    for permission in ["dev:do", "all:do", "reader:do"] {
      let found = try fixture.ask("GET", root + "/access/ada/explain?permission=" + permission).json
      let text = found["because"]?.stringValue ?? ""
      XCTAssertTrue(
        text.hasPrefix("It is held back until the first review of the connection Okta is applied: ada -> "),
        text)
      XCTAssertEqual(found["missing"]?.arrayValue?.count, 1)
    }
    let draft = try fixture.ask("POST", root + "/drafts", ["connections": ["Okta"]])
    XCTAssertEqual(draft.status, 201, "\(draft.json)")
    let one = "\(root)/drafts/\(draft.json["id"]?.stringValue ?? "")"
    let review = try fixture.ask("GET", one + "/review").json["roles"]?.arrayValue ?? []
    XCTAssertEqual(review.map { $0["role"] }, ["all", "dev", "reader"])
    XCTAssertEqual(review.map { $0["gains"]?["count"] }, [1, 1, 1])
    XCTAssertEqual(try permissions(fixture), ["own:do"], "a draft grants nothing")
    XCTAssertEqual(try fixture.ask("POST", one + "/apply").json["revision"], 1)
    XCTAssertEqual(try permissions(fixture), Self.everything)
    XCTAssertEqual(try fixture.ask("GET", root + "/connections/Okta").json["heldBack"], false)
    let undo = try fixture.ask("POST", root + "/drafts/1/rollback").json["id"]?.stringValue ?? ""
    XCTAssertEqual(try fixture.ask("POST", "\(root)/drafts/\(undo)/apply?force=true").status, 200)
    XCTAssertEqual(try permissions(fixture), ["own:do"])
  }

  func testAChangedConnectionStaysHeldBackAndAChangedPolicyReleasesNobody() throws {
    let world = try filled()
    let change: JSONValue = ["name": "Okta 2", "assignableRoles": ["reader", "dev"]]
    XCTAssertEqual(try world.fixture.ask("PATCH", root + "/connections/Okta", change).json["heldBack"], true)
    _ = try world.fixture.ask("PATCH", root, ["policies": ["roleReview": "immediate"]])
    XCTAssertEqual(try permissions(world.fixture), ["own:do"])
    let text = try world.fixture.ask("GET", root + "/access/ada/explain?permission=dev:do").json["because"]
    XCTAssertTrue(text?.stringValue?.contains("the connection Okta 2 is") == true)
  }

  func testAPastExportKnowsWhatWasHeldBackThen() throws {
    let world = try filled()
    let fixture = world.fixture
    Thread.sleep(forTimeInterval: 0.005)
    let then = DateTime(milliseconds: fixture.world.environment.now()).description
    Thread.sleep(forTimeInterval: 0.005)
    let draft = try fixture.ask("POST", root + "/drafts", ["connections": ["Okta"]]).json["id"]?.stringValue
    XCTAssertEqual(try fixture.ask("POST", "\(root)/drafts/\(draft ?? "")/apply").status, 200)
    func lines(_ query: String) throws -> Int {
      try fixture.ask("GET", root + "/rights" + query).bytes.count { $0 == UInt8(ascii: "\n") }
    }
    XCTAssertEqual(try lines(""), 4)
    XCTAssertEqual(try lines("?asOf=" + then), 1)
  }
}
