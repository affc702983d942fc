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
  private func stopped(_ body: (Tenant, [Resource], Gate) throws -> Void) throws {
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
      revealed.expect(
        "write", try tenant.pending(tenant.patching(ada, [["op": "replace", "path": "title", "value": "x"]])))
      gate.waitUntilReached()
      revealed.expect("read of what was written", try tenant.reading(ada))
      revealed.expect("read of its group, which could show it", try tenant.reading(group))
      revealed.expect(
        "a write that changes nothing",
        try tenant.pending(tenant.patching(ada, [["op": "replace", "path": "title", "value": "x"]])))
      revealed.expect(
        "a refusal for what was written",
        try tenant.pending(tenant.creation(tenant.user, ["userName": "ADA"])))
      revealed.expect("not found", try tenant.reading(tenant.user, "01234567-89ab-4def-8123-456789abcdef"))
      try tenant.core.query(
        ResourceQuery(
          parts: [try Tenant.part(tenant.user, "userName eq \"ada\"")], startIndex: 1, count: 9, base: "",
          showsMembers: true)
      ) { revealed.expect("query", $0) }
      XCTAssertEqual(revealed.all, [])
      XCTAssertNil(try tenant.read(bob).json["title"], "an unrelated resource is read at once")
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
      revealed.expect("write", try tenant.pending(tenant.patching(group, [add])))
      gate.waitUntilReached()
      revealed.expect("group", try tenant.reading(group))
      revealed.expect("new member", try tenant.reading(bob))
      revealed.expect("old member, whose group changed", try tenant.reading(ada))
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
      revealed.expect("write", try tenant.pending(tenant.deletion(group)))
      gate.waitUntilReached()
      revealed.expect("the group, gone", try tenant.reading(group))
      revealed.expect("its member", try tenant.reading(ada))
      XCTAssertEqual(revealed.all, [])
      XCTAssertEqual(try tenant.read(bob).id, bob.id)
      gate.open()
      revealed.wait()
      assertError(404) { _ = try tenant.read(group) }
    }
  }

  func testOnAFullDiskPeopleWhoLeaveCanStillBeDeletedDeactivatedAndTakenOutOfGroups() throws {
    let isFull = Locked(false)
    let disk = FaultyDisk { call, _ in call == .reserve && isFull.withLock { $0 } ? .error(ENOSPC) : nil }
    let store = try openStore(io: disk.io)
    let tenant = try store.tenant()
    let users = try (0..<40).map { try tenant.createUser("user\($0)") }
    let group = try tenant.createGroup("Staff", users)
    let key = try tenant.core.administrativeType("Key")
    let made = try tenant.directory.write { tx throws(SCIMError) in
      try tx.create(key, Document(["keyId": "key_1", "name": "one"]), members: [])
    }
    let id = try XCTUnwrap(made).id.text
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
    _ = try tenant.directory.write { tx throws(SCIMError) in
      let old = try tx.resource(key, id).document.attributes
      var revoked = old
      revoked["revoked"] = "2027-01-01T00:00:00.000Z"
      try tx.update(key, id, Document(revoked), [])
      return nil
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
    assertError(507, code: .diskFull) {
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
    let lost = try tenant.pending(
      tenant.patching(ada, [["op": "replace", "path": "title", "value": "lost"]]))
    lost.whenDurable { _ in XCTFail("acknowledged") }
    while events.stops.isEmpty { usleep(100) }
    try tenant.reading(ada).whenDurable { _ in XCTFail("revealed") }
    assertError(503, code: .stopping) { _ = try tenant.patchingNow(bob, "x") }
    XCTAssertEqual(try tenant.read(bob).id, bob.id, "what is on disk can be read")
    store.close()
    XCTAssertEqual(events.stops.count, 1)
    let again = try openStore()
    defer { again.close() }
    XCTAssertEqual(try again.tenant().page(tenant.user).total, 2)
  }

  func testTheAbsenceOfADeletedManagerIsNotShownBeforeItIsOnDisk() throws {
    let gate = Gate()
    let store = try openStore(io: gate.io(stopping: .dataSync, at: 3))
    let tenant = try store.tenant()
    let boss = try tenant.create(tenant.user, ["userName": "boss", "displayName": "Boss"])
    let named: JSONValue = ["manager": ["value": .string(boss.id.text)]]
    let user = try tenant.create(tenant.user, ["userName": "report", SchemaURN.enterpriseUser: named])
    let deletion = try tenant.pending(tenant.deletion(boss))
    gate.waitUntilReached()
    let shown = Locked(false)
    try tenant.reading(user).whenDurable { _ in shown.withLock { $0 = true } }
    XCTAssertFalse(shown.withLock { $0 })
    gate.open()
    _ = try deletion.wait()
    XCTAssertEqual(try tenant.read(user).json[SchemaURN.enterpriseUser], named)
    store.close()
  }

  func testAFullDiskIn507LeavesNothingOfSeveralOperations() throws {
    let isFull = Locked(false)
    let disk = FaultyDisk { call, _ in call == .reserve && isFull.withLock { $0 } ? .error(ENOSPC) : nil }
    let store = try openStore(io: disk.io)
    let tenant = try store.tenant()
    let users = try (0..<5).map { try tenant.createUser("user\($0)") }
    let group = try tenant.createGroup("Staff", users)
    isFull.withLock { $0 = true }
    let large = String(repeating: "x", count: 1 << 19)
    var number = 0
    func job() throws {
      let tag = number
      number += 1
      try tenant.directory.writeTogether { tx throws(SCIMError) in
        let id = try tx.step { tx throws(SCIMError) in
          try tx.create(
            tenant.user, Document(["userName": .string("new\(tag)"), "title": .string(large)]), members: [])
        }
        try tx.step { tx throws(SCIMError) in
          let renamed = Document(["displayName": .string("Staff \(tag)")])
          try tx.update(tenant.group, group.id.text, renamed, [.add([id.text])])
        }
        let name = users[tag % 5].id.text
        try? tx.step { tx throws(SCIMError) in try tx.delete(tenant.user, name) }
      }
    }
    var before = try tenant.dump()
    while true {
      do {
        try job()
        before = try tenant.dump()
      } catch let error as SCIMError {
        XCTAssertEqual(error.status, 507)
        break
      }
    }
    XCTAssertEqual(try tenant.dump(), before)
    XCTAssertEqual(try dumpOfCopy(), before)
    assertError(507) { try job() }
    XCTAssertEqual(try tenant.dump(), before)
    isFull.withLock { $0 = false }
    try job()
    let after = try tenant.dump()
    XCTAssertNotEqual(after, before)
    store.close()
    let again = try openStore()
    defer { again.close() }
    XCTAssertEqual(try again.tenant().dump(), after)
  }

  func testARecordTooLargeIsRefusedWhole() throws {
    let store = try openStore()
    defer { store.close() }
    let tenant = try store.tenant()
    let before = try tenant.dump()
    let text = String(repeating: "x", count: RecordLine.maxBytes)
    let document = Document(["userName": "ada", "title": .string(text)])
    assertError(413, code: .resourceTooLarge) {
      _ = try tenant.directory.write { tx throws(SCIMError) in
        try tx.create(tenant.user, document, members: [])
      }
    }
    let part = JSONValue.string(String(repeating: "x", count: 1 << 19))
    assertError(413, code: .changeTooLarge) {
      _ = try tenant.directory.write { tx throws(SCIMError) in
        for number in 0..<(RecordLine.maxBytes >> 19) {
          let user = Document(["userName": .string("u\(number)"), "title": part])
          _ = try tx.create(tenant.user, user, members: [])
        }
        return nil
      }
    }
    XCTAssertEqual(try tenant.dump(), before)
  }
}

extension Tenant {
  /// A write of which nothing may be revealed yet.
  fileprivate func pending(_ body: Body) throws -> Pending<Result<StoredResource?, SCIMError>> {
    try core.pendingWrite(body)
  }

  fileprivate func reading(_ old: Resource) throws -> Pending<Result<StoredResource, SCIMError>> {
    try reading(old.type, old.id.text)
  }

  fileprivate func reading(
    _ type: ResourceType, _ id: String
  ) throws -> Pending<Result<StoredResource, SCIMError>> {
    try core.read(type, Array(id.utf8)[...], members: true)
  }

  /// The refusal of a write that no sync will ever follow.
  fileprivate func patchingNow(_ old: Resource, _ title: String) throws -> StoredResource? {
    let result = Locked<Result<StoredResource?, SCIMError>?>(nil)
    let operations: [JSONValue] = [["op": "replace", "path": "title", "value": .string(title)]]
    _ = try pending(patching(old, operations)).map { value in result.withLock { $0 = value } }
    return try XCTUnwrap(result.withLock { $0 }).get()
  }
}
