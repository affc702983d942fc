import Access
import JSON
import SCIM
import Storage
import XCTest

/// What time does to grants is written down.
final class AccessClockTests: XCTestCase {
  private func world() throws -> AccessWorld {
    let world = try AccessWorld()
    addTeardownBlock { world.close() }
    try world.makeUser("ada")
    try world.perform(.putRole(Role("owner")))
    return world
  }

  private func sweep(_ world: AccessWorld) -> Int { AccessClock(world.store, world.index).sweep() }

  func testAnEndedGrantIsRemovedOnceByARecordOfTheClock() throws {
    let world = try world()
    try world.grant("ada owner until 10")
    let id = try world.grantID("ada", "owner")
    world.set(time: 9.999)
    XCTAssertEqual(sweep(world), 0)
    world.set(time: 10)
    XCTAssertEqual(sweep(world), 1)
    XCTAssertEqual(sweep(world), 0)
    XCTAssertEqual(try world.access.table.grantCount, 0)
    let history = try world.directory.history(of: id)
    XCTAssertEqual(history.events.last?.record["actor"]?["kind"], "clock")
  }

  private let day = 86_400.0

  /// A review that is due on that day after the start; and the days on which it is reminded of until day 30.
  private func reminders(dueOn due: Double, closedOn closed: Double = 99, offUntil start: Double = 0) throws
    -> [Double]
  {
    let world = try world()
    let type = try world.directory.administrativeType("Review")
    var campaign = AccessCampaign(name: "Q1", grants: [])
    campaign.due = AccessWorld.time(due * day)
    let made = campaign.document.ordered(for: type)
    let id = try XCTUnwrap(
      try world.write { tx throws(SCIMError) in
        try tx.create(type, made, members: [], skipsUnknown: false)
      })
    let clock = AccessClock(world.store, world.index)
    var days: [Double] = []
    for quarter in Int(start * 4)...120 {
      let today = Double(quarter) / 4
      world.set(time: today * day)
      if today == closed {
        campaign.state = .closed
        let ended = campaign.document.ordered(for: type)
        try world.write { tx throws(SCIMError) in
          try tx.update(try tx.resource(type, id.text), ended, [], skipsUnknown: false)
          return id
        }
      }
      let before = try world.directory.history(of: id).events.count
      clock.sweep()
      let events = try world.directory.history(of: id).events
      if events.count > before {
        XCTAssertEqual(events.last?.record["actor"]?["kind"], "clock")
        days.append(today)
      }
    }
    return days
  }

  func testAReviewIsRemindedOfAWeekAndADayBeforeItIsDueAndThen() throws {
    XCTAssertEqual(try reminders(dueOn: 20), [13, 19, 20])
    XCTAssertEqual(try reminders(dueOn: 3), [2, 3], "it was opened less than a week before")
    XCTAssertEqual(try reminders(dueOn: 20, closedOn: 15), [13])
    XCTAssertEqual(try reminders(dueOn: 20, offUntil: 25), [25], "once for all that no server wrote down")
  }

  func testWhatEndedWhileNoServerRanIsRemovedAfterTheStart() throws {
    let world = try world()
    try world.grant("ada owner until 10")
    world.set(time: 100)
    try world.reopen()
    XCTAssertEqual(try world.roles(of: "ada"), [])
    XCTAssertEqual(sweep(world), 1)
    try world.grant("ada owner")
    XCTAssertEqual(sweep(world), 0)
    XCTAssertEqual(try world.roles(of: "ada"), ["owner"])
  }

  func testAnAnswerThatIsKeptEndsWithTheGrant() throws {
    let world = try world()
    try world.grant("ada owner until 10")
    var rendered = 0
    func count() throws -> Int? {
      let user = try world.id("ada").text
      return try world.access.access(of: user) { access in
        rendered += 1
        return RenderedAccess(bytes: [UInt8(access.holdings.count)], tag: "")
      }.whenDurable().map { Int($0.bytes[0]) }
    }
    XCTAssertEqual(try count(), 1)
    world.set(time: 9.999)
    XCTAssertEqual(try count(), 1)
    XCTAssertEqual(rendered, 1)
    world.set(time: 10)
    XCTAssertEqual(try count(), 0)
    try world.set("ada", "displayName", "Ada")
    XCTAssertEqual(try count(), 0)
    XCTAssertEqual(rendered, 3)
  }

  func testAGrantThatHasEndedIsNoHindranceForANewOneBeforeItIsRemoved() throws {
    let world = try world()
    try world.grant("ada owner until 10")
    XCTAssertThrowsError(try world.grant("ada owner"))
    world.set(time: 10)
    try world.grant("ada owner until 20")
    XCTAssertEqual(try world.roles(of: "ada"), ["owner"])
    XCTAssertEqual(try world.access.table.grantCount, 1)
  }

  func testAGrantThatIsExtendedStays() throws {
    let world = try world()
    try world.grant("ada owner until 10")
    try world.perform(
      .setGrant(try world.grantID("ada", "owner"), expires: AccessWorld.time(20), reason: nil))
    world.set(time: 10)
    XCTAssertEqual(sweep(world), 0)
    XCTAssertEqual(try world.roles(of: "ada"), ["owner"])
  }

  func testMoreThanOneRecordHoldsIsRemovedInPieces() throws {
    let world = try world()
    try world.perform(.putRole(Role("s", .scoped)))
    let targets = (0..<1500).map { Target(kind: "k", value: "\($0)") }
    _ = try world.access.perform(targets.map { .putTarget($0) }, AccessWorld.context)
    let ada = try world.id("ada")
    let grants = targets.map { target -> AccessStep in
      .addGrant(
        NewGrant(
          principal: ada, isGroup: false, role: "s", target: target.name, expires: AccessWorld.time(10)))
    }
    _ = try world.access.perform(grants, AccessWorld.context)
    XCTAssertEqual(try world.roles(of: "ada")?.count, 1500)
    world.set(time: 10)
    XCTAssertEqual(sweep(world), 1500)
    XCTAssertEqual(try world.access.table.grantCount, 0)
  }
}
