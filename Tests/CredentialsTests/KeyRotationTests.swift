import Platform
import SCIM
import Storage
import XCTest

@testable import Credentials

/// A key gets a new secret while the old one goes on working, to the millisecond.
final class KeyRotationTests: XCTestCase {
  private let start: Int64 = 1_800_000_000_000
  private let day: Int64 = 86_400_000

  /// Which of the secrets work at an instant.
  private func work(_ secrets: [String], _ keys: KeyRing, _ fixture: KeyFixture, at time: Int64) -> [Bool] {
    fixture.clock.withLock { $0 = time }
    return secrets.map { if case .valid = keys.authenticate($0) { true } else { false } }
  }

  /// A request with a secret, as `Authorization` tells the ring of it.
  private func use(_ secret: String, _ keys: KeyRing) throws {
    let granted = try XCTUnwrap(keys.granted(Array(secret.utf8)[...]))
    keys.accepted(granted, at: keys.now) {
      KeyUse(time: keys.now, remote: "192.0.2.1", agent: nil, requestID: "r", kind: .bearer)
    }
  }

  func testTheOldSecretEndsWhenTheOverlapIsOver() throws {
    let fixture = try KeyFixture(self)
    var (_, keys, administration) = try fixture.open()
    let first = try administration.create(NewKey(name: "a"))
    let second = try administration.rotate(first.key.id, overlap: .standard)
    XCTAssertEqual(second.key.id, first.key.id)
    XCTAssertNotEqual(second.secret, first.secret)
    let secrets = [first.secret, second.secret]
    // Twice: as it is in memory, and as the log says.
    for _ in 0..<2 {
      XCTAssertEqual(work(secrets, keys, fixture, at: start), [true, true])
      XCTAssertEqual(work(secrets, keys, fixture, at: start + day - 1), [true, true])
      XCTAssertEqual(work(secrets, keys, fixture, at: start + day), [false, true])
      (_, keys, administration) = try fixture.open()
    }
  }

  func testWithoutOverlapTheOldSecretEndsAtOnce() throws {
    let fixture = try KeyFixture(self)
    let (_, keys, administration) = try fixture.open()
    let first = try administration.create(NewKey(name: "a"))
    let second = try administration.rotate(first.key.id, overlap: .none)
    XCTAssertEqual(work([first.secret, second.secret], keys, fixture, at: start), [false, true])
    XCTAssertEqual(keys.refusal(of: Array(first.secret.utf8)[...]).reason, .rotated)
  }

  func testUntilSeenTheOldSecretEndsAMinuteAfterTheFirstRequestWithTheNewOne() throws {
    let fixture = try KeyFixture(self)
    var (_, keys, administration) = try fixture.open()
    let first = try administration.create(NewKey(name: "a", expires: .standard))
    let second = try administration.rotate(first.key.id, overlap: .untilSeen)
    let secrets = [first.secret, second.secret]
    (_, keys, administration) = try fixture.open()
    XCTAssertEqual(work(secrets, keys, fixture, at: start + 40 * day), [true, true])
    try use(first.secret, keys)
    XCTAssertEqual(work(secrets, keys, fixture, at: start + 41 * day), [true, true])
    let seen = start + 41 * day + 7
    fixture.clock.withLock { $0 = seen }
    try use(second.secret, keys)
    // Later requests move nothing.
    XCTAssertEqual(work(secrets, keys, fixture, at: seen + 30_000), [true, true])
    try use(second.secret, keys)
    for _ in 0..<2 {
      XCTAssertEqual(work(secrets, keys, fixture, at: seen + 59_999), [true, true])
      XCTAssertEqual(work(secrets, keys, fixture, at: seen + 60_000), [false, true])
      keys.upkeep()
      (_, keys, administration) = try fixture.open()
    }
  }

  func testAKeyHasTwoValidSecretsAtMost() throws {
    let fixture = try KeyFixture(self)
    let (_, keys, administration) = try fixture.open()
    let id = try administration.create(NewKey(name: "a")).key.id
    _ = try administration.rotate(id, overlap: .milliseconds(1000))
    XCTAssertThrowsError(try administration.rotate(id, overlap: .none)) { error in
      guard case .conflict = error as? KeyAdministrationError else { return XCTFail("\(error)") }
    }
    fixture.clock.withLock { $0 += 1000 }
    for _ in 0..<10 { _ = try administration.rotate(id, overlap: .none) }
    let key = try XCTUnwrap(keys.key(id))
    XCTAssertEqual(key.generations.map(\.number), [8, 9, 10, 11, 12])
    XCTAssertEqual(key.generations.filter { $0.isAlive(at: keys.now) }.map(\.number), [12])
    XCTAssertEqual(key.created.milliseconds, start)
  }

  func testCompletingEndsTheOldSecretAndCancellingTheNewOne() throws {
    let fixture = try KeyFixture(self)
    let (_, keys, administration) = try fixture.open()
    let first = try administration.create(NewKey(name: "a"))
    let id = first.key.id
    let second = try administration.rotate(id, overlap: .standard)
    _ = try administration.cancel(id)
    XCTAssertEqual(work([first.secret, second.secret], keys, fixture, at: start + 2 * day), [true, false])
    let third = try administration.rotate(id, overlap: .untilSeen)
    XCTAssertEqual(third.key.generations.last?.number, 3)
    _ = try administration.complete(id)
    XCTAssertEqual(
      work([first.secret, second.secret, third.secret], keys, fixture, at: start + 2 * day),
      [false, false, true])
    for act in [administration.complete(_:ifMatch:_:)] {
      XCTAssertThrowsError(try act(id, nil, KeyAdministration.start))
    }
    XCTAssertThrowsError(try administration.cancel(id))
    XCTAssertEqual(work([third.secret], keys, fixture, at: start + 2 * day), [true])
  }

  func testARotationRenewsTheLifeOfTheKeyAndNotThatOfItsOldSecret() throws {
    let fixture = try KeyFixture(self)
    let (_, keys, administration) = try fixture.open()
    let first = try administration.create(NewKey(name: "a"))
    let id = first.key.id
    let end = start + 90 * day
    fixture.clock.withLock { $0 = end - day / 2 }
    let second = try administration.rotate(id, overlap: .standard)
    XCTAssertEqual(second.key.expires?.milliseconds, end - day / 2 + 90 * day)
    XCTAssertEqual(work([first.secret, second.secret], keys, fixture, at: end - 1), [true, true])
    // A cancelled rotation leaves no longer life behind.
    XCTAssertEqual(try administration.cancel(id).expires?.milliseconds, end)
    let third = try administration.rotate(id, overlap: .untilSeen)
    XCTAssertEqual(work([first.secret, third.secret], keys, fixture, at: end), [false, true])
    XCTAssertThrowsError(try administration.cancel(id))
    // Nor is a life made shorter.
    let fourth = try administration.rotate(
      id, overlap: .none, expires: .at(DateTime(milliseconds: end + 1000)))
    XCTAssertEqual(fourth.key.expires?.milliseconds, end + 1000)
    fixture.clock.withLock { $0 = end + 1000 }
    XCTAssertThrowsError(try administration.rotate(id, overlap: .none))
  }

  func testARevokedKeyIsNotRotated() throws {
    let (_, keys, administration) = try KeyFixture(self).open()
    let first = try administration.create(NewKey(name: "a"))
    let second = try administration.rotate(first.key.id, overlap: .standard)
    _ = try administration.revoke(first.key.id)
    for secret in [first.secret, second.secret] { XCTAssertEqual(keys.authenticate(secret), .invalid) }
    XCTAssertThrowsError(try administration.rotate(first.key.id, overlap: .none))
    XCTAssertThrowsError(try administration.complete(first.key.id))
    XCTAssertThrowsError(try administration.cancel(first.key.id))
  }

  func testRecordsNameTheKeyAndTheSecret() throws {
    let (_, keys, administration) = try KeyFixture(self).open()
    let first = try administration.create(NewKey(name: "a"))
    let second = try administration.rotate(first.key.id, overlap: .standard)
    for (secret, number) in [(first.secret, 1), (second.secret, 2)] {
      let actor = try XCTUnwrap(keys.granted(Array(secret.utf8)[...])).actor(remote: "192.0.2.1")
      XCTAssertEqual(actor.key, first.key.id)
      XCTAssertEqual(actor.generation, number)
    }
  }

  func testAnOverlapIsReadAsPeopleWriteIt() {
    for (text, milliseconds) in [("30m", 1_800_000), ("24h", 86_400_000), ("90d", 7_776_000_000)] {
      XCTAssertEqual(KeyOverlap(text), .milliseconds(Int64(milliseconds)), text)
    }
    XCTAssertEqual(KeyOverlap("until-seen"), .untilSeen)
    XCTAssertEqual(KeyOverlap("none"), KeyOverlap.none)
    for text in ["", "0h", "-1h", "1", "h", "91d", "13w", "3mo", "+24h", "99999999999999999999d", "24 h"] {
      XCTAssertNil(KeyOverlap(text), text)
    }
  }
}
