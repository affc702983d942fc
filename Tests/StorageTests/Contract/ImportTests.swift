import JSON
import SCIM
@testable import Storage
import XCTest

/// A change of any size, which is looked at before it is kept.
class ImportTests: StoreContractTestCase {
  /// Ada, and a hundred users in one group; one of them is refused.
  private func importMany(_ tenant: Tenant, isWanted: Bool) throws -> Int {
    try tenant.directory.importing { tx throws(SCIMError) in
      var ids: [String] = []
      for number in 0..<100 {
        let name = number == 50 ? "Ada" : "user\(number)"
        let made = try? tx.step { tx throws(SCIMError) in
          try tx.create(tenant.user, Document(["userName": .string(name)]), members: [])
        }
        if let made { ids.append(made.text) }
      }
      let members = ids
      _ = try tx.step { tx throws(SCIMError) in
        try tx.create(tenant.group, Document(["displayName": "Staff"]), members: members)
      }
      return (tx.find(tenant.user, "userName", "USER99").count + ids.count, isWanted)
    }
  }

  func testWhatIsWantedIsThereWhole() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    try tenant.createUser("ada")
    XCTAssertEqual(try importMany(tenant, isWanted: true), 100)
    XCTAssertEqual(try tenant.page(tenant.user).total, 100)
    XCTAssertEqual(try tenant.page(tenant.group).resources.map(\.memberIDs.count), [99])
    try assertAPowerCutLosesNothing(tenant)
  }

  func testWhatIsNotWantedLeavesNothingBehind() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    try tenant.createUser("ada")
    let before = try tenant.dump()
    XCTAssertEqual(try importMany(tenant, isWanted: false), 100)
    XCTAssertEqual(try tenant.dump(), before)
    try tenant.createUser("user1")
    try assertAPowerCutLosesNothing(tenant)
  }
}
