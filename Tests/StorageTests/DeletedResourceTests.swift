import Foundation
import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// A deleted resource is gone for clients, and kept for whoever must bring it back.
class DeletedResourceTests: DirectoryTestCase {
  private func restore(_ tenant: Tenant, _ old: StoredResource) throws -> StoredResource {
    let restored = try tenant.directory.restore(old.type, old.id.text, Tenant.context).wait().get()
    return try XCTUnwrap(restored)
  }

  private func deleted(_ tenant: Tenant, _ type: ResourceType) throws -> [JSONValue] {
    try lines(tenant.directory.summaries(type, deleted: true).wait())
  }

  private func lines(_ pieces: SummaryPieces) -> [JSONValue] {
    var lines: [JSONValue] = []
    while let piece = pieces.next() {
      lines += piece.split(separator: 0x0A).compactMap { try? JSONParser.parse($0) }
    }
    return lines
  }

  func testARestoredUserHasTheIDTheCreationTimeAndTheGroupsFromBefore() throws {
    let store = try openContract()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    let staff = try tenant.createGroup("Staff", [ada])
    clock.advance(by: 5000)
    try tenant.delete(ada)
    XCTAssertEqual(try tenant.read(staff).memberIDs, [])
    assertError(404) { _ = try tenant.read(ada) }
    clock.advance(by: 5000)
    let restored = try restore(tenant, ada)
    XCTAssertEqual(restored.id, ada.id)
    XCTAssertEqual(restored.created, ada.created)
    XCTAssertEqual(restored.modified, clock.now)
    XCTAssertNotEqual(restored.version, ada.version)
    XCTAssertEqual(restored.groupIDs, [staff.id.text])
    XCTAssertEqual(try tenant.read(staff).memberIDs, [ada.id.text])
    XCTAssertEqual(try deleted(tenant, tenant.user).count, 0)
  }

  func testARestoredGroupHasThoseOfItsMembersThatStillExist() throws {
    let store = try openContract()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    let bob = try tenant.createUser("bob")
    let staff = try tenant.createGroup("Staff", [ada, bob])
    try tenant.delete(staff)
    try tenant.delete(bob)
    XCTAssertEqual(try restore(tenant, staff).memberIDs, [ada.id.text])
    XCTAssertEqual(try tenant.read(ada).groupIDs, [staff.id.text])
  }

  func testAMembershipOfTwoDeletedResourcesComesBackInWhateverOrderTheyAreRestored() throws {
    let store = try openContract()
    defer { store.close() }
    let tenant = try store.tenant()
    for isUserDeletedFirst in [true, false] {
      for isUserRestoredFirst in [true, false] {
        let ada = try tenant.createUser("ada")
        let staff = try tenant.createGroup("Staff", [ada])
        for each in isUserDeletedFirst ? [ada, staff] : [staff, ada] { try tenant.delete(each) }
        for each in isUserRestoredFirst ? [ada, staff] : [staff, ada] { _ = try restore(tenant, each) }
        XCTAssertEqual(try tenant.read(ada).groupIDs, [staff.id.text])
        XCTAssertEqual(try tenant.read(staff).memberIDs, [ada.id.text])
        XCTAssertEqual(try tenant.dump(), try dumpOfCopy())
        try tenant.delete(ada)
        try tenant.delete(staff)
      }
    }
  }

  func testAUserWhoseNameWasTakenIsNotRestoredAndTheTextSaysByWhom() throws {
    let store = try openContract()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada@example.com")
    try tenant.delete(ada)
    let other = try tenant.createUser("ADA@example.com")
    XCTAssertNotEqual(other.id, ada.id)
    XCTAssertThrowsError(try restore(tenant, ada)) { error in
      XCTAssertEqual((error as? SCIMError)?.status, 409)
      XCTAssertTrue("\(error)".contains(other.id.text), "\(error)")
    }
    try tenant.delete(other)
    XCTAssertEqual(try restore(tenant, ada).id, ada.id)
  }

  func testWhatIsNotDeletedOrWasNeverThereIsNotRestored() throws {
    let store = try openContract()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    assertError(409) { _ = try restore(tenant, ada) }
    let unknown = "00000000-0000-4000-8000-000000000000"
    assertError(404) {
      _ = try tenant.directory.restore(tenant.user, unknown, Tenant.context).wait().get()
    }
    try tenant.delete(ada)
    assertError(404) {
      _ = try tenant.directory.restore(tenant.group, ada.id.text, Tenant.context).wait().get()
    }
  }

  func testAPostWithTheSameUserNameAndExternalIdRevivesUnderTheSameIDWithoutMemberships() throws {
    let store = try openContract()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.create(tenant.user, ["userName": "ada@example.com", "externalId": "E-1"])
    try tenant.createGroup("Staff", [ada])
    try tenant.delete(ada)
    let revived = try tenant.create(
      tenant.user, ["userName": "Ada@Example.com", "externalId": "E-1", "title": "Countess"])
    XCTAssertEqual(revived.id, ada.id)
    XCTAssertEqual(revived.json["userName"], "Ada@Example.com")
    XCTAssertEqual(revived.json["title"], "Countess")
    XCTAssertEqual(revived.groupIDs, [])
  }

  func testAPostThatSharesOnlyTheUserNameOrOnlyTheExternalIdIsANewResource() throws {
    let store = try openContract()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.create(tenant.user, ["userName": "ada", "externalId": "E-1"])
    try tenant.delete(ada)
    for other: JSONValue in [
      ["userName": "ada"], ["userName": "ada", "externalId": "e-1"],
      ["userName": "bob", "externalId": "E-1"], ["userName": "ada", "externalId": "E-2"],
    ] {
      let created = try tenant.create(tenant.user, other)
      XCTAssertNotEqual(created.id, ada.id)
      try tenant.delete(created)
    }
    let elsewhere = try store.tenant("other").create(
      tenant.user, ["userName": "ada", "externalId": "E-1"])
    XCTAssertNotEqual(elsewhere.id, ada.id)
  }

  func testAfterTheRetentionADeletedResourceIsNeitherListedNorRestoredNorRevived() throws {
    let store = try openContract()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.create(tenant.user, ["userName": "ada", "externalId": "E-1"])
    try tenant.delete(ada)
    clock.advance(by: 90 * 86_400_000 - 1)
    XCTAssertEqual(try deleted(tenant, tenant.user).map { $0["id"]?.stringValue }, [ada.id.text])
    clock.advance(by: 1)
    XCTAssertEqual(try deleted(tenant, tenant.user).count, 0)
    assertError(404) { _ = try restore(tenant, ada) }
    XCTAssertNotEqual(
      try tenant.create(tenant.user, ["userName": "ada", "externalId": "E-1"]).id, ada.id)
  }

  func testWithPurgeNothingIsKept() throws {
    var options = StoreOptions()
    options.deletedRetention = 0
    let store = try openContract(options: options)
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    try tenant.delete(ada)
    XCTAssertEqual(try deleted(tenant, tenant.user).count, 0)
    assertError(404) { _ = try restore(tenant, ada) }
  }

  func testDeletedResourcesRestoresAndRevivalsSurviveARestartFromTheJournalAndFromASnapshot() throws {
    for snapshotBytes in [64 << 20, 64] {
      tearDown()
      try setUpWithError()
      let store = try openContract(options: options(snapshotBytes: snapshotBytes))
      let tenant = try store.tenant()
      let ada = try tenant.createUser("ada")
      let bob = try tenant.create(tenant.user, ["userName": "bob", "externalId": "E-2"])
      let eve = try tenant.createUser("eve")
      let staff = try tenant.createGroup("Staff", [ada, bob, eve])
      for user in [ada, bob, eve] {
        clock.advance(by: 1000)
        try tenant.delete(user)
      }
      _ = try restore(tenant, ada)
      try tenant.create(tenant.user, ["userName": "bob", "externalId": "E-2", "title": "new"])
      let before = try tenant.dump()
      let deletedBefore = try deleted(tenant, tenant.user)
      // Files come and go under a copy while snapshots are taken.
      if snapshotBytes == 64 { store.close() }
      let copy = try openStore(try copyOfFolder())
      XCTAssertEqual(try copy.tenant().dump(), before)
      XCTAssertEqual(try deleted(try copy.tenant(), tenant.user), deletedBefore)
      XCTAssertEqual(try restore(try copy.tenant(), eve).groupIDs, [staff.id.text])
      copy.close()
      if snapshotBytes != 64 { store.close() }
      let again = try openContract()
      XCTAssertEqual(try again.tenant().dump(), before)
      XCTAssertEqual(
        try deleted(try again.tenant(), tenant.user).map { $0["id"]?.stringValue }, [eve.id.text])
      XCTAssertEqual(try restore(try again.tenant(), eve).groupIDs, [staff.id.text])
      again.close()
    }
  }

  func testAStartDropsWhatIsKeptNoLonger() throws {
    let store = try openContract()
    try store.tenant().delete(try store.tenant().createUser("ada"))
    store.close()
    clock.advance(by: 91 * 86_400_000)
    let again = try openStore()
    try again.tenant().createUser("bob")
    again.close()
    let reader = try DirectoryReader(
      folder: try DataFolder.open(folder, .readOnly), directory: "default", catalog: again.catalog,
      options: StoreOptions(), now: 0)
    XCTAssertEqual(reader.counts().map(\.deleted), [0, 0])
  }

  /// Run with RECORD_RECORDS=1 to write the fixture anew.
  func testARestoreIsWrittenAsItAlwaysWas() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let ada = try tenant.create(tenant.user, ["userName": "ada", "externalId": "E-1", "title": "Countess"])
    let staff = try tenant.createGroup("Staff", [ada])
    let crew = try tenant.createGroup("Crew", [ada])
    try tenant.delete(ada)
    try tenant.delete(crew)
    clock.advance(by: 60_000)
    _ = try restore(tenant, ada)
    try tenant.delete(ada)
    try tenant.create(tenant.user, ["userName": "Ada", "externalId": "E-1"])
    try tenant.delete(staff)
    var records: [String] = []
    let log = "\(folder)/directories/default"
    _ = try LogReader.recover(
      folder: log, directory: "default", mode: .readOnly, snapshotLine: { _ in },
      record: { records.append(String(decoding: $0.bytes, as: UTF8.self)) })
    store.close()
    let snapshot = try FileSystem.list(log).first { $0.hasPrefix("snapshot-") }
    let lines = String(decoding: try FileSystem.readFile("\(log)/\(try XCTUnwrap(snapshot))"), as: UTF8.self)
      .split(separator: "\n").dropFirst().dropLast().map(String.init)
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures/record/restore-1.jsonl")
    if ProcessInfo.processInfo.environment["RECORD_RECORDS"] != nil {
      try Data((records + lines).map { $0 + "\n" }.joined().utf8).write(to: url)
    }
    let fixture = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
    XCTAssertEqual(records + lines, fixture)
    let state = DirectoryState(catalog: store.catalog, options: StoreOptions())
    for (index, line) in fixture.prefix(records.count).enumerated() {
      try state.replay(try JSONParser.parse(Array(line.utf8)), seq: UInt64(index + 1))
    }
    var replayed = SnapshotLines(state.capture(), store.catalog)
    for line in lines { XCTAssertEqual(replayed.next().map { String(decoding: $0, as: UTF8.self) }, line) }
    XCTAssertNil(replayed.next())
  }

  func testTheTableFindsTheNewestOfAnAccountAndForgetsFromTheFront() throws {
    let type = try XCTUnwrap(try Catalog.standard().type(named: "User"))
    var table = TombstoneTable(retention: 1000)
    var ids: [ResourceID] = []
    for number in 0..<1000 {
      let id = try XCTUnwrap(ResourceID(String(format: "00000000-0000-4000-8000-%012d", number)))
      let document = Document(["userName": .string("user\(number % 10)"), "externalId": "x"])
      ids.append(id)
      table.append(
        Tombstone(
          id: id, type: 0, created: 0, modified: 0, deleted: Int64(number), seq: UInt64(number),
          body: EncodedDocument(document, of: type), groups: [], members: []))
    }
    let wanted = Document(["userName": "USER3", "externalId": "x"])
    XCTAssertEqual(table.matching(wanted, 0, at: 999)?.id, ids[993])
    table.remove(ids[993])
    XCTAssertEqual(table.matching(wanted, 0, at: 999)?.id, ids[983])
    XCTAssertNil(table.matching(wanted, 1, at: 999))
    table.removeExpired(at: 1700)
    XCTAssertEqual(table.count, 298)
    XCTAssertNil(table[ids[700]])
    XCTAssertEqual(table[ids[701]]?.id, ids[701])
    table.removeExpired(at: 5000)
    XCTAssertEqual(table.count, 0)
    XCTAssertTrue(table.range.isEmpty)
  }
}
