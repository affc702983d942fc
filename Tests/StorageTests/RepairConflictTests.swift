import JSON
import SCIM
import XCTest

@testable import Storage

/// What a lost record kept in order: after a repair it is in order, or told.
final class RepairConflictTests: RepairTestCase {
  /// The state after a repair of what `changes` did, the records given being lost.
  private func repaired(
    losing records: [Int], _ changes: (Tenant) throws -> Void
  ) throws -> RepairReport {
    try startOver()
    let store = try openStore()
    try changes(try store.tenant())
    try cutOff(store)
    try damage(records)
    let repair = try repair()
    _ = try repaired(repair)
    XCTAssertEqual(try self.repair().report.conflicts, repair.report.conflicts, "still told")
    return repair.report
  }

  func testAUserNameThatALostRecordGaveUpIsToldAndBothUsersStay() throws {
    var ids: [String] = []
    for isDeleted in [false, true] {
      let report = try repaired(losing: [2]) { tenant in
        let first = try tenant.createUser("\u{c5}sa@example.com")
        if isDeleted {
          try tenant.delete(first)
        } else {
          try tenant.replace(first, ["userName": "ada"])
        }
        ids = [first.id.text, try tenant.createUser("A\u{30a}\u{ff33}A@Example.com").id.text]
      }
      XCTAssertEqual(report.lostFromState, [2...2])
      XCTAssertEqual(
        report.conflicts,
        [.init(type: "User", attribute: "userName", value: "\u{e5}sa@example.com", ids: ids)])
      let store = try openStore()
      defer { store.close() }
      let tenant = try store.tenant()
      XCTAssertEqual(
        try tenant.page(tenant.user, "userName eq \"\u{e5}sa@example.com\"").resources.map(\.id.text), ids)
    }
  }

  func testAConflictIsOverOnceOneOfTheTwoIsRenamedOrDeletedAndNoOtherIsMade() throws {
    for isDeleted in [false, true] {
      var users: [Resource] = []
      _ = try repaired(losing: [2]) { tenant in
        users = [try tenant.createUser("ada")]
        try tenant.delete(users[0])
        users.append(try tenant.createUser("ADA"))
      }
      let store = try openStore()
      let tenant = try store.tenant()
      assertError(409, .uniqueness) { try tenant.createUser("Ada") }
      try tenant.patch(users[0], [["op": "replace", "path": "title", "value": "x"]])
      if isDeleted { try tenant.delete(users[0]) } else { try tenant.replace(users[0], ["userName": "eve"]) }
      assertError(409, .uniqueness) { try tenant.createUser("Ada") }
      store.close()
      XCTAssertEqual(try repair().report.conflicts, [])
    }
  }

  func testWhatIsUniqueInGroupsIsToldWhereTheServerIsSetSo() throws {
    let report = try repaired(losing: [2]) { tenant in
      try tenant.delete(try tenant.createGroup("Staff"))
      try tenant.createGroup("staff")
    }
    XCTAssertEqual(report.conflicts, [])
    var options = StoreOptions()
    options.uniqueGroupNames = true
    let survey = try LogSurvey(
      folder: log, directory: "default", catalog: try Catalog.standard(), options: options)
    XCTAssertEqual(survey.report.conflicts.map(\.attribute), ["displayName"])
    XCTAssertTrue(survey.report.isSound)
  }

  func testWhoIsRestoredIsThereOnceAlthoughTheDeletionIsLost() throws {
    let report = try repaired(losing: [3]) { tenant in
      let ada = try tenant.create(tenant.user, ["userName": "ada", "externalId": "E-1"])
      try tenant.createGroup("Staff", [ada])
      try tenant.delete(ada)
      try tenant.create(tenant.user, ["userName": "ada", "externalId": "E-1", "title": "x"])
    }
    XCTAssertEqual(report.conflicts, [])
    let store = try openStore()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try XCTUnwrap(try tenant.page(tenant.user).resources.first)
    XCTAssertEqual(ada.json["title"], "x")
    XCTAssertEqual(ada.groupIDs, [], "a revival comes without memberships")
    XCTAssertEqual(try tenant.page(tenant.user).total + tenant.page(tenant.group).total, 2)
    XCTAssertEqual(try tenant.page(tenant.group).resources.map(\.memberIDs), [[]])
  }

  func testWhoIsMadeAnewUnderAnIDIsNotAlsoKeptAsDeletedAlthoughTheErasureIsLost() throws {
    _ = try repaired(losing: [3]) { tenant in
      let ada = try tenant.createUser("ada")
      try tenant.delete(ada)
      _ = try tenant.core.erase(tenant.user, ada.id, Tenant.context).wait().get()
      _ = try tenant.core.write(Tenant.context) { tx throws(SCIMError) in
        try tx.create(
          tenant.user, Document(["userName": "ada"]), members: [], skipsUnknown: false, id: ada.id)
      }.wait().get()
    }
    let store = try openStore()
    defer { store.close() }
    let tenant = try store.tenant()
    let ids = try tenant.page(tenant.user).resources.map(\.id.text)
    XCTAssertEqual(ids.count, 1)
    let deleted = try tenant.directory.summaries(tenant.user, deleted: true)
    XCTAssertFalse(deleted.contains { $0["id"]?.stringValue == ids.first })
  }

  func testAMembershipOfARestoredUserInALostGroupIsTold() throws {
    var ids: [String] = []
    let report = try repaired(losing: [2]) { tenant in
      let ada = try tenant.createUser("ada")
      let staff = try tenant.createGroup("Staff", [ada])
      try tenant.delete(ada)
      _ = try tenant.restore(ada)
      ids = [ada.id.text, staff.id.text]
    }
    XCTAssertEqual(report.lostChanges.map(\.id), [ids[0]])
    XCTAssertEqual(report.lostChanges.map(\.reason), ["its group \(ids[1]) does not exist"])
  }

  func testAnErasureThatWasNotCompletedBeforeTheDamageIsCompleted() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let alice = try tenant.createUser("alice")
    try tenant.createUser("bob")
    try tenant.patch(alice, [["op": "replace", "path": "title", "value": "Alice of Wonderland"]])
    _ = try tenant.core.erase(tenant.user, alice.id, Tenant.context).wait().get()
    try cutOff(store)
    try damage([2])
    let outcome = try repair().carryOut()
    XCTAssertEqual(outcome.report.erasedValuesIn, outcome.aside)
    for name in try names("") {
      XCTAssertFalse(String(decoding: try bytes(name), as: UTF8.self).lowercased().contains("alice"), name)
    }
  }

  func testWhicheverRecordsAreLostEveryMembershipHasTwoEndsAndEveryConflictIsTold() throws {
    var random = SeededRandom()
    var conflicts = 0
    for seed in 1...20 {
      let report = try repaired(losing: (1...90).filter { _ in Int.random(in: 0..<5, using: &random) == 0 }) {
        try changeNames($0, seed)
      }
      let store = try openStore()
      defer { store.close() }
      let tenant = try store.tenant()
      let users = try tenant.page(tenant.user).resources
      let groups = try tenant.page(tenant.group).resources
      XCTAssertEqual(Set((users + groups).map(\.id)).count, users.count + groups.count, "each is there once")
      let memberships = groups.flatMap { group in group.memberIDs.map { "\($0) \(group.id.text)" } }
      XCTAssertEqual(
        memberships.sorted(),
        users.flatMap { user in user.groupIDs.map { "\(user.id.text) \($0)" } }.sorted())
      let names = Dictionary(grouping: users) { $0.json["userName"]?.stringValue?.lowercased() ?? "" }
      XCTAssertEqual(
        report.conflicts.map(\.ids).sorted { $0[0] < $1[0] },
        names.values.filter { $0.count > 1 }.map { $0.map(\.id.text) }.sorted { $0[0] < $1[0] })
      conflicts += report.conflicts.count
    }
    XCTAssertGreaterThan(conflicts, 10)
  }

  /// A hundred changes of few names: users come, go, come back, are renamed, and join groups.
  private func changeNames(_ tenant: Tenant, _ seed: Int) throws {
    var client = RandomClient(seed: seed)
    var users: [Resource] = []
    var gone: [Resource] = []
    let groups = try (0..<3).map { try tenant.createGroup("g\($0)") }
    var count = 0
    while count < 100 {
      let name = ["ada", "ADA", "bob", "eve", "zoe", "kim"].randomElement(using: &client.random) ?? ""
      let place = users.indices.randomElement(using: &client.random)
      do {
        switch Int.random(in: 0..<10, using: &client.random) {
        case 0...2:
          users.append(try tenant.create(tenant.user, ["userName": .string(name), "externalId": "E"]))
        case 3...4:
          guard let place else { continue }
          try tenant.replace(users[place], ["userName": .string(name)])
        case 5...6:
          guard let place else { continue }
          try tenant.delete(users[place])
          gone.append(users.remove(at: place))
        case 7:
          guard let last = gone.popLast() else { continue }
          users.append(try tenant.restore(last))
        default:
          guard let place, let group = groups.randomElement(using: &client.random) else { continue }
          try tenant.add([users[place]], to: group)
        }
        count += 1
      } catch let error as SCIMError where [404, 409].contains(error.status) {
        continue
      }
    }
  }
}
