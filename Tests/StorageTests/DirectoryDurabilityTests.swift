import Dispatch
import Glibc
import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// Nothing is revealed before it is on disk, and nothing is kept that could not be written.
final class DirectoryDurabilityTests: DirectoryTestCase {
  /// Counts what was revealed, by name.
  private final class Revealed: Sendable {
    private let names = Locked<Set<String>>([])
    private let group = DispatchGroup()

    func expect<Value>(_ name: String, _ pending: Pending<Value>) {
      group.enter()
      pending.whenDurable { _ in
        self.names.withLock { _ = $0.insert(name) }
        self.group.leave()
      }
    }

    var all: Set<String> { names.withLock { $0 } }
    func wait() { group.wait() }
  }

  /// Users ada and bob and a group of both on disk; then every sync stops at the gate.
  private func stopped(_ body: (Tenant, [StoredResource], Gate) throws -> Void) throws {
    let plain = try openStore()
    let (ada, bob) = (try plain.tenant().createUser("ada"), try plain.tenant().createUser("bob"))
    let group = try plain.tenant().createGroup("Staff", [ada])
    plain.close()
    let gate = Gate()
    let store = try openStore(io: gate.io(stopping: .dataSync))
    try body(try store.tenant(), [ada, bob, group], gate)
    gate.open()
    store.close()
  }

  func testNeitherAWriteNorWhatDependsOnItIsRevealedBeforeTheSync() throws {
    try stopped { tenant, known, gate in
      let revealed = Revealed()
      let (ada, bob, group) = (known[0], known[1], known[2])
      revealed.expect("write", try tenant.patching(ada, [["op": "replace", "path": "title", "value": "x"]]))
      gate.waitUntilReached()
      revealed.expect("read of what was written", tenant.reading(ada))
      revealed.expect("read of its group, which could show it", tenant.reading(group))
      revealed.expect(
        "a write that changes nothing",
        try tenant.patching(
          ada, [["op": "replace", "path": "title", "value": "x"]]))
      revealed.expect("a refusal for what was written", try tenant.creation(tenant.user, ["userName": "ADA"]))
      revealed.expect("not found", tenant.reading(tenant.user, "01234567-89ab-4def-8123-456789abcdef"))
      tenant.directory.query(
        ResourceQuery(
          parts: [try Tenant.part(tenant.user, "userName eq \"ada\"")], startIndex: 1, count: 9, base: "",
          showsMembers: true)
      ) { revealed.expect("query", $0) }
      XCTAssertEqual(revealed.all, [])
      XCTAssertNil(
        try tenant.reading(bob).wait().get().json["title"], "an unrelated resource is read at once")
      XCTAssertEqual(revealed.all, [])
      gate.open()
      revealed.wait()
      XCTAssertEqual(revealed.all.count, 7)
      XCTAssertEqual(try tenant.read(ada).json["title"], "x")
    }
  }

  func testAMembershipIsRevealedAtNeitherEndBeforeTheSync() throws {
    try stopped { tenant, known, gate in
      let revealed = Revealed()
      let (ada, bob, group) = (known[0], known[1], known[2])
      let add: JSONValue = ["op": "add", "path": "members", "value": Tenant.references([bob])]
      revealed.expect("write", try tenant.patching(group, [add]))
      gate.waitUntilReached()
      revealed.expect("group", tenant.reading(group))
      revealed.expect("new member", tenant.reading(bob))
      revealed.expect("old member, whose group changed", tenant.reading(ada))
      XCTAssertEqual(revealed.all, [])
      gate.open()
      revealed.wait()
      XCTAssertEqual(try tenant.read(bob).groupIDs, [group.id.text])
    }
  }

  func testADeletionIsNotRevealedBeforeTheSync() throws {
    try stopped { tenant, known, gate in
      let revealed = Revealed()
      let (ada, bob, group) = (known[0], known[1], known[2])
      let type = tenant.group
      revealed.expect(
        "write",
        tenant.directory.write(Tenant.context) { tx throws(SCIMError) in
          tx.delete(try tx.resource(type, group.id.text))
          return nil
        })
      gate.waitUntilReached()
      revealed.expect("the group, gone", tenant.reading(group))
      revealed.expect("its member", tenant.reading(ada))
      XCTAssertEqual(revealed.all, [])
      XCTAssertEqual(try tenant.reading(bob).wait().get().id, bob.id)
      gate.open()
      revealed.wait()
      assertError(404) { _ = try tenant.read(group) }
    }
  }

  func test_R06_OnAFullDiskPeopleWhoLeaveCanStillBeDeletedDeactivatedAndTakenOutOfGroups() throws {
    let isFull = Locked(false)
    let disk = FaultyDisk { call, _ in call == .reserve && isFull.withLock { $0 } ? .error(ENOSPC) : nil }
    let store = try openStore(io: disk.io)
    let tenant = try store.tenant()
    let users = try (0..<40).map { try tenant.createUser("user\($0)") }
    let group = try tenant.createGroup("Staff", users)
    isFull.withLock { $0 = true }
    // Until there is no room for the shortest of such records.
    for size in [60_000, 1000, 0] {
      var number = 0
      func fill() throws {
        number += 1
        let text = "\(number)" + String(repeating: "x", count: size)
        try tenant.patch(users[0], [["op": "replace", "path": "title", "value": .string(text)]])
      }
      while (try? fill()) != nil {}
    }
    let long = JSONValue.string(String(repeating: "x", count: 1000))
    assertError(507) { try tenant.create(tenant.user, ["userName": "new", "title": long]) }
    try tenant.patch(users[1], [["op": "replace", "path": "active", "value": false]])
    assertError(507) {
      try tenant.patch(
        users[1],
        [["op": "replace", "path": "active", "value": true], ["op": "add", "path": "title", "value": long]])
    }
    try tenant.remove([users[2]], from: group)
    for user in users[3...] { try tenant.delete(user) }
    XCTAssertEqual(try tenant.read(group).memberIDs.count, 2)
    XCTAssertEqual(try dumpOfCopy(), try tenant.dump())
    store.close()
  }

  func testAFullDiskIs507AndChangesNothing() throws {
    let isFull = Locked(false)
    let disk = FaultyDisk { call, _ in call == .reserve && isFull.withLock { $0 } ? .error(ENOSPC) : nil }
    let store = try openStore(io: disk.io)
    let tenant = try store.tenant()
    let user = try tenant.createUser("ada")
    let group = try tenant.createGroup("Staff", [user])
    isFull.withLock { $0 = true }
    let large = String(repeating: "x", count: 60_000)
    var number = 0
    var before = try tenant.dump()
    while true {
      number += 1
      do {
        try tenant.patch(user, [["op": "replace", "path": "title", "value": .string("\(number)\(large)")]])
        before = try tenant.dump()
      } catch let error as SCIMError {
        XCTAssertEqual(error.status, 507)
        break
      }
    }
    // Longer than the record that was refused, which had a title before and after.
    let text = JSONValue.string(large)
    assertError(507) {
      try tenant.create(
        tenant.user, ["userName": "bob", "title": text, "nickName": text, "displayName": text])
    }
    XCTAssertEqual(try tenant.dump(), before)
    XCTAssertEqual(try tenant.read(group).memberIDs, [user.id.text])
    XCTAssertEqual(try dumpOfCopy(), before)
    isFull.withLock { $0 = false }
    try tenant.create(tenant.user, ["userName": "bob", "title": .string(large)])
    try tenant.delete(user)
    let after = try tenant.dump()
    store.close()
    XCTAssertEqual(events.stops, [])
    let again = try openStore()
    defer { again.close() }
    XCTAssertEqual(try again.tenant().dump(), after)
  }

  func testAFailedSyncIsNeverAcknowledgedAndEndsAllWriting() throws {
    let disk = FaultyDisk { call, number in call == .dataSync && number == 3 ? .error(EIO) : nil }
    let store = try openStore(io: disk.io)
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    let bob = try tenant.createUser("bob")
    try tenant.patching(ada, [["op": "replace", "path": "title", "value": "lost"]]).whenDurable { _ in
      XCTFail("acknowledged")
    }
    while events.stops.isEmpty { usleep(100) }
    tenant.reading(ada).whenDurable { _ in XCTFail("revealed") }
    assertError(503) { _ = try tenant.patchingNow(bob, "x") }
    XCTAssertEqual(try tenant.read(bob).id, bob.id, "what is on disk can be read")
    store.close()
    XCTAssertEqual(events.stops.count, 1)
    let again = try openStore()
    defer { again.close() }
    XCTAssertEqual(try again.tenant().page(tenant.user).total, 2)
  }

  func testARecordTooLargeIsRefusedWhole() throws {
    let store = try openStore()
    defer { store.close() }
    let tenant = try store.tenant()
    let before = try tenant.dump()
    let text = String(repeating: "x", count: RecordLine.maxBytes)
    let type = tenant.user
    let written = tenant.directory.write(Tenant.context) { tx throws(SCIMError) in
      try tx.create(
        type, Document(["userName": "ada", "title": .string(text)]), members: [], skipsUnknown: false)
    }
    assertError(413) { _ = try written.wait().get() }
    XCTAssertEqual(try tenant.dump(), before)
  }
}

extension Tenant {
  /// The refusal of a write that no sync will ever follow.
  fileprivate func patchingNow(_ old: StoredResource, _ title: String) throws -> StoredResource? {
    let result = Locked<Result<StoredResource?, SCIMError>?>(nil)
    _ = try patching(old, [["op": "replace", "path": "title", "value": .string(title)]]).map { value in
      result.withLock { $0 = value }
    }
    return try XCTUnwrap(result.withLock { $0 }).get()
  }
}
