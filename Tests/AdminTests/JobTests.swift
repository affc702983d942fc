import Credentials
import Foundation
import JSON
import SCIM
import Storage
import XCTest

@testable import Admin

/// Connections and directories are removed by jobs.
final class JobTests: XCTestCase {
  private static let path = AdminFixture.root + "/connections/Okta"

  /// A connection with a key, and 250 users and a group that it manages; one user is nobody's.
  private struct Scene {
    let fixture: AdminFixture
    let directory: Directory
    let connection: ResourceID
    let secret: String

    init(_ test: XCTestCase) throws {
      fixture = try AdminFixture(test)
      let world = fixture.world
      let directory = try world.store.directory(named: "default").get()
      self.directory = directory
      let type = directory.administrativeType("Connection")
      let context = RequestContext(Actor(.socket), requestID: "r", operation: "TEST")
      let id = try directory.writeTogether(context) { tx throws(SCIMError) in
        try tx.create(
          type, ConnectionDescription(name: "Okta", provider: "okta").document, members: [],
          skipsUnknown: false)
      }.whenDurable().get()
      connection = id
      var new = NewKey(name: "Okta")
      new.connection = id
      secret = try KeyAdministration(world.store, world.keys).create(new).secret
      let (user, group) = (directory.catalog.types[0], directory.catalog.types[1])
      let pushed = RequestContext(
        Actor(.key, key: "key_o", connection: id), requestID: "r", operation: "TEST")
      _ = try directory.writeTogether(pushed) { tx throws(SCIMError) in
        for number in 0..<250 {
          let document = Document(["userName": .string("user\(number)"), "active": true])
          _ = try tx.create(user, document, members: [], skipsUnknown: false)
        }
        _ = try tx.create(group, Document(["displayName": "Staff"]), members: [], skipsUnknown: false)
      }.whenDurable().get()
      _ = try fixture.user("local")
    }

    var counts: [Int] { directory.counts().prefix(2).map(\.count) }
    var active: Int { directory.managedResources(by: nil).count(where: \.isActive) }
    var isValid: Bool {
      if case .valid = fixture.world.keys.authenticate(Array(secret.utf8)[...]) { true } else { false }
    }
  }

  func testWithActiveUsersItHasToBeSaidWhatBecomesOfThemAndADryRunSaysWhatThereIs() throws {
    let scene = try Scene(self)
    let refused = try scene.fixture.ask("DELETE", Self.path)
    XCTAssertEqual(refused.code, "activeUsers")
    let dry = try scene.fixture.ask("DELETE", Self.path + "?dryRun=true")
    XCTAssertEqual(dry.json["activeUsers"], 250)
    XCTAssertEqual(dry.json["groups"], 1)
    XCTAssertEqual(dry.json["keys"], 1)
    XCTAssertNil(dry.json["job"])
    XCTAssertEqual(scene.active, 251)
    XCTAssertTrue(scene.isValid)
  }

  func testRemovingAConnectionWithTheHoldersOfARoleNeedsForce() throws {
    let scene = try Scene(self)
    _ = try scene.fixture.ask("POST", AdminFixture.root + "/roles", ["value": "dev", "critical": true])
    for number in 0..<2 {
      _ = try scene.fixture.ask(
        "POST", AdminFixture.root + "/grants", ["user": .string("user\(number)"), "role": "dev"])
    }
    let text = "The role \"dev\" is critical, and its last 2 holders would lose it."
    for users in ["deactivate", "delete"] {
      let dry = try scene.fixture.ask("DELETE", Self.path + "?users=\(users)&dryRun=true")
      XCTAssertEqual(dry.json["losses"], [.string(text)])
      let refused = try scene.fixture.ask("DELETE", Self.path + "?users=\(users)")
      XCTAssertEqual(refused.code, "needsForce")
      XCTAssertEqual(refused.json["detail"]?.stringValue, text)
    }
    XCTAssertNil(try scene.fixture.ask("DELETE", Self.path + "?users=keep&dryRun=true").json["losses"])
    XCTAssertTrue(scene.isValid)
    XCTAssertEqual(try scene.fixture.ask("DELETE", Self.path + "?users=deactivate&force=true").status, 200)
    scene.fixture.world.jobs.finish()
    XCTAssertFalse(scene.isValid)
  }

  func testTheMembersOfARemovedConnectionsGroupsLoseItsRolesToo() throws {
    let scene = try Scene(self)
    _ = try scene.fixture.ask("POST", AdminFixture.root + "/roles", ["value": "dev", "critical": true])
    _ = try scene.fixture.ask(
      "POST", AdminFixture.root + "/grants?force=true", ["group": "Staff", "role": "dev"])
    _ = try scene.fixture.ask("PATCH", AdminFixture.root + "/groups/Staff/members", ["add": ["local"]])
    func refusal(_ users: String) throws -> String? {
      try scene.fixture.ask("DELETE", Self.path + "?users=" + users).code
    }
    XCTAssertEqual(try refusal("delete"), "needsForce")
    XCTAssertNil(try refusal("deactivate"), "the group stays, and local with it")
  }

  func testARemovedConnectionLeavesNoKeyAndItsUsersAsItWasSaid() throws {
    for (users, left, active) in [
      ("keep", [251, 1], 251), ("deactivate", [251, 1], 1), ("delete", [1, 0], 1),
    ] {
      let scene = try Scene(self)
      let begun = try scene.fixture.ask("DELETE", Self.path + "?users=\(users)")
      XCTAssertEqual(begun.status, 200)
      scene.fixture.world.jobs.finish()
      XCTAssertEqual(scene.counts, left, users)
      XCTAssertEqual(scene.active, active, users)
      XCTAssertFalse(scene.isValid)
      let id = try XCTUnwrap(begun.json["job"]?["id"]?.stringValue)
      let job = try scene.fixture.ask("GET", "/admin/v1/jobs/\(id)")
      XCTAssertEqual(job.json["state"], "finished")
      XCTAssertEqual(job.json["done"], job.json["total"])
      XCTAssertEqual(
        scene.directory.administrativeResources(scene.directory.administrativeType("Connection")).count, 0)
      XCTAssertEqual(try scene.fixture.ask("DELETE", Self.path).status, 404)
    }
  }

  func testTheKeyIsRefusedFromTheIntentOnAndTheNextRunnerGoesOnWithTheJob() throws {
    let scene = try Scene(self)
    scene.fixture.world.jobs.stop()
    XCTAssertEqual(try scene.fixture.ask("DELETE", Self.path + "?users=deactivate").status, 200)
    scene.fixture.world.jobs.finish()
    XCTAssertEqual(scene.active, 251, "the process is to end")
    XCTAssertFalse(scene.isValid)
    XCTAssertEqual(try scene.fixture.ask("DELETE", Self.path + "?users=keep").status, 409)
    JobRunner(scene.fixture.world.store, scene.fixture.world.access).finish()
    XCTAssertEqual(scene.active, 1)
    XCTAssertEqual(try scene.fixture.ask("GET", "/admin/v1/jobs").items.map { $0["state"] }, ["finished"])
  }

  func testACancelledJobLeavesTheConnectionPaused() throws {
    let scene = try Scene(self)
    scene.fixture.world.jobs.stop()
    let begun = try scene.fixture.ask("DELETE", Self.path + "?users=delete")
    let id = try XCTUnwrap(begun.json["job"]?["id"]?.stringValue)
    XCTAssertEqual(try scene.fixture.ask("POST", "/admin/v1/jobs/\(id)/cancel").json["state"], "cancelled")
    XCTAssertEqual(try scene.fixture.ask("POST", "/admin/v1/jobs/\(id)/cancel").status, 409)
    JobRunner(scene.fixture.world.store, scene.fixture.world.access).finish()
    XCTAssertEqual(scene.counts, [251, 1])
    guard case .paused? = scene.fixture.world.keys.granted(Array(scene.secret.utf8)[...])?.availability else {
      return XCTFail("not paused")
    }
  }

  func testADeletedDirectoryIsGoneAndItsFilesAreArchivedOrGone() throws {
    for (users, isArchived) in [("keep", true), ("deactivate", true), ("delete", false)] {
      let scene = try Scene(self)
      let (world, folder) = (scene.fixture.world, scene.fixture.world.store.folder.path)
      XCTAssertEqual(
        try scene.fixture.ask("DELETE", "/admin/v1/directories/default?users=\(users)").status, 200)
      world.jobs.finish()
      XCTAssertNil(world.store.existingDirectory(named: "default"))
      XCTAssertFalse(scene.isValid)
      XCTAssertFalse(FileManager.default.fileExists(atPath: folder + "/directories/default"))
      let archived = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/archive")) ?? []
      XCTAssertEqual(archived.count, isArchived ? 1 : 0)
      XCTAssertEqual(try scene.fixture.ask("GET", "/admin/v1/jobs").items.map { $0["state"] }, ["finished"])
    }
  }

  func testADirectoryThatIsBeingDeletedIsNotMadeAnewUnderItsNameBeforeThatIsOver() throws {
    let scene = try Scene(self)
    let world = scene.fixture.world
    world.jobs.stop()
    let path = "/admin/v1/directories/default"
    XCTAssertEqual(try scene.fixture.ask("DELETE", path + "?users=keep").status, 200)
    // As a crash leaves it that comes before the last record.
    try world.store.close(directory: "default", keepingFiles: true)
    XCTAssertEqual(try scene.fixture.ask("POST", "/admin/v1/directories", ["name": "default"]).status, 409)
    XCTAssertThrowsError(try world.store.directory(named: "default").get())
    JobRunner(world.store, world.access).tidy()
    XCTAssertEqual(try scene.fixture.ask("GET", "/admin/v1/jobs").items.map { $0["state"] }, ["finished"])
    XCTAssertEqual(try scene.fixture.ask("POST", "/admin/v1/directories", ["name": "default"]).status, 201)
  }

  func testRecordsOfAJobNameIt() throws {
    let scene = try Scene(self)
    let begun = try scene.fixture.ask("DELETE", Self.path + "?users=deactivate")
    let id = try XCTUnwrap(begun.json["job"]?["id"]?.stringValue)
    scene.fixture.world.jobs.finish()
    var jobs = 0
    var history = try LogHistory(
      folder: scene.fixture.world.store.folder.path + "/directories/default", directory: "default")
    while let entry = try history.next() {
      if try entry.record()["job"]?.stringValue == id { jobs += 1 }
    }
    XCTAssertEqual(jobs, 4, "250 users in steps of 100, and the end")
  }
}
