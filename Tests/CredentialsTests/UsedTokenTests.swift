import Platform
import SCIM
import Storage
import XCTest

@testable import Credentials

/// Signed tokens that were used are remembered as long as they are valid, and no longer.
final class UsedTokenTests: XCTestCase {
  private func token(_ id: String, expires: Int64) throws -> UsedToken {
    let claims = #"{"iss":"i","sub":"s","aud":"a","exp":\#(expires),"jti":"\#(id)"}"#
    let header = SignedTokenTests.encoded(#"{"alg":"RS256"}"#)
    return UsedToken(try SignedToken("\(header).\(SignedTokenTests.encoded(claims)).AAAA"))
  }

  private func trust(_ environment: Environment, _ audiences: [String] = ["a"]) throws -> SignedTokenTrust {
    let set = String(decoding: try KeySetTests.bytes("mixed.json"), as: UTF8.self)
    return try SignedTokenTrust(
      issuer: "i", subject: "s", audiences: audiences, keys: .set(set), environment)
  }

  func testAUsedTokenIsForgottenWhenItEndsAndRefusedBefore() throws {
    let fixture = try KeyFixture(self)
    var (store, keys, administration) = try fixture.open()
    var new = NewKey(name: "a")
    new.trust = try trust(fixture.environment)
    let key = try administration.create(new).key
    let context = KeyAdministration.start
    func use(_ token: UsedToken) throws -> SCIMError.Code? {
      let directory = try store.directory(named: "default").get()
      let used = directory.writeTogether(context) { tx throws(SCIMError) in
        try KeyRing.use(token, of: key, &tx)
      }
      if case .failure(let error) = used.whenDurable() { return error.code }
      return nil
    }
    let now = fixture.clock.withLock { $0 } / 1000
    let (short, long) = (try token("short", expires: now + 60), try token("long", expires: now + 3600))
    XCTAssertNil(try use(short))
    XCTAssertNil(try use(long))
    XCTAssertEqual(try use(short), .signedTokenReplayed)
    keys.upkeep()
    XCTAssertEqual(keys.table.withLock { $0.usedTokens[key.id]?.count }, 2)
    fixture.clock.withLock { $0 += 121_000 }
    keys.upkeep()
    XCTAssertEqual(keys.table.withLock { $0.usedTokens[key.id]?.count }, 1)
    (store, keys, administration) = try fixture.open()
    XCTAssertEqual(keys.table.withLock { $0.usedTokens[key.id]?.count }, 1, "read again at the start")
    XCTAssertEqual(try use(long), .signedTokenReplayed)
    fixture.clock.withLock { $0 += 3_600_000 }
    keys.upkeep()
    XCTAssertNil(keys.table.withLock { $0.usedTokens[key.id] })
    XCTAssertEqual(store.existingDirectory(named: "default")?.notes(withPrefix: KeyNotes.usedPrefix).count, 0)
  }

  func testOnlyOneOfTwoKeysThatAreCreatedAtOnceGetsTheSameTrust() throws {
    let fixture = try KeyFixture(self)
    let (_, keys, administration) = try fixture.open()
    let (first, second) = (try trust(fixture.environment, ["a", "b"]), try trust(fixture.environment, ["b"]))
    try keys.claim(first, for: nil, in: "default")
    XCTAssertThrowsError(try keys.claim(second, for: nil, in: "other"))
    keys.release(first)
    var new = NewKey(name: "a")
    new.trust = first
    let key = try administration.create(new).key
    XCTAssertThrowsError(try keys.claim(second, for: nil, in: "other"))
    XCTAssertNoThrow(try keys.claim(second, for: key.resource, in: "default"))
    XCTAssertThrowsError(try keys.claim(first, for: nil, in: "default"), "claimed and not yet released")
    keys.release(second)
    _ = try administration.revoke(key.id)
    XCTAssertNoThrow(try keys.claim(first, for: nil, in: "default"))
  }
}
