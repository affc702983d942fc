import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// How much a directory may hold, and that what it holds is counted right.
final class DirectoryQuotaTests: DirectoryTestCase {
  private func setQuotas(_ tenant: Tenant, _ change: (inout DirectoryQuotas) -> Void) throws {
    let core = try tenant.core
    var description = core.description
    change(&description.policies.quotas)
    core.follow(description)
  }

  private func title(_ bytes: Int) -> JSONValue { .string(String(repeating: "t", count: bytes)) }

  func testNoMoreResourcesAreCreatedThanAreAllowedAndADeletedOneMakesRoom() throws {
    let store = try openStore()
    defer { store.close() }
    let tenant = try store.tenant()
    try setQuotas(tenant) { $0.maxResources = 3 }
    let users = try (0..<3).map { try tenant.createUser("u\($0)") }
    assertError(507) { try tenant.createUser("u3") }
    assertError(507) {
      try tenant.directory.writeTogether { tx throws(SCIMError) in
        try tx.delete(tenant.user, users[2].id.text)
        _ = try tx.create(tenant.user, Document(["userName": "x"]), members: [])
        _ = try tx.create(tenant.user, Document(["userName": "y"]), members: [])
      }
    }
    try tenant.patch(users[0], [["op": "replace", "path": "title", "value": "x"]])
    try tenant.delete(users[1])
    try tenant.createUser("u3")
    assertError(507) { _ = try tenant.restore(users[1]) }
    try setQuotas(tenant) { $0.maxResources = 4 }
    _ = try tenant.restore(users[1])
    XCTAssertEqual(try tenant.page(tenant.user).total, 4)
  }

  func testAResourceThatIsTooLargeIsRefusedAndOneThatWasMayBecomeSmaller() throws {
    let store = try openStore()
    defer { store.close() }
    let tenant = try store.tenant()
    let user = try tenant.create(tenant.user, ["userName": "ada", "title": title(5000)])
    try setQuotas(tenant) { $0.maxResourceBytes = 2000 }
    assertError(413) { try tenant.create(tenant.user, ["userName": "bob", "title": self.title(2000)]) }
    let other = try tenant.create(tenant.user, ["userName": "bob", "title": title(1000)])
    assertError(413) {
      try tenant.patch(other, [["op": "replace", "path": "title", "value": self.title(2001)]])
    }
    // Six characters each, when they are written.
    let escaped = JSONValue.string(String(repeating: "\u{1}", count: 400))
    assertError(413) { try tenant.patch(other, [["op": "replace", "path": "title", "value": escaped]]) }
    assertError(413) {
      try tenant.patch(user, [["op": "replace", "path": "title", "value": self.title(5001)]])
    }
    try tenant.patch(user, [["op": "replace", "path": "title", "value": title(4999)]])
    try tenant.patch(user, [["op": "replace", "path": "active", "value": false]])
    try setQuotas(tenant) { $0.maxResourceBytes = 10_000 }
    try tenant.patch(user, [["op": "replace", "path": "title", "value": title(9000)]])
  }

  func testAFullDirectoryTakesNothingMoreButLetsAccessBeTakenAway() throws {
    let store = try openStore()
    defer { store.close() }
    let tenant = try store.tenant()
    let users = try (0..<20).map { try tenant.createUser("u\($0)") }
    let group = try tenant.createGroup("Staff", Array(users[..<5]))
    let core = try tenant.core
    let held = core.state.withLock { $0.directory.heldBytes }
    try setQuotas(tenant) { $0.maxBytes = held }
    try tenant.patch(users[0], [["op": "replace", "path": "active", "value": false]])
    try setQuotas(tenant) { $0.maxBytes = held + 60 }
    assertError(507) { try tenant.create(tenant.user, ["userName": "big", "title": self.title(100)]) }
    assertError(507) {
      try tenant.patch(users[0], [["op": "add", "path": "title", "value": self.title(100)]])
    }
    assertError(507) { try tenant.add(Array(users[5...]), to: group) }
    try tenant.add([users[5]], to: group)
    try tenant.patch(users[1], [["op": "replace", "path": "active", "value": false]])
    try tenant.remove(Array(users[..<5]), from: group)
    try tenant.delete(users[1])
    try tenant.createUser("u20")
  }

  func testOfTheDeletedTheOldestAreGivenUp() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    try setQuotas(tenant) { $0.maxDeleted = 2 }
    let users = try (0..<5).map { try tenant.createUser("u\($0)") }
    for user in users[..<4] { try tenant.delete(user) }
    for user in users[..<2] { assertError(404) { _ = try tenant.restore(user) } }
    _ = try tenant.restore(users[2])
    XCTAssertEqual(try tenant.directory.summaries(tenant.user, deleted: true).count, 1)
    let large = try tenant.create(tenant.user, ["userName": "large", "title": title(3000)])
    try setQuotas(tenant) { $0.maxBytes = 8000 }
    try tenant.delete(large)
    assertError(404) { _ = try tenant.restore(large) }
    store.close()
  }

  func testWhatIsHeldIsCountedRightThroughEveryChangeAndARestart() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    var random = SeededRandom()
    var users = try (0..<8).map { try tenant.createUser("u\($0)") }
    let groups = try (0..<3).map { try tenant.createGroup("g\($0)", [users[$0]]) }
    for number in 0..<200 {
      let user = users[Int.random(in: 0..<users.count, using: &random)]
      let group = groups[Int.random(in: 0..<3, using: &random)]
      switch Int.random(in: 0..<6, using: &random) {
      case 0:
        try tenant.delete(user)
        if Bool.random(using: &random) {
          _ = try tenant.restore(user)
        } else {
          users.removeAll { $0.id == user.id }
          users.append(try tenant.createUser("n\(number)"))
        }
      case 1: try tenant.patch(user, [["op": "replace", "path": "title", "value": title(number)]])
      case 2: try tenant.add([user], to: group)
      case 3: try tenant.remove([user], from: group)
      case 4: try tenant.replace(group, ["displayName": "g", "members": Tenant.references([user])])
      default:
        try tenant.directory.writeTogether { tx throws(SCIMError) in
          do throws(SCIMError) {
            try tx.step { tx throws(SCIMError) in
              try tx.delete(tenant.user, user.id.text)
              let made = try tx.create(tenant.user, Document(["userName": "never"]), members: [])
              try tx.update(tenant.group, group.id.text, Document(["displayName": "h"]), [.add([made.text])])
              throw SCIMError(.invalidValue, "taken back")
            }
          } catch { XCTAssertEqual(error.status, 400) }
        }
      }
      try assertCounted(store, "\(number)")
    }
    store.close()
    let again = try openStore()
    try assertCounted(again, "after a restart")
    again.close()
  }

  private func assertCounted(_ store: Store, _ when: String) throws {
    try store.tenant().core.state.withLock { state in
      let directory = state.directory
      var (count, bytes, memberships) = (0, 0, 0)
      directory.entries.forEach { _, entry in
        count += 1
        bytes += entry.body.bytes.count
        memberships += entry.members.count
      }
      XCTAssertEqual([directory.entries.count, directory.entries.documentBytes], [count, bytes], when)
      XCTAssertEqual(directory.memberships, memberships, when)
      let kept = directory.tombstones.range.compactMap { directory.tombstones[$0] }
      XCTAssertEqual(directory.tombstones.documentBytes, kept.reduce(0) { $0 + $1.body.bytes.count }, when)
    }
  }
}
