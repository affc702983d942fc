import JSON
import SCIM
@testable import Storage
import XCTest

/// What `meta` says of a resource over time.
class DirectoryVersionTests: StoreContractTestCase {
  func testAWriteThatChangesNothingKeepsTheVersion() throws {
    let store = try open()
    let tenant = try store.tenant()
    let body: JSONValue = ["userName": "ada", "title": "x", "emails": [["value": "a@x", "type": "work"]]]
    let user = try tenant.create(tenant.user, body)
    let group = try tenant.createGroup("Staff", [user])
    let before = try tenant.dump()
    clock.advance(by: 1000)
    try tenant.replace(user, body)
    try tenant.patch(user, [["op": "replace", "path": "title", "value": "x"]])
    try tenant.patch(user, [["op": "remove", "path": "nickName"]])
    try tenant.patch(
      user,
      [["op": "replace", "path": "title", "value": "y"], ["op": "replace", "path": "title", "value": "x"]])
    try tenant.add([user], to: group)
    try tenant.replace(group, ["displayName": "Staff", "members": Tenant.references([user])])
    try tenant.patch(
      group,
      [
        ["op": "remove", "path": "members"],
        ["op": "add", "path": "members", "value": Tenant.references([user])],
      ])
    XCTAssertEqual(try tenant.dump(), before)
    store.close()
  }

  func testLastModifiedGrowsWithEveryChangeEvenWhenTheClockGoesBack() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let user = try tenant.createUser("ada")
    let group = try tenant.createGroup("Staff")
    XCTAssertEqual(user.created, clock.now)
    var (lastUser, lastGroup) = (user, group)
    for (number, step) in [0, 5, -60_000, 1, 0, 0, 120_000, -1, 3_600_000, -86_400_000, 0].enumerated() {
      clock.advance(by: Int64(step))
      let changed = try tenant.patch(
        user, [["op": "replace", "path": "title", "value": .string("\(number)")]])
      XCTAssertGreaterThan(changed.modified, lastUser.modified)
      XCTAssertGreaterThanOrEqual(changed.modified, clock.now)
      XCTAssertNotEqual(changed.version, lastUser.version)
      XCTAssertEqual(changed.created, user.created)
      lastUser = changed
      let edited =
        number % 2 == 0 ? try tenant.add([user], to: group) : try tenant.remove([user], from: group)
      XCTAssertGreaterThan(edited.modified, lastGroup.modified)
      XCTAssertNotEqual(edited.version, lastGroup.version)
      lastGroup = edited
    }
    try assertAPowerCutLosesNothing(tenant)
  }

  func testAnOrdinaryChangeIsModifiedAtItsTime() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let user = try tenant.createUser("ada")
    let group = try tenant.createGroup("Staff", [user])
    XCTAssertEqual(group.modified, group.created)
    clock.advance(by: 10)
    let changed = try tenant.patch(
      group,
      [
        ["op": "replace", "path": "displayName", "value": "Everyone"],
        ["op": "remove", "path": "members"],
      ])
    XCTAssertEqual(changed.modified, clock.now)
  }

  func testAMembershipChangesTheVersionAtBothEnds() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let user = try tenant.createUser("ada")
    let group = try tenant.createGroup("Staff")
    let grown = try tenant.add([user], to: group)
    let joined = try tenant.read(user)
    XCTAssertNotEqual(grown.version, group.version)
    XCTAssertNotEqual(joined.version, user.version)
    try tenant.delete(group)
    XCTAssertNotEqual(try tenant.read(user).version, joined.version)
  }

  func testAVersionIsTheSameAfterARestart() throws {
    let store = try open()
    let tenant = try store.tenant()
    let user = try tenant.createUser("ada")
    try tenant.createGroup("Staff", [user])
    let version = try tenant.read(user).version
    store.close()
    let again = try open()
    defer { again.close() }
    XCTAssertEqual(try again.tenant().read(user).version, version)
    let changed = try again.tenant().patch(
      user, [["op": "replace", "path": "title", "value": "x"]], ifMatch: version)
    XCTAssertNotEqual(changed.version, version)
  }

  func testTheVersionOfAUserChangesWithEverythingThatIsShown() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let boss = try tenant.createUser("boss")
    let user = try tenant.create(
      tenant.user,
      ["userName": "ada", "\(SchemaURN.enterpriseUser)": ["manager": ["value": .string(boss.id.text)]]])
    let inner = try tenant.createGroup("inner", [user])
    let outer = try tenant.createGroup("outer", [inner])
    var versions = [try tenant.read(user).version]
    func changed(_ what: String, _ change: () throws -> Void) throws {
      try change()
      let version = try tenant.read(user).version
      XCTAssertFalse(versions.contains(version), what)
      versions.append(version)
    }
    try changed("an outer group is renamed") {
      try tenant.patch(outer, [["op": "replace", "path": "displayName", "value": "Outer"]])
    }
    try changed("the manager has a name") {
      try tenant.patch(boss, [["op": "replace", "path": "displayName", "value": "Boss"]])
    }
    try changed("an outer group is left") { try tenant.remove([inner], from: outer) }
    try changed("the group is deleted") { try tenant.delete(inner) }
    try changed("the manager is deleted") { try tenant.delete(boss) }
    let before = try tenant.read(user).version
    try tenant.patch(outer, [["op": "replace", "path": "displayName", "value": "Another"]])
    XCTAssertEqual(try tenant.read(user).version, before, "nothing of it is shown")
  }

  func testWhoWritesIsNotRefusedBecauseAUserHasJoinedAGroup() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let user = try tenant.createUser("ada")
    try tenant.createGroup("Staff", [user])
    let joined = try tenant.read(user)
    try tenant.createGroup("Crew", [user])
    let title: [JSONValue] = [["op": "replace", "path": "title", "value": "x"]]
    try tenant.patch(user, title, ifMatch: joined.version)
    assertError(412) { try tenant.patch(user, title, ifMatch: joined.version) }
  }
}
