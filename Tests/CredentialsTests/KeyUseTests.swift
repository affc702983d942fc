import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Credentials

/// When and from where a key was last used: kept as notes, few and off the path of requests.
final class KeyUseTests: XCTestCase {
  private func use(_ secret: String, _ keys: KeyRing, _ request: String) throws {
    let granted = try XCTUnwrap(keys.granted(Array(secret.utf8)[...]))
    let now = keys.now
    keys.accepted(granted, at: now) {
      KeyUse(time: now, remote: "192.0.2.1", agent: "test/1", requestID: request, kind: .basic)
    }
  }

  private func notes(_ store: Store) throws -> [(key: String, value: JSONValue)] {
    try XCTUnwrap(store.existingDirectory(named: "default")).notes(withPrefix: KeyNotes.usePrefix)
  }

  func testTheLastUseSurvivesARestart() throws {
    let fixture = try KeyFixture(self)
    var (store, keys, administration) = try fixture.open()
    let made = try administration.create(NewKey(name: "a"))
    XCTAssertNil(keys.lastUse(of: made.key, made.key.generations[0]))
    try use(made.secret, keys, "first")
    keys.upkeep()
    (store, keys, administration) = try fixture.open()
    let last = try XCTUnwrap(keys.lastUse(of: made.key, made.key.generations[0]))
    XCTAssertEqual(
      last,
      KeyUse(
        time: DateTime(milliseconds: 1_800_000_000_000), remote: "192.0.2.1", agent: "test/1",
        requestID: "first", kind: .basic))
    XCTAssertEqual(try notes(store).map(\.key), ["key.use:\(made.key.id):1"])
  }

  func testAThousandRequestsOfAMinuteAreWrittenOnce() throws {
    let fixture = try KeyFixture(self)
    let (store, keys, administration) = try fixture.open()
    let made = try administration.create(NewKey(name: "a"))
    var written: [String] = []
    // A request and a look at what is due every 120 ms, for two minutes.
    for number in 0..<1000 {
      try use(made.secret, keys, "\(number)")
      keys.upkeep()
      let request = try XCTUnwrap(try notes(store).first?.value["request"]?.stringValue)
      if request != written.last { written.append(request) }
      fixture.clock.withLock { $0 += 120 }
    }
    XCTAssertEqual(written, ["0", "500"])
    // What was seen since is there to be shown all the same.
    let last = keys.lastUse(of: made.key, made.key.generations[0])
    XCTAssertEqual(last?.time.seconds, 1_800_000_119)
  }

  func testAKeyThatIsNotUsedWritesNothing() throws {
    let fixture = try KeyFixture(self)
    let (store, keys, administration) = try fixture.open()
    let made = try administration.create(NewKey(name: "a"))
    try use(made.secret, keys, "a")
    keys.upkeep()
    for _ in 0..<10 {
      fixture.clock.withLock { $0 += 60_000 }
      keys.upkeep()
    }
    XCTAssertEqual(try notes(store).first?.value["request"], "a")
    XCTAssertEqual(try notes(store).first?.value["time"], "2027-01-15T08:00:00.000Z")
  }

  func testEachSecretHasALastUseOfItsOwn() throws {
    let fixture = try KeyFixture(self)
    let (_, keys, administration) = try fixture.open()
    let first = try administration.create(NewKey(name: "a"))
    let second = try administration.rotate(first.key.id, overlap: .standard)
    try use(first.secret, keys, "old")
    try use(second.secret, keys, "new")
    XCTAssertEqual(
      second.key.generations.map { keys.lastUse(of: second.key, $0)?.requestID }, ["old", "new"])
  }

  func testAClockThatWasSetBackSilencesNothing() throws {
    let fixture = try KeyFixture(self)
    let (store, keys, administration) = try fixture.open()
    let made = try administration.create(NewKey(name: "a"))
    try use(made.secret, keys, "a")
    keys.upkeep()
    fixture.clock.withLock { $0 -= 3_600_000 }
    try use(made.secret, keys, "b")
    keys.upkeep()
    XCTAssertEqual(try notes(store).first?.value["request"], "b")
  }

  func testWhereAUserCameFromGoesWithTheUser() throws {
    let fixture = try KeyFixture(self)
    let (store, keys, administration) = try fixture.open()
    let directory = try XCTUnwrap(store.existingDirectory(named: "default"))
    let type = try XCTUnwrap(directory.catalog.types.first(where: \.hasGroups))
    let context = RequestContext(Actor(.server), requestID: "", operation: "TEST")
    let made = try directory.write(context) { tx throws(SCIMError) in
      try tx.create(type, Document(["userName": "ada"]), members: [], skipsUnknown: false)
    }.whenDurable().get()
    let id = try XCTUnwrap(made?.id)
    try use(try administration.create(NewKey(name: "hers", user: id.text)).secret, keys, "a")
    try use(try administration.create(NewKey(name: "other")).secret, keys, "b")
    keys.upkeep()
    XCTAssertEqual(try notes(store).count, 2)
    _ = try directory.write(context) { tx throws(SCIMError) in
      try tx.erase(type, id)
      return nil
    }.whenDurable().get()
    XCTAssertEqual(try notes(store).map { $0.value["request"] }, ["b"])
  }
}
