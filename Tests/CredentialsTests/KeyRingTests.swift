import Foundation
import Platform
import SCIM
import Storage
import XCTest

@testable import Credentials

final class KeyRingTests: XCTestCase {
  func testACreatedKeyIsValidAtOnceAndAfterReopening() throws {
    let fixture = try KeyFixture(self)
    let (_, keys, administration) = try fixture.open()
    let created = try administration.create(NewKey(name: "Okta", profile: "okta"))
    XCTAssertEqual(keys.authenticate(created.secret), .valid(created.key))
    XCTAssertEqual(try fixture.open().keys.authenticate(created.secret), .valid(created.key))
  }

  func testADamagedSecretIsMalformedAndAForeignOneInvalid() throws {
    let (_, keys, administration) = try KeyFixture(self).open()
    let secret = try administration.create(NewKey(name: "a")).secret
    XCTAssertEqual(keys.authenticate(String(secret.dropLast())), .malformed)
    XCTAssertEqual(keys.authenticate(""), .malformed)
    XCTAssertEqual(keys.authenticate(APIKeySecret.make(.system)), .invalid)
  }

  func testOnlyTheDigestIsOnDisk() throws {
    let fixture = try KeyFixture(self)
    let (store, _, administration) = try fixture.open()
    let created = try administration.create(NewKey(name: "a"))
    store.close()
    var hasDigest = false
    let files = try XCTUnwrap(FileManager.default.enumerator(atPath: fixture.folder)).compactMap {
      $0 as? String
    }
    for file in files where file.hasSuffix(".jsonl") {
      let text = try String(contentsOfFile: fixture.folder + "/" + file, encoding: .utf8)
      XCTAssertFalse(text.contains(created.secret.dropFirst(9).prefix(40)), file)
      hasDigest = hasDigest || text.contains(created.key.generations[0].digest.description)
    }
    XCTAssertTrue(hasDigest)
  }

  func testAKeyIsRefusedFromTheInstantItExpires() throws {
    let fixture = try KeyFixture(self)
    let (_, keys, administration) = try fixture.open()
    let end = DateTime(milliseconds: 1_800_000_060_000)
    let created = try administration.create(NewKey(name: "a", expires: .at(end)))
    fixture.clock.withLock { $0 = 1_800_000_059_999 }
    XCTAssertEqual(keys.authenticate(created.secret), .valid(created.key))
    fixture.clock.withLock { $0 = 1_800_000_060_000 }
    XCTAssertEqual(keys.authenticate(created.secret), .invalid)
    fixture.clock.withLock { $0 = 1_800_000_060_001 }
    XCTAssertEqual(keys.authenticate(created.secret), .invalid)
  }

  func testARevokedKeyIsRefusedAtOnceAndAfterReopening() throws {
    let fixture = try KeyFixture(self)
    let (_, keys, administration) = try fixture.open()
    let created = try administration.create(NewKey(name: "a"))
    let other = try administration.create(NewKey(name: "b"))
    XCTAssertEqual(keys.authenticate(created.secret), .valid(created.key))
    let revoked = try administration.revoke(created.key.id)
    XCTAssertEqual(revoked.revoked, keys.now)
    XCTAssertEqual(keys.authenticate(created.secret), .invalid)
    XCTAssertEqual(keys.authenticate(other.secret), .valid(other.key))
    XCTAssertEqual(try fixture.open().keys.authenticate(created.secret), .invalid)
  }

  func testRevokingTwiceKeepsTheFirstInstant() throws {
    let fixture = try KeyFixture(self)
    let (_, _, administration) = try fixture.open()
    let id = try administration.create(NewKey(name: "a")).key.id
    let first = try administration.revoke(id)
    fixture.clock.withLock { $0 += 1000 }
    XCTAssertEqual(try administration.revoke(id), first)
  }

  func testAKeyBelongsToItsDirectoryAlone() throws {
    let fixture = try KeyFixture(self)
    let (store, keys, administration) = try fixture.open()
    _ = try store.directory(named: "other").get()
    let key = try administration.create(NewKey(name: "a", directory: "other"))
    let granted = try XCTUnwrap(keys.granted(Array(key.secret.utf8)[...]))
    XCTAssertTrue(granted.directory === store.existingDirectory(named: "other"))
    XCTAssertEqual(keys.keys(of: "default"), [])
    XCTAssertEqual(keys.keys(of: "other"), [key.key])
  }

  func testAnUnknownDirectoryGetsNoKey() throws {
    let (_, keys, administration) = try KeyFixture(self).open()
    XCTAssertThrowsError(try administration.create(NewKey(name: "a", directory: "contosso"))) { error in
      XCTAssertEqual(error as? KeyAdministrationError, .unknownDirectory("contosso"))
    }
    XCTAssertTrue(keys.isEmpty)
  }

  func testRequestsOfAPausedDirectoryAreNotTakenAndThoseOfARemovedOneRefused() throws {
    let (store, keys, administration) = try KeyFixture(self).open()
    let secret = try administration.create(NewKey(name: "a")).secret
    try set(.paused, store)
    guard case .paused? = keys.granted(Array(secret.utf8)[...])?.availability else {
      return XCTFail("not paused")
    }
    try set(.active, store)
    XCTAssertEqual(keys.granted(Array(secret.utf8)[...])?.availability, .open)
    try set(.removing, store)
    XCTAssertNil(keys.granted(Array(secret.utf8)[...]))
  }

  private func set(_ state: DirectoryDescription.State, _ store: Store) throws {
    let type = store.system.administrativeType("Directory")
    let context = RequestContext(Actor(.server), requestID: "", operation: "TEST")
    _ = try store.system.write(context) { tx throws(SCIMError) in
      let id = tx.find(type, "name", "default")[0]
      var description = DirectoryDescription(name: "default")
      description.state = state
      try tx.update(try tx.resource(type, id.text), description.document, [], skipsUnknown: false)
      return id
    }.whenDurable().get()
  }

  func testConcurrentCreationLosesNoKey() throws {
    let fixture = try KeyFixture(self)
    let (_, keys, administration) = try fixture.open()
    DispatchQueue.concurrentPerform(iterations: 40) { index in
      _ = try? administration.create(NewKey(name: "key \(index)"))
    }
    let all = keys.keys()
    XCTAssertEqual(all.count, 40)
    XCTAssertEqual(try fixture.open().keys.keys(), all)
  }
}
