import JSON
import SCIM
@testable import Storage
import XCTest

/// Several operations in one change: each sees those before it.
class TransactionStepTests: StoreContractTestCase {
  func testALaterStepSeesAnEarlierOne() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let ids = try tenant.directory.writeTogether { tx throws(SCIMError) -> [String] in
      let ada = try tx.step { tx throws(SCIMError) in
        try tx.create(tenant.user, Document(["userName": "ada"]), members: [])
      }
      do throws(SCIMError) {
        _ = try tx.step { tx throws(SCIMError) in
          try tx.create(tenant.user, Document(["userName": "ADA"]), members: [])
        }
        XCTFail("a second ada")
      } catch { XCTAssertEqual(error.status, 409) }
      let group = try tx.step { tx throws(SCIMError) in
        try tx.create(tenant.group, Document(["displayName": "Staff"]), members: [ada.text])
      }
      try tx.step { tx throws(SCIMError) in
        try tx.update(tenant.user, ada.text, Document(["userName": "ada", "title": "Countess"]), [])
      }
      XCTAssertNotNil(tx.version(of: ada))
      XCTAssertEqual(tx.find(tenant.user, "userName", "Ada"), [ada])
      return [ada.text, group.text]
    }
    let ada = try tenant.directory.read(tenant.user, ids[0])
    XCTAssertEqual(ada.groupIDs, [ids[1]])
    XCTAssertEqual(ada.json["title"], "Countess")
    XCTAssertEqual(ada.created, ada.modified)
    try assertAPowerCutLosesNothing(tenant)
  }

  func testAnErrorOfTheWholeTakesBackEveryStep() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let user = try tenant.createUser("ada")
    _ = try tenant.createGroup("Staff", [user])
    let before = try tenant.dump()
    assertError(400) {
      try tenant.directory.writeTogether { tx throws(SCIMError) in
        _ = try tx.step { tx throws(SCIMError) in
          try tx.create(tenant.user, Document(["userName": "bob"]), members: [])
        }
        try tx.step { tx throws(SCIMError) in try tx.delete(tenant.user, user.id.text) }
        throw SCIMError(.invalidValue, "no")
      }
    }
    XCTAssertEqual(try tenant.dump(), before)
    try tenant.createUser("bob")
    try assertAPowerCutLosesNothing(tenant)
  }

  func testAStepThatFailsIsTakenBackAndTheOthersStay() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    let staff = try tenant.createGroup("Staff", [ada])
    try tenant.directory.writeTogether { tx throws(SCIMError) in
      _ = try tx.step { tx throws(SCIMError) in
        try tx.create(tenant.user, Document(["userName": "bob"]), members: [])
      }
      try? tx.step { tx throws(SCIMError) in
        try tx.step { tx throws(SCIMError) in try tx.delete(tenant.user, ada.id.text) }
        try tx.update(tenant.group, staff.id.text, Document(["displayName": "Crew"]), [])
        throw SCIMError(.invalidValue, "no")
      }
    }
    XCTAssertEqual(try tenant.page(tenant.user).total, 2)
    XCTAssertEqual(try tenant.read(ada).groupIDs, [staff.id.text])
    XCTAssertEqual(try tenant.read(staff).text, staff.text)
    try assertAPowerCutLosesNothing(tenant)
  }
}
