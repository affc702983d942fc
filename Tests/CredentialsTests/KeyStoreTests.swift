import Foundation
import Platform
import SCIM
import Credentials
import XCTest

final class KeyStoreTests: XCTestCase {
  func testACreatedKeyIsValidAtOnceAndAfterReopening() throws {
    let fixture = try KeyFixture(self)
    let store = try fixture.store()
    let created = try KeyAdministration(store).create(NewKey(name: "Okta", profile: "okta"))
    XCTAssertEqual(store.authenticate(created.secret), .valid(created.key))
    XCTAssertEqual(try fixture.store().authenticate(created.secret), .valid(created.key))
  }

  func testADamagedSecretIsMalformedAndAForeignOneInvalid() throws {
    let fixture = try KeyFixture(self)
    let store = try fixture.store()
    let secret = try KeyAdministration(store).create(NewKey(name: "a")).secret
    XCTAssertEqual(store.authenticate(String(secret.dropLast())), .malformed)
    XCTAssertEqual(store.authenticate(""), .malformed)
    XCTAssertEqual(store.authenticate(APIKeySecret.make(.system)), .invalid)
  }

  func testOnlyTheDigestIsOnDisk() throws {
    let fixture = try KeyFixture(self)
    let created = try KeyAdministration(try fixture.store()).create(NewKey(name: "a"))
    let text = try fixture.fileText()
    XCTAssertFalse(text.contains(created.secret))
    XCTAssertFalse(text.contains(created.secret.dropFirst(9).prefix(40)))
    XCTAssertTrue(text.contains(created.key.digest.description))
    for name in try FileManager.default.contentsOfDirectory(atPath: fixture.folder) where name != "keys.json"
    {
      XCTFail("\(name) is left behind")
    }
  }

  func testTheFileIsForItsOwnerOnly() throws {
    let fixture = try KeyFixture(self)
    _ = try KeyAdministration(try fixture.store()).create(NewKey(name: "a"))
    let attributes = try FileManager.default.attributesOfItem(atPath: fixture.file)
    XCTAssertEqual(attributes[.posixPermissions] as? NSNumber, 0o600)
  }

  func testAKeyIsRefusedFromTheInstantItExpires() throws {
    let fixture = try KeyFixture(self)
    let store = try fixture.store()
    let end = DateTime(milliseconds: 1_800_000_060_000)
    let created = try KeyAdministration(store).create(NewKey(name: "a", expires: end))
    fixture.clock.withLock { $0 = 1_800_000_059_999 }
    XCTAssertEqual(store.authenticate(created.secret), .valid(created.key))
    fixture.clock.withLock { $0 = 1_800_000_060_000 }
    XCTAssertEqual(store.authenticate(created.secret), .invalid)
    fixture.clock.withLock { $0 = 1_800_000_060_001 }
    XCTAssertEqual(store.authenticate(created.secret), .invalid)
  }

  func testARevokedKeyIsRefusedAtOnceAndAfterReopening() throws {
    let fixture = try KeyFixture(self)
    let store = try fixture.store()
    let created = try KeyAdministration(store).create(NewKey(name: "a"))
    let other = try KeyAdministration(store).create(NewKey(name: "b"))
    let revoked = try KeyAdministration(store).revoke(created.key.id)
    XCTAssertEqual(revoked.revoked, store.now)
    XCTAssertEqual(store.authenticate(created.secret), .invalid)
    XCTAssertEqual(store.authenticate(other.secret), .valid(other.key))
    XCTAssertEqual(try fixture.store().authenticate(created.secret), .invalid)
  }

  func testRevokingTwiceKeepsTheFirstInstant() throws {
    let fixture = try KeyFixture(self)
    let store = try fixture.store()
    let id = try KeyAdministration(store).create(NewKey(name: "a")).key.id
    let first = try KeyAdministration(store).revoke(id)
    fixture.clock.withLock { $0 += 1000 }
    XCTAssertEqual(try KeyAdministration(store).revoke(id), first)
  }

  func testAKeyThatCannotBeSavedIsNotValid() throws {
    let fixture = try KeyFixture(self)
    let store = try fixture.store()
    try FileManager.default.removeItem(atPath: fixture.folder)
    XCTAssertThrowsError(try KeyAdministration(store).create(NewKey(name: "a")))
    XCTAssertTrue(store.isEmpty)
  }

  func testANewerFormatIsRefusedNamingTheFile() throws {
    let fixture = try KeyFixture(self)
    try fixture.write(#"{"format": 2, "keys": []}"#)
    XCTAssertThrowsError(try fixture.store()) { error in
      XCTAssertEqual((error as? KeyFileError)?.kind, .newerFormat(2))
      XCTAssertTrue("\(error)".contains(fixture.file), "\(error)")
    }
  }

  func testMalformedJSONIsRefusedWithItsByteOffset() throws {
    let fixture = try KeyFixture(self)
    try fixture.write(#"{"format": 1, "keys": [}"#)
    XCTAssertThrowsError(try fixture.store()) { error in
      XCTAssertTrue("\(error)".contains("byte 23"), "\(error)")
      XCTAssertTrue("\(error)".contains(fixture.file), "\(error)")
    }
  }

  func testAWrongMemberIsRefusedWithItsPlace() throws {
    let fixture = try KeyFixture(self)
    _ = try KeyAdministration(try fixture.store()).create(NewKey(name: "a"))
    try fixture.write(
      try fixture.fileText().replacingOccurrences(of: "\"digest\": \"", with: "\"digest\": \"x"))
    XCTAssertThrowsError(try fixture.store()) { error in
      XCTAssertTrue("\(error)".contains("keys[0].digest"), "\(error)")
    }
  }

  func testConcurrentCreationLosesNoKey() throws {
    let fixture = try KeyFixture(self)
    let store = try fixture.store()
    DispatchQueue.concurrentPerform(iterations: 40) { index in
      _ = try? KeyAdministration(store).create(NewKey(name: "key \(index)"))
    }
    XCTAssertEqual(store.all.count, 40)
    XCTAssertEqual(try fixture.store().all, store.all)
  }
}
