import Foundation
import Platform
import SCIM
import Storage
import XCTest

@testable import Credentials

/// Keys of older versions, which were in a file of their own.
final class KeyMigrationTests: XCTestCase {
  private func file(_ secret: String, revoked: Bool = false) -> String {
    let digest = KeyDigest(of: Array(secret.utf8)[...])
    return """
      {"format": 1, "keys": [{"id": "key_aaaaaaaaaaaa", "name": "Okta", "profile": "okta", "directory": "contoso",
      "created": "2026-01-02T03:04:05Z", "expires": null, "hint": "scim_0123…J5lz", "digest": "\(digest)"
      \(revoked ? ", \"revoked\": \"2026-02-03T04:05:06Z\"" : "")}]}
      """
  }

  func testTheKeysAreInTheirDirectoriesWithIdsDatesAndDigests() throws {
    let fixture = try KeyFixture(self)
    let secret = APIKeySecret.make(.system)
    try fixture.write(file(secret))
    let (_, keys, _) = try fixture.open()
    guard case .valid(let key) = keys.authenticate(secret) else { return XCTFail("the key is not valid") }
    XCTAssertEqual(key.id, "key_aaaaaaaaaaaa")
    XCTAssertEqual(key.directory, "contoso")
    XCTAssertEqual(key.created.description, "2026-01-02T03:04:05.000Z")
    XCTAssertEqual(key.scopes, .scim)
    XCTAssertFalse(fixture.exists("keys.json"))
    XCTAssertTrue(fixture.exists("keys.json.migrated"))
    XCTAssertEqual(try fixture.open().keys.keys(), [key])
  }

  func testARevokedKeyStaysRevoked() throws {
    let fixture = try KeyFixture(self)
    let secret = APIKeySecret.make(.system)
    try fixture.write(file(secret, revoked: true))
    XCTAssertEqual(try fixture.open().keys.authenticate(secret), .invalid)
  }

  func testBeginningAgainMakesNoKeyTwice() throws {
    let fixture = try KeyFixture(self)
    let secret = APIKeySecret.make(.system)
    try fixture.write(file(secret))
    let first = try fixture.open()
    let before = first.keys.keys()
    first.store.close()
    try FileManager.default.moveItem(
      atPath: fixture.folder + "/keys.json.migrated", toPath: fixture.folder + "/keys.json")
    XCTAssertEqual(try fixture.open().keys.keys(), before)
  }

  func testANewerFormatIsRefusedNamingTheFile() throws {
    let fixture = try KeyFixture(self)
    try fixture.write(#"{"format": 2, "keys": []}"#)
    XCTAssertThrowsError(try fixture.open()) { error in
      XCTAssertEqual((error as? KeyFileError)?.kind, .newerFormat(2))
      XCTAssertTrue("\(error)".contains(fixture.folder), "\(error)")
    }
  }

  func testMalformedJSONIsRefusedWithItsByteOffset() throws {
    let fixture = try KeyFixture(self)
    try fixture.write(#"{"format": 1, "keys": [}"#)
    XCTAssertThrowsError(try fixture.open()) { error in
      XCTAssertTrue("\(error)".contains("byte 23"), "\(error)")
    }
  }

  func testAWrongMemberIsRefusedWithItsPlace() throws {
    for (old, new, place) in [
      ("\"digest\": \"", "\"digest\": \"x", "keys[0].digest"),
      ("\"contoso\"", "\"../../x\"", "keys[0].directory"),
    ] {
      let fixture = try KeyFixture(self)
      try fixture.write(file(APIKeySecret.make(.system)).replacingOccurrences(of: old, with: new))
      XCTAssertThrowsError(try fixture.open()) { error in
        XCTAssertTrue("\(error)".contains(place), "\(error)")
      }
    }
  }
}
