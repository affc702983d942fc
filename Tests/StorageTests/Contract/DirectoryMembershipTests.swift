import Dispatch
import JSON
import Platform
import SCIM
@testable import Storage
import XCTest

/// Memberships are edges: they show at both ends, and go with either.
class DirectoryMembershipTests: StoreContractTestCase {
  func testAMembershipShowsAtBothEnds() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let (ada, bob) = (try tenant.createUser("ada"), try tenant.createUser("bob"))
    let group = try tenant.createGroup("Staff", [ada])
    XCTAssertEqual(try tenant.read(group).memberIDs, [ada.id.text])
    XCTAssertEqual(try tenant.read(ada).groupIDs, [group.id.text])
    try tenant.patch(
      group,
      [
        ["op": "add", "path": "members", "value": Tenant.references([bob, ada])],
        ["op": "remove", "path": .string("members[value eq \"\(ada.id.text)\"]")],
      ])
    XCTAssertEqual(try tenant.read(group).memberIDs, [bob.id.text])
    XCTAssertEqual(try tenant.read(ada).groupIDs, [])
    XCTAssertEqual(try tenant.read(bob).groupIDs, [group.id.text])
    XCTAssertEqual(try tenant.page(tenant.group, "members.value eq \"\(bob.id.text)\"").total, 1)
    XCTAssertEqual(try tenant.page(tenant.user, "groups.value eq \"\(group.id.text)\"").total, 1)
  }

  func testADeletedUserIsInNoGroup() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let (ada, bob) = (try tenant.createUser("ada"), try tenant.createUser("bob"))
    let groups = try (0..<40).map { try tenant.createGroup("g\($0)", [ada, bob]) }
    try tenant.delete(ada)
    for group in groups {
      let now = try tenant.read(group)
      XCTAssertEqual(now.memberIDs, [bob.id.text])
      XCTAssertNotEqual(now.version, group.version)
      XCTAssertGreaterThan(now.modified, group.modified)
    }
    XCTAssertEqual(try tenant.page(tenant.group, "members.value eq \"\(ada.id.text)\"").total, 0)
    try assertAPowerCutLosesNothing(tenant)
  }

  func testALargeGroupThatIsDeletedIsGoneForItsMembersAtOnceAndComesBackWhole() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let users = try (0..<600).map { try tenant.createUser("u\($0)") }
    let (small, large) = (try tenant.createGroup("small", [users[0]]), try tenant.createGroup("large", users))
    let joined = try tenant.read(users[0])
    // Taken back, as if it had not been.
    try tenant.directory.writeTogether { tx throws(SCIMError) in
      do throws(SCIMError) {
        try tx.step { tx throws(SCIMError) in
          try tx.delete(tenant.group, large.id.text)
          throw SCIMError(.invalidValue, "no")
        }
      } catch { XCTAssertEqual(error.status, 400) }
      _ = try tx.create(tenant.user, Document(["userName": "last"]), members: [])
    }
    XCTAssertEqual(try tenant.read(users[0]).groupIDs, [small.id.text, large.id.text])
    XCTAssertEqual(try tenant.read(large).memberIDs.count, 600)
    try tenant.delete(large)
    XCTAssertEqual(try tenant.read(users[0]).groupIDs, [small.id.text])
    XCTAssertNotEqual(try tenant.read(users[0]).version, joined.version)
    XCTAssertEqual(try tenant.read(users[599]).groupIDs, [])
    XCTAssertEqual(try tenant.page(tenant.user, "groups pr").total, 1)
    XCTAssertEqual(try tenant.page(tenant.group, "members.value eq \"\(users[0].id.text)\"").total, 1)
    try assertAPowerCutLosesNothing(tenant)
    _ = try tenant.restore(large)
    XCTAssertEqual(try tenant.read(large).memberIDs, users.map(\.id.text))
    XCTAssertEqual(try tenant.read(users[599]).groupIDs, [large.id.text])
    try tenant.delete(users[599])
    XCTAssertEqual(try tenant.read(large).memberIDs.count, 599)
    try assertAPowerCutLosesNothing(tenant)
  }

  func testAUserInMoreGroupsThanAreShownShowsTheNearest() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let user = try tenant.createUser("ada")
    let direct = try (0..<998).map { try tenant.createGroup("d\($0)", [user]) }
    let near = try tenant.createGroup("near", [direct[0]])
    let far = try tenant.createGroup("far", [near])
    let all = try tenant.read(user).groupIDs
    XCTAssertEqual(all, (direct + [near, far]).map(\.id.text))
    let last = try tenant.createGroup("last", [user])
    let shown = try tenant.read(user).groupIDs
    XCTAssertEqual(shown, (direct + [last, near]).map(\.id.text))
    XCTAssertEqual(try tenant.page(tenant.group, "members.value eq \"\(user.id.text)\"").total, 999)
    XCTAssertEqual(try tenant.page(tenant.user, "groups.value eq \"\(far.id.text)\"").total, 1)
  }

  func testADeletedGroupIsGoneFromItsMembersAndItsParents() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    let inner = try tenant.createGroup("inner", [ada])
    let outer = try tenant.createGroup("outer", [inner])
    XCTAssertEqual(try tenant.read(ada).groupIDs, [inner.id.text, outer.id.text])
    try tenant.delete(inner)
    XCTAssertEqual(try tenant.read(ada).groupIDs, [])
    XCTAssertEqual(try tenant.read(outer).memberIDs, [])
    try assertAPowerCutLosesNothing(tenant)
  }

  func testNestedGroupsShowAsIndirectAndFollowEveryChange() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    let a = try tenant.createGroup("a", [ada])
    let b = try tenant.createGroup("b", [a])
    let c = try tenant.createGroup("c", [b, ada])
    func kinds() throws -> [String] {
      (try tenant.read(ada).json["groups"]?.arrayValue ?? []).map {
        "\($0["display"]?.stringValue ?? "") \($0["type"]?.stringValue ?? "")"
      }
    }
    XCTAssertEqual(try kinds(), ["a direct", "c direct", "b indirect"])
    try tenant.remove([ada], from: c)
    XCTAssertEqual(try kinds(), ["a direct", "b indirect", "c indirect"])
    try tenant.patch(b, [["op": "replace", "path": "displayName", "value": "B"]])
    XCTAssertEqual(try kinds(), ["a direct", "B indirect", "c indirect"])
    XCTAssertEqual(
      try tenant.page(tenant.user, "groups.value eq \"\(c.id.text)\"").resources.map(\.id), [ada.id])
    try tenant.remove([a], from: b)
    XCTAssertEqual(try kinds(), ["a direct"])
    XCTAssertEqual(try tenant.page(tenant.user, "groups.value eq \"\(c.id.text)\"").total, 0)
  }

  func testGroupsInACircleEnd() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    let a = try tenant.createGroup("a", [ada])
    let b = try tenant.createGroup("b", [a])
    let c = try tenant.createGroup("c", [b])
    try tenant.add([c, a], to: a)
    XCTAssertEqual(try tenant.read(ada).groupIDs.sorted(), [a, b, c].map(\.id.text).sorted())
    for group in [a, b, c] {
      XCTAssertEqual(try tenant.page(tenant.user, "groups.value eq \"\(group.id.text)\"").total, 1)
    }
    try assertAPowerCutLosesNothing(tenant)
    try tenant.delete(a)
    XCTAssertEqual(try tenant.read(ada).groupIDs, [])
    XCTAssertEqual(try tenant.read(c).memberIDs, [b.id.text])
    XCTAssertEqual(try tenant.read(b).memberIDs, [])
    try assertAPowerCutLosesNothing(tenant)
  }

  func testRemovingAndReplacingMembersComesToWhatIsLeft() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let users = try (0..<6).map { try tenant.createUser("user\($0)") }
    let inner = try tenant.createGroup("inner")
    let group = try tenant.createGroup("Staff", users + [inner])
    try tenant.patch(group, [["op": "remove", "path": "members[type eq \"Group\"]"]])
    XCTAssertEqual(try tenant.read(group).memberIDs, users.map(\.id.text))
    try tenant.patch(
      group,
      [
        ["op": "replace", "path": "members", "value": Tenant.references(Array(users[2...4]))],
        ["op": "add", "path": "members", "value": Tenant.references([users[0]])],
        ["op": "remove", "path": .string("members[value eq \"\(users[3].id.text)\"]")],
      ])
    XCTAssertEqual(try tenant.read(group).memberIDs, [0, 2, 4].map { users[$0].id.text })
    try tenant.patch(group, [["op": "remove", "path": "members"]])
    XCTAssertEqual(try tenant.read(group).memberIDs, [])
    XCTAssertTrue(try users.allSatisfy { try tenant.read($0).groupIDs.isEmpty })
  }

  func testWritersOfOneGroupLoseNothing() throws {
    let store = try open(options(snapshotBytes: 20_000))
    let tenant = try store.tenant()
    let users = try (0..<160).map { try tenant.createUser("user\($0)") }
    let group = try tenant.createGroup("Staff", Array(users.prefix(80)))
    let failures = Locked<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { writer in
      do {
        for number in stride(from: writer, to: 80, by: 8) {
          try tenant.remove([users[number]], from: group)
          try tenant.add([users[80 + number]], to: group)
          if number % 16 == writer { try tenant.delete(users[number]) }
        }
      } catch {
        failures.withLock { $0.append("\(error)") }
      }
    }
    XCTAssertEqual(failures.withLock { $0 }, [])
    XCTAssertEqual(try tenant.read(group).memberIDs, users.suffix(80).map(\.id.text))
    XCTAssertEqual(try tenant.page(tenant.user).total, 160 - 40)
    let dump = try tenant.dump()
    store.close()
    let again = try open()
    defer { again.close() }
    XCTAssertEqual(try again.tenant().dump(), dump)
  }

  func testAWriterWhoSawAnOldVersionNeverOverwritesANewOne() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let user = try tenant.create(tenant.user, ["userName": "counter", "title": "0"])
    let written = Locked<[String]>([])
    let failures = Locked<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<40 {
        do {
          let seen = try tenant.read(user)
          let next = (seen.json["title"]?.stringValue.flatMap { Int($0) } ?? 0) + 1
          try tenant.patch(
            seen, [["op": "replace", "path": "title", "value": .string("\(next)")]], ifMatch: seen.version)
          written.withLock { $0.append("\(next)") }
        } catch let error as SCIMError where error.status == 412 {
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
    }
    XCTAssertEqual(failures.withLock { $0 }, [])
    let count = written.withLock { $0.count }
    XCTAssertEqual(Set(written.withLock { $0 }).count, count, "no number was written twice")
    XCTAssertEqual(try tenant.read(user).json["title"], .string("\(count)"))
  }
}
