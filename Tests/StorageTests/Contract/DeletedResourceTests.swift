import JSON
import SCIM
@testable import Storage
import XCTest

/// A deleted resource is gone for clients, and kept for whoever must bring it back.
class DeletedResourceTests: StoreContractTestCase {
  private func deleted(_ tenant: Tenant, _ type: ResourceType) throws -> [JSONValue] {
    try tenant.directory.summaries(type, deleted: true)
  }

  func testARestoredUserHasTheIDTheCreationTimeAndTheGroupsFromBefore() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    let staff = try tenant.createGroup("Staff", [ada])
    clock.advance(by: 5000)
    try tenant.delete(ada)
    XCTAssertEqual(try tenant.read(staff).memberIDs, [])
    assertError(404) { _ = try tenant.read(ada) }
    clock.advance(by: 5000)
    let restored = try tenant.restore(ada)
    XCTAssertEqual(restored.id, ada.id)
    XCTAssertEqual(restored.created, ada.created)
    XCTAssertEqual(restored.modified, clock.now)
    XCTAssertNotEqual(restored.version, ada.version)
    XCTAssertEqual(restored.groupIDs, [staff.id.text])
    XCTAssertEqual(try tenant.read(staff).memberIDs, [ada.id.text])
    XCTAssertEqual(try deleted(tenant, tenant.user).count, 0)
  }

  func testARestoredGroupHasThoseOfItsMembersThatStillExist() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    let bob = try tenant.createUser("bob")
    let staff = try tenant.createGroup("Staff", [ada, bob])
    try tenant.delete(staff)
    try tenant.delete(bob)
    XCTAssertEqual(try tenant.restore(staff).memberIDs, [ada.id.text])
    XCTAssertEqual(try tenant.read(ada).groupIDs, [staff.id.text])
  }

  func testAMembershipOfTwoDeletedResourcesComesBackInWhateverOrderTheyAreRestored() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    for isUserDeletedFirst in [true, false] {
      for isUserRestoredFirst in [true, false] {
        let ada = try tenant.createUser("ada")
        let staff = try tenant.createGroup("Staff", [ada])
        for each in isUserDeletedFirst ? [ada, staff] : [staff, ada] { try tenant.delete(each) }
        for each in isUserRestoredFirst ? [ada, staff] : [staff, ada] { _ = try tenant.restore(each) }
        XCTAssertEqual(try tenant.read(ada).groupIDs, [staff.id.text])
        XCTAssertEqual(try tenant.read(staff).memberIDs, [ada.id.text])
        try assertAPowerCutLosesNothing(tenant)
        try tenant.delete(ada)
        try tenant.delete(staff)
      }
    }
  }

  func testAUserWhoseNameWasTakenIsNotRestoredAndTheTextSaysByWhom() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada@example.com")
    try tenant.delete(ada)
    let other = try tenant.createUser("ADA@example.com")
    XCTAssertNotEqual(other.id, ada.id)
    XCTAssertThrowsError(try tenant.restore(ada)) { error in
      XCTAssertEqual((error as? SCIMError)?.status, 409)
      XCTAssertTrue("\(error)".contains(other.id.text), "\(error)")
    }
    try tenant.delete(other)
    XCTAssertEqual(try tenant.restore(ada).id, ada.id)
  }

  func testWhatIsNotDeletedOrWasNeverThereIsNotRestored() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    assertError(409) { _ = try tenant.restore(ada) }
    let unknown = "00000000-0000-4000-8000-000000000000"
    assertError(404) {
      _ = try tenant.restore(tenant.user, unknown)
    }
    try tenant.delete(ada)
    assertError(404) {
      _ = try tenant.restore(tenant.group, ada.id.text)
    }
  }

  func testAPostWithTheSameUserNameAndExternalIdRevivesUnderTheSameIDWithoutMemberships() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.create(tenant.user, ["userName": "ada@example.com", "externalId": "E-1"])
    try tenant.createGroup("Staff", [ada])
    try tenant.delete(ada)
    let revived = try tenant.create(
      tenant.user, ["userName": "Ada@Example.com", "externalId": "E-1", "title": "Countess"])
    XCTAssertEqual(revived.id, ada.id)
    XCTAssertEqual(revived.json["userName"], "Ada@Example.com")
    XCTAssertEqual(revived.json["title"], "Countess")
    XCTAssertEqual(revived.groupIDs, [])
  }

  func testAPostThatSharesOnlyTheUserNameOrOnlyTheExternalIdIsANewResource() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.create(tenant.user, ["userName": "ada", "externalId": "E-1"])
    try tenant.delete(ada)
    for other: JSONValue in [
      ["userName": "ada"], ["userName": "ada", "externalId": "e-1"],
      ["userName": "bob", "externalId": "E-1"], ["userName": "ada", "externalId": "E-2"],
    ] {
      let created = try tenant.create(tenant.user, other)
      XCTAssertNotEqual(created.id, ada.id)
      try tenant.delete(created)
    }
    let elsewhere = try store.tenant("other").create(
      tenant.user, ["userName": "ada", "externalId": "E-1"])
    XCTAssertNotEqual(elsewhere.id, ada.id)
  }

  func testAfterTheRetentionADeletedResourceIsNeitherListedNorRestoredNorRevived() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.create(tenant.user, ["userName": "ada", "externalId": "E-1"])
    try tenant.delete(ada)
    clock.advance(by: 90 * 86_400_000 - 1)
    XCTAssertEqual(try deleted(tenant, tenant.user).map { $0["id"]?.stringValue }, [ada.id.text])
    clock.advance(by: 1)
    XCTAssertEqual(try deleted(tenant, tenant.user).count, 0)
    assertError(404) { _ = try tenant.restore(ada) }
    XCTAssertNotEqual(
      try tenant.create(tenant.user, ["userName": "ada", "externalId": "E-1"]).id, ada.id)
  }

  func testWithPurgeNothingIsKept() throws {
    var options = StoreOptions()
    options.deletedRetention = 0
    let store = try open(options)
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    try tenant.delete(ada)
    XCTAssertEqual(try deleted(tenant, tenant.user).count, 0)
    assertError(404) { _ = try tenant.restore(ada) }
  }

  func testDeletedResourcesRestoresAndRevivalsSurviveAPowerCutAndARestart() throws {
    let store = try open()
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    let bob = try tenant.create(tenant.user, ["userName": "bob", "externalId": "E-2"])
    let eve = try tenant.createUser("eve")
    let staff = try tenant.createGroup("Staff", [ada, bob, eve])
    for user in [ada, bob, eve] {
      clock.advance(by: 1000)
      try tenant.delete(user)
    }
    _ = try tenant.restore(ada)
    try tenant.create(tenant.user, ["userName": "bob", "externalId": "E-2", "title": "new"])
    let (before, deletedBefore) = (try tenant.dump(), try deleted(tenant, tenant.user))
    XCTAssertEqual(deletedBefore.map { $0["id"]?.stringValue }, [eve.id.text])
    func check(_ store: any StoreContract) throws {
      let tenant = try store.tenant()
      XCTAssertEqual(try tenant.dump(), before)
      XCTAssertEqual(try deleted(tenant, tenant.user), deletedBefore)
      XCTAssertEqual(try tenant.restore(eve).groupIDs, [staff.id.text])
      store.close()
    }
    try check(try afterPowerCut())
    store.close()
    try check(try open())
  }

  func testWhoIsErasedIsNeitherKeptNorRestoredNorRevived() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let eve = try tenant.createUser("eve")
    for isDeletedBefore in [false, true] {
      let ada = try tenant.create(tenant.user, ["userName": "ada", "externalId": "E-1"])
      let staff = try tenant.createGroup("Staff", [ada, eve])
      assertError(404) { try erase(tenant, tenant.group, ada.id) }
      if isDeletedBefore { try tenant.delete(ada) }
      try erase(tenant, tenant.user, ada.id)
      assertError(404) { _ = try tenant.read(ada) }
      XCTAssertEqual(try tenant.read(staff).memberIDs, [eve.id.text])
      XCTAssertEqual(try deleted(tenant, tenant.user), [])
      assertError(404) { _ = try tenant.restore(ada) }
      let next = try tenant.create(tenant.user, ["userName": "ada", "externalId": "E-1"])
      XCTAssertNotEqual(next.id, ada.id, "a new person")
      try assertAPowerCutLosesNothing(tenant)
      try erase(tenant, tenant.user, next.id)
    }
  }

  private func erase(_ tenant: Tenant, _ type: ResourceType, _ id: ResourceID) throws {
    try tenant.directory.writeTogether { tx throws(SCIMError) in try tx.erase(type, id) }
  }
}
