import Foundation
import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// Who may change what another manages.
final class ManagerPolicyTests: ResourceManagerTestCase {
  /// What can be done to somebody else's user and group, each on a new one.
  private func attempts(
    _ owner: RequestContext, _ other: RequestContext, _ store: Store, _ tag: String
  ) throws -> [(name: String, act: () throws -> Void)] {
    let one = try user("one-\(tag)", owner, store)
    let two = try user("two-\(tag)", owner, store)
    let gone = try user("gone-\(tag)", owner, store)
    let staff = try group("Staff \(tag)", owner, store, [one])
    try delete(gone, owner, store)
    return [
      ("update", { try self.update(one, other, store) }),
      ("add", { try self.edit(staff, [.add([two.text])], other, store) }),
      ("remove", { try self.edit(staff, [.remove([one.text])], other, store) }),
      ("delete a group", { try self.delete(try store.tenant().group, staff, other, store) }),
      ("delete", { try self.delete(two, other, store) }),
      ("restore", { try self.restore(gone, other, store) }),
    ]
  }

  func testAConnectionChangesWhatAnotherManagesOnlyIfThePolicyAllowsIt() throws {
    let store = try openStore()
    defer { store.close() }
    let okta = try connection("Okta", store)
    let entra = try connection("Entra", store)
    for (name, act) in try attempts(by(okta), by(entra), store, "denied") {
      XCTAssertThrowsError(try act(), name) { error in
        XCTAssertEqual((error as? SCIMError)?.status, 403, name)
        XCTAssertTrue("\(error)".contains("Okta") && "\(error)".contains("crossConnection"), "\(error)")
      }
    }
    try set(store, crossConnection: .allowed)
    for (name, act) in try attempts(by(okta), by(entra), store, "allowed") {
      XCTAssertNoThrow(try act(), name)
    }
  }

  func testAConnectionPutsAnybodysUsersIntoItsOwnGroups() throws {
    let store = try openStore()
    defer { store.close() }
    let okta = try connection("Okta", store)
    let entra = try connection("Entra", store)
    let one = try user("one", by(okta), store)
    let own = try group("Own", by(entra), store)
    try edit(own, [.add([one.text])], by(entra), store)
    try assertManager(one, named(okta), store)
  }

  func testAdministratorsAndScriptsChangeWhatAConnectionManagesOnlyIfThePolicyAllowsIt() throws {
    let store = try openStore()
    defer { store.close() }
    let okta = try connection("Okta", store)
    for (tag, other) in [("admin", Self.admin), ("script", Self.script)] {
      try set(store, localChanges: .allowed)
      for (name, act) in try attempts(by(okta), other, store, "allowed \(tag)") {
        XCTAssertNoThrow(try act(), name)
      }
      try set(store, localChanges: .denied)
      for (name, act) in try attempts(by(okta), other, store, "denied \(tag)") {
        XCTAssertThrowsError(try act(), name) { error in
          XCTAssertEqual((error as? SCIMError)?.status, 403, name)
          XCTAssertTrue("\(error)".contains("localChanges"), "\(error)")
        }
      }
      XCTAssertThrowsError(try user("new \(tag)", other, store))
    }
    XCTAssertNoThrow(try user("new", by(okta), store))
  }

  func testWhatNoConnectionManagesAnybodyChanges() throws {
    let store = try openStore()
    defer { store.close() }
    let entra = try connection("Entra", store)
    for (name, act) in try attempts(Self.script, by(entra), store, "local") {
      XCTAssertNoThrow(try act(), name)
    }
    let mine = try user("mine", Self.script, store)
    try set(store, localChanges: .denied)
    XCTAssertNoThrow(try update(mine, Self.admin, store))
    XCTAssertNoThrow(try delete(mine, Self.admin, store))
  }

  func testAConnectionThatWasRemovedManagesNothing() throws {
    let store = try openStore()
    defer { store.close() }
    let okta = try connection("Okta", store)
    let entra = try connection("Entra", store)
    let one = try user("one", by(okta), store)
    let two = try user("two", by(okta), store)
    let gone = try user("gone", by(okta), store)
    try delete(gone, by(okta), store)
    XCTAssertThrowsError(try update(one, by(entra), store))
    let type = try store.tenant().core.administrativeType("Connection")
    try delete(type, okta, Self.admin, store)
    try set(store, localChanges: .denied)
    XCTAssertNoThrow(try update(one, Self.admin, store))
    XCTAssertNoThrow(try update(one, by(entra), store))
    try assertManager(one, named(entra), store)
    XCTAssertEqual(try user("gone", by(entra), store), gone, "the account came back")
    try assertManager(gone, named(entra), store)
    XCTAssertThrowsError(try update(one, Self.admin, store), "it has a manager again")
    XCTAssertNoThrow(try delete(two, Self.admin, store))
  }

  func testPausedConnectionsStillManage() throws {
    let store = try openStore()
    defer { store.close() }
    let okta = try connection("Okta", store)
    let entra = try connection("Entra", store)
    let one = try user("one", by(okta), store)
    let type = try store.tenant().core.administrativeType("Connection")
    try act(Self.admin, store) { tx throws(SCIMError) in
      let old = try tx.resource(type, okta.text)
      var attributes = old.document.attributes
      attributes["state"] = "paused"
      try tx.update(old, Document(attributes), [], skipsUnknown: false)
    }
    XCTAssertThrowsError(try update(one, by(entra), store))
  }
}
