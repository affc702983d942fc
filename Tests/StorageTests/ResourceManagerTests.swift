import Foundation
import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// Who manages a resource.
final class ResourceManagerTests: ResourceManagerTestCase {
  func testWhoCreatesAResourceManagesIt() throws {
    let store = try openStore()
    defer { store.close() }
    let okta = try connection("Okta", store)
    try assertManager(try user("a", Self.admin, store), "admin", store)
    try assertManager(try user("b", Self.script, store), "key:key_script", store)
    try assertManager(try user("c", by(okta), store), named(okta), store)
  }

  func testAConnectionTakesOverWhatNoConnectionManagesWhenItWritesIt() throws {
    let store = try openStore()
    defer { store.close() }
    let okta = try connection("Okta", store)
    for context in [Self.admin, Self.script] {
      let one = try user("one-\(context.actor.manager)", context, store)
      try update(one, Self.script, store)
      try assertManager(one, context.actor.manager, store)
      try update(one, by(okta), store)
      try assertManager(one, named(okta), store)
      try update(one, Self.admin, store)
      try assertManager(one, named(okta), store)
    }
  }

  func testAConnectionTakesOverNeitherTheGroupsOfItsUsersNorTheirMembers() throws {
    let store = try openStore()
    defer { store.close() }
    let okta = try connection("Okta", store)
    let hers = try user("hers", by(okta), store)
    let local = try user("local", Self.admin, store)
    let staff = try group("Staff", Self.admin, store, [hers, local])
    let own = try group("Own", by(okta), store)
    try edit(own, [.add([local.text])], by(okta), store)
    try assertManager(local, "admin", store)
    try delete(hers, by(okta), store)
    try assertManager(staff, "admin", store)
    try restore(hers, by(okta), store)
    XCTAssertEqual(try store.tenant().core.read(try store.tenant().group, staff.text).memberIDs.count, 2)
    try assertManager(staff, "admin", store)
    try edit(staff, [.remove([local.text])], by(okta), store)
    try assertManager(staff, named(okta), store)
  }

  func testADeletedResourceKeepsItsManagerAndHasItAgainWhenRestored() throws {
    let store = try openStore()
    defer { store.close() }
    let okta = try connection("Okta", store)
    let one = try user("one", by(okta), store)
    try delete(one, Self.admin, store)
    try restore(one, Self.admin, store)
    try assertManager(one, named(okta), store)
    let two = try user("two", Self.admin, store)
    try delete(two, Self.admin, store)
    try restore(two, Self.admin, store)
    try assertManager(two, "admin", store)
  }

  func testWhoBringsAnAccountBackManagesItUnlessAConnectionDoes() throws {
    let store = try openStore()
    defer { store.close() }
    let okta = try connection("Okta", store)
    for first in [Self.admin, by(okta)] {
      let one = try user("one", first, store)
      try delete(one, first, store)
      XCTAssertEqual(try user("one", by(okta), store), one, "the account came back")
      try assertManager(one, named(okta), store)
      _ = try store.tenant().core.erase(try store.tenant().user, one, Self.admin).wait().get()
    }
    let two = try user("two", by(okta), store)
    try delete(two, by(okta), store)
    XCTAssertEqual(try user("two", Self.script, store), two)
    try assertManager(two, named(okta), store)
  }

  func testWhatAnotherConnectionManagedDoesNotComeBackThroughThisOne() throws {
    let store = try openStore()
    defer { store.close() }
    let okta = try connection("Okta", store)
    let entra = try connection("Entra", store)
    let one = try user("one", by(okta), store)
    try delete(one, by(okta), store)
    let other = try user("one", by(entra), store)
    XCTAssertNotEqual(other, one)
    try assertManager(other, named(entra), store)
  }

  // MARK: On disk

  func testManagersAndPoliciesAreTheSameFromTheJournalASnapshotAndABackup() throws {
    let store = try openStore()
    let okta = try connection("Okta", store)
    let entra = try connection("Entra", store)
    var expected: [ResourceID: String] = [:]
    for (name, context) in [("a", Self.admin), ("b", Self.script), ("c", by(okta)), ("d", by(entra))] {
      expected[try user(name, context, store)] = context.actor.manager
    }
    let taken = try user("taken", Self.admin, store)
    try update(taken, by(okta), store)
    expected[taken] = named(okta)
    let back = try user("back", by(entra), store)
    try delete(back, by(entra), store)
    try restore(back, by(entra), store)
    expected[back] = named(entra)
    let given = try user("given", by(okta), store)
    let userType = try store.tenant().user
    _ = try store.tenant().core.writeTogether(Self.admin) { tx throws(SCIMError) in
      tx.manage(try tx.resource(userType, given.text), by: entra)
    }.wait().get()
    expected[given] = named(entra)
    let gone = try user("gone", by(okta), store)
    try delete(gone, by(okta), store)
    let freed = try connection("Freed", store)
    let lost = try user("lost", by(freed), store)
    try delete(try store.tenant().core.administrativeType("Connection"), freed, Self.admin, store)
    try update(lost, by(entra), store)
    expected[lost] = named(entra)
    try set(store, localChanges: .denied, crossConnection: .allowed)

    func check(_ path: String?, _ what: String) throws {
      let again = try openStore(path)
      defer { again.close() }
      for (id, manager) in expected { XCTAssertEqual(try self.manager(id, again), manager, what) }
      var policies = DirectoryPolicies()
      policies.localChanges = .denied
      policies.crossConnection = .allowed
      XCTAssertEqual(try again.tenant().core.description.policies, policies, what)
      XCTAssertThrowsError(try restore(gone, Self.admin, again), what)
      try restore(gone, by(okta), again)
      try assertManager(gone, named(okta), again)
    }
    try check(try copyOfFolder(), "from the journal")
    var bytes: [UInt8] = []
    let pieces = store.backup()
    while let piece = try pieces.next() { bytes += piece }
    store.close()
    try check(try copyOfFolder(), "from a snapshot")
    let (file, target) = (folder + ".backup", folder + "-restored")
    defer { for path in [file, target] { try? FileManager.default.removeItem(atPath: path) } }
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    try BackupRestore.run(
      try BackupFile(file), into: target, catalog: try Catalog.standard(), environment: .system)
    try check(target, "from a backup")
  }
}
