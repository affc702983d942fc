import Foundation
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Feed

/// The feed of a real log: in order, without gaps, none twice, whoever reads it and from where.
final class DirectoryFeedTests: XCTestCase {
  func testEveryChangeIsOneEventAndEachNamesTheOneBefore() throws {
    let world = try FeedWorld(self)
    let ada = try world.addUser("ada")
    try world.set(ada, "displayName", "Ada")
    try world.set(ada, "active", false)
    let group = try world.addGroup("Staff", [ada])
    try world.delete(group, world.group)
    try world.delete(ada, world.user)
    let types: [EventType] = [
      .userCreated, .userUpdated, .userDeactivated, .groupCreated, .memberAdded, .groupDeleted, .userDeleted,
    ]
    for limit in [1, 2, 3, 500] {
      let events = try world.all(limit: limit)
      XCTAssertEqual(events.map(\.type), types, "\(limit)")
      XCTAssertEqual(events.map(\.previousID), [nil] + events.dropLast().map(\.id), "\(limit)")
    }
  }

  func testAReaderContinuesAfterAnyEventWithTheSameBytesAlsoAfterARestart() throws {
    let world = try FeedWorld(self)
    for number in 0..<20 { try world.addGroup("g\(number)", [try world.addUser("u\(number)")]) }
    let all = try world.all()
    try world.reopen()
    for (index, event) in all.enumerated() {
      let rest = try world.all(after: event.id)
      XCTAssertEqual(rest.map { $0.json() }, all[(index + 1)...].map { $0.json() })
      XCTAssertEqual(try world.events.event(event.id)?.json(), event.json())
    }
  }

  func testManyWritersAtOnceGiveExactlyTheirChangesInOrder() throws {
    let world = try FeedWorld(self)
    let directory = world.directory
    let type = world.user
    DispatchQueue.concurrentPerform(iterations: 400) { number in
      let document = Document(["userName": .string("u\(number)")])
      _ = directory.write(FeedWorld.context) { tx throws(SCIMError) in
        try tx.create(type, document, members: [], skipsUnknown: false)
      }.whenDurable()
    }
    let events = try world.all(limit: 13)
    XCTAssertEqual(events.count, 400)
    XCTAssertEqual(events.map(\.id.seq), events.map(\.id.seq).sorted())
    XCTAssertEqual(Set(events.map(\.subject.id)).count, 400)
    XCTAssertEqual(events.map(\.previousID), [nil] + events.dropLast().map(\.id))
  }

  func testNotesAreNoEventsAndAPageReadsOverThem() throws {
    let world = try FeedWorld(self)
    try world.addUser("ada")
    for number in 0..<50 {
      try world.write { tx throws(SCIMError) in
        tx.note("seen", .integer(Int64(number)))
        return nil
      }
    }
    try world.addUser("bob")
    let first = try world.events.page(after: nil, limit: 1)
    let second = try world.events.page(after: first.next, limit: 1)
    XCTAssertEqual(second.events.map(\.type), [.userCreated])
    XCTAssertEqual(second.events.first?.previousID, first.events.first?.id)
    try world.reopen()
    let newest = try world.events.newest(1)
    XCTAssertEqual(newest.events.map(\.id), second.events.map(\.id))
    XCTAssertEqual(newest.events.first?.previousID, first.events.first?.id)
  }

  func testACursorOfAnotherIncarnationOrOfGivenUpHistoryIsGoneAndTheOldestEventIsNamed() throws {
    var options = StoreOptions()
    options.historyRetention = LogRetention(days: 0, bytes: 0)
    options.snapshotBytes = 4096
    let world = try FeedWorld(self, options)
    let first = try world.addUser("first")
    let early = try world.events.page(after: nil, limit: 1).next
    for number in 0..<200 { try world.set(first, "displayName", .string("\(number)")) }
    try world.reopen()
    for number in 200..<400 { try world.set(first, "displayName", .string("\(number)")) }
    try world.reopen()
    guard
      case .gone(let oldest?) = try error({ () throws(FeedError) in
        try world.events.page(after: early, limit: 1)
      })
    else { return XCTFail("not gone") }
    let begin = try world.events.page(after: nil, limit: 1).events.first
    XCTAssertEqual(begin?.id, oldest)
    let other = EventID("AAAAAAAA", oldest.seq, 0)
    guard case .gone = try error({ () throws(FeedError) in try world.events.page(after: other, limit: 1) })
    else {
      return XCTFail("not gone")
    }
    let later = EventID(oldest.incarnation, 1_000_000, 0)
    guard
      case .unknownCursor = try error({ () throws(FeedError) in try world.events.page(after: later, limit: 1)
      })
    else { return XCTFail("not refused") }
  }

  func testTheEventsOfAnErasedUserSayNothingButIds() throws {
    let world = try FeedWorld(self)
    let ada = try world.addUser("ada", ["displayName": "Ada Lovelace"])
    try world.set(ada, "active", false)
    _ = try world.all()
    _ = try world.directory.erase(world.user, ada, FeedWorld.context).whenDurable().get()
    XCTAssertNil(world.directory.finishErasure(of: ada).postponed)
    let events = try world.all()
    XCTAssertEqual(events.map(\.type), [.userCreated, .userUpdated, .userErased])
    for event in events {
      let json = event.json()
      XCTAssertEqual(json["erased"], true)
      XCTAssertEqual(json["subject"], ["type": "User", "id": .string(ada.text)])
      XCTAssertFalse(json.serializedText.contains("Ada"))
    }
  }

  func testWaitersAreCalledOnceForTheNextRecord() throws {
    let world = try FeedWorld(self)
    try world.addUser("ada")
    let end = world.events.end.seq
    let called = expectation(description: "called")
    called.expectedFulfillmentCount = 3
    for _ in 0..<3 { _ = world.events.whenWritten(after: end) { called.fulfill() } }
    let forgotten = world.events.whenWritten(after: end) { XCTFail("it was forgotten") }
    world.events.forget(forgotten)
    try world.addUser("bob")
    try world.addUser("eve")
    wait(for: [called], timeout: 30)
    let atOnce = expectation(description: "at once")
    XCTAssertNil(world.events.whenWritten(after: end) { atOnce.fulfill() })
    wait(for: [atOnce], timeout: 30)
  }

  private func error(_ body: () throws(FeedError) -> FeedPage) throws -> FeedError {
    var found: FeedError?
    do throws(FeedError) { _ = try body() } catch { found = error }
    return try XCTUnwrap(found)
  }
}
