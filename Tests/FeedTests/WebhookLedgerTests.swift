import JSON
import Platform
import Storage
import XCTest

@testable import Feed

extension WebhookLedger {
  fileprivate mutating func finish(
    _ event: Event, _ outcome: WebhookOutcome, at now: Int64, jitter: UInt8
  ) -> String? {
    finish(.event(event), .sent(event.id, outcome, skipped: 0), at: now, jitter: jitter)
  }

  fileprivate mutating func finish(
    leaver id: EventID, _ key: String, _ outcome: WebhookOutcome, at now: Int64, jitter: UInt8
  ) -> String? {
    finish(.leaver(id, key: key), .sent(id, outcome, skipped: 0), at: now, jitter: jitter)
  }

  /// - Parameter id: nil if the subject has no event up to the record.
  fileprivate mutating func finish(
    exception key: String, _ id: EventID?, upTo last: UInt64, _ outcome: WebhookOutcome, at now: Int64,
    jitter: UInt8
  ) -> String? {
    let result = id.map { Result.sent($0, outcome, skipped: 0) } ?? .nothing
    return finish(.exception(key: key, from: Place(0, 0), upTo: last), result, at: now, jitter: jitter)
  }
}

/// The order in which a webhook gets events, with a clock that the test sets.
final class WebhookLedgerTests: XCTestCase {
  private func ledger(
    _ exceptions: [String: WebhookLedger.Exception] = [:], inFlight: Int = 2
  ) -> WebhookLedger {
    WebhookLedger(position: 0, exceptions: exceptions, schedule: .standard, inFlight: inFlight)
  }

  private func event(_ seq: UInt64, _ type: String, _ user: String, active: Bool? = nil) -> Event {
    let change: JSONValue
    switch type {
    case "delete": change = ["delete": "User", "id": .string(user), "resource": ["userName": "u"]]
    default:
      let after: JSONValue = active.map { ["active": .bool($0)] } ?? ["displayName": .string("\(seq)")]
      change = ["update": "User", "id": .string(user), "before": ["active": true], "after": after]
    }
    let record: JSONValue = ["time": "2026-12-01T09:30:00.000Z", "changes": [change]]
    return RecordEvents(
      LoggedRecord(seq: seq, hash: .zero, record: record), incarnation: "4gT0aZk9", directory: "d"
    ).events[0]
  }

  private func update(_ seq: UInt64, _ user: String) -> Event { event(seq, "update", user) }
  private func leave(_ seq: UInt64, _ user: String) -> Event { event(seq, "update", user, active: false) }

  private func seq(_ delivery: WebhookLedger.Delivery?) -> UInt64? {
    switch delivery {
    case .event(let event)?: event.id.seq
    case .leaver(let id, _)?: id.seq
    case .exception(_, let place, _)?: place.seq
    case nil: nil
    }
  }

  func testEventsOfASubjectAreSentOneAfterTheOtherAndThoseOfOthersSideBySide() {
    var ledger = ledger()
    let events = [update(1, "a"), update(2, "a"), update(3, "b"), update(4, "c")]
    ledger.add(events, upTo: 4)
    XCTAssertEqual(seq(ledger.next(at: 0)), 1)
    XCTAssertEqual(seq(ledger.next(at: 0)), 3)
    XCTAssertNil(ledger.next(at: 0), "two at the same time")
    XCTAssertNil(ledger.finish(events[2], .accepted, at: 0, jitter: 0))
    XCTAssertEqual(ledger.position, 0, "the first is not done")
    XCTAssertEqual(seq(ledger.next(at: 0)), 4)
    XCTAssertNil(ledger.finish(events[0], .accepted, at: 0, jitter: 0))
    XCTAssertEqual(ledger.position, 1)
    XCTAssertEqual(seq(ledger.next(at: 0)), 2)
    XCTAssertNil(ledger.finish(events[1], .accepted, at: 0, jitter: 0))
    XCTAssertNil(ledger.finish(events[3], .accepted, at: 0, jitter: 0))
    XCTAssertEqual(ledger.position, 4)
  }

  func testAFailedEventHoldsUpItsSubjectOnlyAndIsTriedAtTheTimesOfTheSchedule() {
    var ledger = ledger()
    let (first, other, later) = (update(1, "a"), update(2, "b"), update(3, "a"))
    ledger.add([first, other, later], upTo: 3)
    _ = ledger.next(at: 0)
    _ = ledger.next(at: 0)
    XCTAssertNil(ledger.finish(first, .failed(slowDown: nil), at: 0, jitter: 0))
    XCTAssertNil(ledger.finish(other, .accepted, at: 0, jitter: 0))
    XCTAssertEqual(ledger.position, 3, "it goes on without the subject")
    XCTAssertEqual(ledger.exceptions.count, 1)
    var now: Int64 = 0
    for (number, wait) in WebhookSchedule.standard.seconds.dropFirst().enumerated() {
      XCTAssertNil(ledger.next(at: now + Int64(wait) * 1000 - 1), "\(number)")
      now += Int64(wait) * 1000
      XCTAssertEqual(seq(ledger.next(at: now)), 1)
      let reason = ledger.finish(
        exception: "User:a", first.id, upTo: 3, .failed(slowDown: nil), at: now, jitter: 0)
      XCTAssertEqual(reason != nil, number == 8, "disabled after the last attempt only")
    }
  }

  func testWhatComesAfterAFailedEventOfASubjectIsSentAfterIt() {
    var ledger = ledger()
    let (first, later) = (update(1, "a"), update(2, "a"))
    ledger.add([first], upTo: 1)
    _ = ledger.next(at: 0)
    _ = ledger.finish(first, .failed(slowDown: nil), at: 0, jitter: 0)
    ledger.add([later], upTo: 2)
    XCTAssertNil(ledger.next(at: 0))
    XCTAssertEqual(seq(ledger.next(at: 5000)), 1)
    _ = ledger.finish(exception: "User:a", first.id, upTo: 2, .accepted, at: 5000, jitter: 0)
    guard case .exception(_, let place, 2)? = ledger.next(at: 5000) else { return XCTFail("nothing to send") }
    XCTAssertEqual(place, WebhookLedger.Place(1, 1))
    _ = ledger.finish(exception: "User:a", later.id, upTo: 2, .accepted, at: 5000, jitter: 0)
    _ = ledger.next(at: 5000)
    // Nothing is left up to record 2, and nothing more was read.
    _ = ledger.finish(exception: "User:a", nil, upTo: 2, .accepted, at: 5000, jitter: 0)
    XCTAssertTrue(ledger.exceptions.isEmpty)
  }

  func testADeactivationOvertakesEverybodyAndSupersedesWhatIsUnsentOfItsUser() {
    var ledger = ledger(inFlight: 1)
    let updates = (1...50).map { update(UInt64($0), "a\($0 % 3)") }
    ledger.scan([leave(5000, "a1")], upTo: 5000)
    ledger.add(updates, upTo: 50)
    guard case .leaver(let id, let key)? = ledger.next(at: 0) else {
      return XCTFail("the leaver is not first")
    }
    XCTAssertEqual(id.seq, 5000)
    _ = ledger.finish(leaver: id, key, .accepted, at: 0, jitter: 0)
    var sent: [String] = []
    while case .event(let event)? = ledger.next(at: 0) {
      sent.append(event.subject.id)
      _ = ledger.finish(event, .accepted, at: 0, jitter: 0)
    }
    XCTAssertFalse(sent.contains("a1"))
    XCTAssertEqual(sent.count, 33)
    XCTAssertEqual(ledger.superseded, 17)
    // When its place comes, it is not sent again.
    ledger.add([leave(5000, "a1"), update(5001, "a1")], upTo: 5001)
    XCTAssertEqual(seq(ledger.next(at: 0)), 5001)
  }

  func testADeactivationWaitsForTheEventOfItsUserThatIsOnItsWay() {
    var ledger = ledger()
    let first = update(1, "a")
    ledger.add([first], upTo: 1)
    _ = ledger.next(at: 0)
    ledger.add([update(2, "a"), leave(3, "a"), update(4, "a")], upTo: 4)
    XCTAssertNil(ledger.next(at: 0))
    _ = ledger.finish(first, .failed(slowDown: nil), at: 0, jitter: 0)
    guard case .leaver(let id, let key)? = ledger.next(at: 0) else { return XCTFail("no leaver") }
    XCTAssertNil(ledger.next(at: 0), "what is later waits")
    _ = ledger.finish(leaver: id, key, .accepted, at: 0, jitter: 0)
    XCTAssertEqual(seq(ledger.next(at: 0)), 4)
    XCTAssertTrue(ledger.exceptions.isEmpty, "the failed event is superseded")
  }

  func testADeactivationWhoseUserHasAPoisonEventIsSentAtOnce() {
    var ledger = ledger()
    let poison = update(1, "a")
    ledger.add([poison], upTo: 1)
    _ = ledger.next(at: 0)
    _ = ledger.finish(poison, .failed(slowDown: nil), at: 0, jitter: 0)
    ledger.add([leave(2, "a")], upTo: 2)
    guard case .leaver(let id, let key)? = ledger.next(at: 1) else { return XCTFail("no leaver") }
    _ = ledger.finish(leaver: id, key, .accepted, at: 1, jitter: 0)
    guard case .exception(_, let place, _)? = ledger.next(at: 1) else { return XCTFail("no end") }
    XCTAssertEqual(place, WebhookLedger.Place(2, 1), "the poison event is superseded")
  }

  func testAfterTenFailingSubjectsOnlyExceptionsAndLeaversAreSentUntilOneIsAccepted() {
    var ledger = ledger(inFlight: 16)
    let events = (1...40).map { update(UInt64($0), "u\($0)") }
    ledger.add(events, upTo: 40)
    for event in events.prefix(10) {
      _ = ledger.next(at: 0)
      _ = ledger.finish(event, .failed(slowDown: nil), at: 0, jitter: 0)
    }
    XCTAssertTrue(ledger.isCircuitOpen)
    XCTAssertNil(ledger.next(at: 0))
    XCTAssertFalse(ledger.hasRoom)
    ledger.scan([leave(99, "u30")], upTo: 99)
    guard case .leaver(let id, let key)? = ledger.next(at: 0) else {
      return XCTFail("a circuit holds it back")
    }
    _ = ledger.finish(leaver: id, key, .accepted, at: 0, jitter: 0)
    XCTAssertFalse(ledger.isCircuitOpen)
    guard case .exception? = ledger.next(at: 0) else { return XCTFail("they are tried at once") }
  }

  func testTheNumberOfExceptionsIsBounded() {
    var ledger = ledger(inFlight: 16)
    var seq: UInt64 = 0
    while ledger.hasRoom {
      seq += 1
      ledger.add([update(seq, "u\(seq)")], upTo: seq)
      guard case .event(let event)? = ledger.next(at: 0) else { continue }
      _ = ledger.finish(event, .failed(slowDown: nil), at: 0, jitter: 0)
      // Somebody is always accepted, so that the circuit stays closed.
      seq += 1
      ledger.add([update(seq, "good")], upTo: seq)
      guard case .event(let good)? = ledger.next(at: 0) else { continue }
      _ = ledger.finish(good, .accepted, at: 0, jitter: 0)
    }
    XCTAssertEqual(ledger.exceptions.count, WebhookLedger.maxExceptions)
  }

  func testAReceiverThatWantsNoMoreDisablesAndOneThatIsBusyIsLeftAloneForAWhile() {
    var ledger = ledger()
    let (first, second) = (update(1, "a"), update(2, "b"))
    ledger.add([first, second], upTo: 2)
    _ = ledger.next(at: 0)
    XCTAssertNil(ledger.finish(first, .failed(slowDown: 60_000), at: 0, jitter: 0))
    XCTAssertNil(ledger.next(at: 59_999))
    XCTAssertNotNil(ledger.next(at: 60_000))
    _ = ledger.next(at: 60_000)
    XCTAssertNotNil(ledger.finish(second, .gone, at: 60_000, jitter: 0))
  }

  func testANewerLeaverOfAUserReplacesAnUnsentOne() {
    var ledger = ledger()
    ledger.scan([leave(5, "a"), event(9, "delete", "a")], upTo: 9)
    guard case .leaver(let id, let key)? = ledger.next(at: 0) else { return XCTFail("no leaver") }
    XCTAssertEqual(id.seq, 9)
    ledger.scan([leave(12, "a")], upTo: 12)
    XCTAssertNil(ledger.next(at: 0), "one at a time")
    _ = ledger.finish(leaver: id, key, .accepted, at: 0, jitter: 0)
    XCTAssertEqual(seq(ledger.next(at: 0)), 12)
  }

  func testALeaverThatFailsWhileANewerOneIsKnownIsNotTriedAgain() {
    var ledger = ledger()
    ledger.add([leave(5, "a"), update(6, "a")], upTo: 6)
    guard case .leaver(let id, let key)? = ledger.next(at: 0) else { return XCTFail("no leaver") }
    ledger.add([event(9, "delete", "a")], upTo: 9)
    XCTAssertNil(ledger.finish(leaver: id, key, .failed(slowDown: nil), at: 0, jitter: 0))
    XCTAssertTrue(ledger.exceptions.isEmpty)
    guard case .leaver(let newer, _)? = ledger.next(at: 0) else { return XCTFail("no newer one") }
    XCTAssertEqual(newer.seq, 9)
    XCTAssertEqual(ledger.position, 8)
    XCTAssertNil(ledger.finish(leaver: newer, key, .accepted, at: 0, jitter: 0))
    XCTAssertEqual(ledger.position, 9)
    XCTAssertNil(ledger.next(at: 0))
  }

  func testALeaverThatFailsAndIsNotAheadAnyMoreIsAnException() {
    var ledger = ledger()
    ledger.add([leave(5, "a"), update(6, "b")], upTo: 6)
    guard case .leaver(let id, let key)? = ledger.next(at: 0) else { return XCTFail("no leaver") }
    XCTAssertNil(ledger.finish(leaver: id, key, .failed(slowDown: nil), at: 0, jitter: 0))
    XCTAssertEqual(ledger.exceptions[key]?.failures, 1)
    XCTAssertEqual(ledger.position, 5)
    XCTAssertEqual(seq(ledger.next(at: 5000)), 5)
  }

  func testAnExceptionWhoseEventsCannotBeReadIsTriedAgainSoon() {
    var ledger = ledger(["User:a": WebhookLedger.Exception(place: .init(1, 0), failures: 1, due: 0)])
    guard let delivery = ledger.next(at: 0) else { return XCTFail("nothing") }
    XCTAssertNil(ledger.finish(delivery, .unread, at: 0, jitter: 0))
    XCTAssertNil(ledger.next(at: 4999))
    XCTAssertNotNil(ledger.next(at: 5000))
    XCTAssertEqual(ledger.exceptions["User:a"]?.failures, 1)
  }

  func testAWaitIsAtMostATenthLonger() {
    XCTAssertEqual(WebhookSchedule.standard.wait(after: 2, jitter: 0), 300_000)
    XCTAssertEqual(WebhookSchedule.standard.wait(after: 2, jitter: 255), 330_000)
    XCTAssertNil(WebhookSchedule.standard.wait(after: 10, jitter: 0))
  }
}
