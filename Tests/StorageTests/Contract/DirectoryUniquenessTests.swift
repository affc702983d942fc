import JSON
import SCIM
@testable import Storage
import XCTest

/// A user name belongs to one user, however it is written; equality look-ups agree.
class DirectoryUniquenessTests: StoreContractTestCase {
  /// Texts that are one name to SCIM.
  private static let spellings = [
    ["ada", "ADA", "Ada", "\u{ff21}\u{ff44}a"],
    ["\u{e5}sa", "a\u{30a}sa", "\u{c5}SA", "A\u{30a}sa"],
    ["zo\u{eb}@example.com", "ZOE\u{308}@Example.COM"],
  ]

  func testAUserNameIsUniqueInAnyLetterCaseWidthAndNormalForm() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    for names in Self.spellings {
      let first = try tenant.createUser(names[0])
      for name in names {
        assertError(409, .uniqueness) { try tenant.createUser(name) }
        XCTAssertEqual(
          try tenant.page(tenant.user, "userName eq \"\(name)\"").resources.map(\.id), [first.id], name)
      }
    }
    XCTAssertEqual(try tenant.page(tenant.user).total, Self.spellings.count)
  }

  func testAUserMayTakeItsOwnNameInAnotherSpelling() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let user = try tenant.createUser("ada")
    let renamed = try tenant.replace(user, ["userName": "ADA"])
    XCTAssertEqual(renamed.json["userName"], "ADA")
    XCTAssertEqual(try tenant.page(tenant.user, "userName eq \"ada\"").total, 1)
  }

  func testANameIsTakenAndGivenBackByEveryWayOfWriting() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    let bob = try tenant.createUser("bob")
    assertError(409, .uniqueness) { try tenant.replace(bob, ["userName": "Ada"]) }
    assertError(409, .uniqueness) {
      try tenant.patch(bob, [["op": "replace", "path": "userName", "value": "ADA"]])
    }
    try tenant.patch(ada, [["op": "replace", "path": "userName", "value": "grace"]])
    try tenant.patch(bob, [["op": "replace", "path": "userName", "value": "ADA"]])
    assertError(409, .uniqueness) { try tenant.createUser("Grace") }
    try tenant.delete(ada)
    try tenant.createUser("Grace")
  }

  func testARefusedChangeLeavesNothingBehind() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    try tenant.createUser("ada")
    let bob = try tenant.createUser("bob")
    let before = try tenant.dump()
    assertError(409, .uniqueness) {
      try tenant.patch(
        bob,
        [
          ["op": "replace", "path": "displayName", "value": "Bob"],
          ["op": "replace", "path": "userName", "value": "ada"],
        ])
    }
    let ghost: JSONValue = ["value": "01234567-89ab-4def-8123-456789abcdef"]
    assertError(400, .invalidValue) {
      try tenant.create(
        tenant.group, ["displayName": "g", "members": [["value": .string(bob.id.text)], ghost]])
    }
    assertError(404) { try tenant.delete(bob.type, "01234567-89ab-4def-8123-456789abcdef") }
    XCTAssertEqual(try tenant.dump(), before)
    try assertAPowerCutLosesNothing(tenant)
  }

  func testGroupNamesAreUniqueWhereTheStoreIsToldSo() throws {
    var options = StoreOptions()
    options.uniqueGroupNames = true
    let store = try open(options)
    defer { store.close() }
    let tenant = try store.tenant()
    try tenant.createGroup("Staff")
    assertError(409, .uniqueness) { try tenant.createGroup("STAFF") }
    try tenant.create(tenant.user, ["userName": "staff", "displayName": "Staff"])
  }

  func testManyGroupsMayHaveOneNameOtherwise() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    for _ in 0..<5 { try tenant.createGroup("Staff") }
    XCTAssertEqual(try tenant.page(tenant.group, "displayName eq \"staff\"").total, 5)
  }

  func testTwoDirectoriesKnowNothingOfEachOther() throws {
    let store = try open()
    let (one, two) = (try store.tenant("one"), try store.tenant("two"))
    let ada = try one.createUser("ada")
    let group = try one.createGroup("Staff", [ada])
    let empty = try two.dump()
    try two.createUser("ada")
    assertError(404) { _ = try two.read(ada) }
    assertError(404) { try two.delete(ada) }
    assertError(404) { try two.patch(group, [["op": "replace", "path": "displayName", "value": "x"]]) }
    assertError(400, .invalidValue) { try two.createGroup("Staff", [ada]) }
    XCTAssertEqual(try two.page(two.user, "id eq \"\(ada.id.text)\"").total, 0)
    XCTAssertEqual(empty, ["0"])
    XCTAssertEqual(try two.page(two.user).total, 1)
    let dumps = [try one.dump(), try two.dump()]
    store.close()
    let again = try open()
    defer { again.close() }
    XCTAssertEqual([try again.tenant("one").dump(), try again.tenant("two").dump()], dumps)
  }
}
