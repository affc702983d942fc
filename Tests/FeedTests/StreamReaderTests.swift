import Client
import Dispatch
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Feed

/// What a receiver that polls gets.
final class StreamReaderTests: XCTestCase {
  private func reader(_ world: FeedWorld, _ events: [SecurityEvent] = SecurityEvent.notices) throws
    -> StreamReader
  {
    let keys = MasterKeys(world.store, file: nil)
    try keys.open()
    var stream = TokenStream(name: "partner", audience: ["a"], start: 0)
    stream.events = events
    let sender = StreamSender(OutboundGuard(allowed: []), SigningKeys(keys), issuer: "i", .system)
    return StreamReader(stream, "s1", world.events, sender)
  }

  private func jtis(_ batch: StreamReader.Batch) -> [String] { batch.events.map(\.id.description) }

  private func note(_ world: FeedWorld) -> JSONValue? {
    world.directory.note(WebhookNotes.prefix(.stream, "s1")).whenDurable()
  }

  func testATokenIsGivenOutUntilItIsAcknowledgedInWhateverOrder() throws {
    let world = try FeedWorld(self)
    for name in ["a", "b", "c"] { try world.addUser(name) }
    var reader = try reader(world)
    let all = jtis(try reader.read(acknowledging: [], limit: 10))
    XCTAssertEqual(all.count, 3)
    XCTAssertEqual(jtis(try reader.read(acknowledging: [], limit: 10)), all)
    XCTAssertEqual(jtis(try reader.read(acknowledging: [all[1]], limit: 10)), [all[0], all[2]])
    try world.reopen()
    reader = try self.reader(world)
    XCTAssertEqual(jtis(try reader.read(acknowledging: [], limit: 10)), [all[0], all[2]])
    XCTAssertEqual(jtis(try reader.read(acknowledging: [all[0], all[2]], limit: 10)), [])
    XCTAssertNil(note(world)?["acknowledged"], "the position is behind all of them")
  }

  func testAnAnswerHasAtMostWhatWasAskedForAndSaysThatThereIsMore() throws {
    let world = try FeedWorld(self)
    for number in 0..<5 { try world.addUser("u\(number)") }
    let reader = try reader(world)
    var batch = try reader.read(acknowledging: [], limit: 2)
    XCTAssertEqual(batch.events.count, 2)
    XCTAssertTrue(batch.hasMore)
    batch = try reader.read(acknowledging: jtis(batch), limit: 3)
    XCTAssertEqual(batch.events.count, 3)
    XCTAssertFalse(batch.hasMore)
    batch = try reader.read(acknowledging: jtis(batch), limit: 0)
    XCTAssertTrue(batch.events.isEmpty)
    XCTAssertFalse(batch.hasMore)
  }

  func testOtherEventsArePassedOverAndTheirPlaceIsKept() throws {
    let world = try FeedWorld(self)
    let ada = try world.addUser("ada")
    try world.set(ada, "title", "x")
    try world.delete(ada, world.user)
    let reader = try reader(world, [.delete])
    let batch = try reader.read(acknowledging: [], limit: 10)
    XCTAssertEqual(batch.events.map(\.type), [.userDeleted])
    _ = try reader.read(acknowledging: jtis(batch), limit: 10)
    XCTAssertGreaterThanOrEqual(note(world)?["position"]?.integerValue ?? 0, Int64(batch.events[0].id.seq))
  }

  func testWhatIsNoTokenOfTheLogIsNotAcknowledged() throws {
    let world = try FeedWorld(self)
    try world.addUser("a")
    let reader = try reader(world)
    for jti in ["", "nonsense", "evt_AAAAAAAA_1_0", "evt_\(world.directory.incarnation)_999_0"] {
      XCTAssertEqual(try reader.read(acknowledging: [jti], limit: 10).events.count, 1, jti)
    }
    XCTAssertNil(note(world))
  }

  func testRequestsAtTheSameTimeDoNotLoseEachOthersAcknowledgements() throws {
    let world = try FeedWorld(self)
    for number in 0..<40 { try world.addUser("u\(number)") }
    let reader = try reader(world)
    let all = jtis(try reader.read(acknowledging: [], limit: 100))
    DispatchQueue.concurrentPerform(iterations: 40) { number in
      _ = try? reader.read(acknowledging: [all[number]], limit: 1)
    }
    XCTAssertEqual(jtis(try reader.read(acknowledging: [], limit: 100)), [])
  }

  func testAcknowledgementsBehindAnOlderTokenAreBounded() {
    var place = StreamPlace(nil, start: 0)
    let ids = (2..<3000).map { EventID("4gT0aZk9", UInt64($0), 0) }
    place.acknowledge(ids)
    XCTAssertEqual(place.acknowledged.count, StreamPlace.maxAcknowledged)
    XCTAssertTrue(place.has(ids[0]))
    XCTAssertFalse(place.has(ids[2000]))
    place.advance(to: 900)
    XCTAssertEqual(place.acknowledged.count, 101)
    XCTAssertTrue(place.has(EventID("4gT0aZk9", 1, 0)))
    XCTAssertEqual(StreamPlace(place.note, start: 0).note, place.note)
  }
}
