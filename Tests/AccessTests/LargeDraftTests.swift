import Access
import JSON
import SCIM
import Storage
import XCTest

/// The grants of a draft that is applied in parts take effect together, with one change of the draft.
final class LargeDraftTests: XCTestCase {
  private var world: AccessWorld!

  override func setUpWithError() throws {
    world = try AccessWorld()
    for name in ["ada", "bob"] { try world.makeUser(name) }
    for role in ["reader", "writer"] { try world.perform(.putRole(Role(role, permissions: ["\(role):do"]))) }
  }

  override func tearDown() { world.close() }

  private func drafts() throws -> LargeDrafts { LargeDrafts(try world.directory) }

  private func add(_ user: String, _ role: String, expires: Double? = nil) throws -> AccessStep {
    .addGrant(
      NewGrant(
        principal: try world.id(user), isGroup: false, role: role, expires: expires.map(AccessWorld.time)))
  }

  private func draft(_ steps: [AccessStep]) throws -> ResourceID {
    try drafts().create(AccessDraft(steps: steps), steps, AccessWorld.context)
  }

  /// Which steps were made and not skipped.
  @discardableResult private func prepare(_ id: ResourceID) throws -> [Bool] {
    let (drafts, access) = (try drafts(), try world.access)
    let steps = try drafts.steps(of: id, 0)
    return try access.write(AccessWorld.context, follows: false) { change, tx throws(SCIMError) in
      var made: [Bool] = []
      for step in steps { made.append(try change.prepare(step, of: id, &tx)) }
      try drafts.keep(undo: change.undo, of: id, 0, &tx)
      return made
    }
  }

  private func set(_ id: ResourceID, _ state: AccessDraft.State) throws {
    let drafts = try drafts()
    try world.write { tx throws(SCIMError) in
      try drafts.change(id, &tx) { $0.state = state }
      return nil
    }
  }

  private func isAllowed(_ user: String, _ role: String) throws -> Bool? {
    try world.access.check(try world.id(user).text, "\(role):do", on: nil).whenDurable()?.isAllowed
  }

  private func tag(_ user: String) throws -> String? {
    try world.access.access(of: try world.id(user).text) { access in
      let text = access.permissions.joined()
      return RenderedAccess(bytes: Array(text.utf8), tag: text)
    }.whenDurable()?.tag
  }

  private func count(_ role: String) throws -> [Int] {
    let table = try world.access.table
    let id = try XCTUnwrap(table.role(role)).id
    return [table.grantCount(ofRole: id), table.allGrantCount(ofRole: id)]
  }

  func testAGrantHoldsOnlyOnceItsDraftIsAppliedAndARemovedOneUntilThen() throws {
    try world.grant("bob reader")
    let id = try draft([try add("ada", "writer"), .removeGrant(try world.grantID("bob", "reader"))])
    XCTAssertEqual(try tag("bob"), "reader:do")
    XCTAssertEqual(try tag("ada"), "")
    try set(id, .applying)
    XCTAssertEqual(try prepare(id), [true, true])
    for reopens in [false, true] {
      if reopens { try world.reopen() }
      XCTAssertEqual(try isAllowed("ada", "writer"), false)
      XCTAssertEqual(try isAllowed("bob", "reader"), true)
      XCTAssertEqual(try tag("bob"), "reader:do")
      XCTAssertEqual(try count("writer"), [0, 1])
      XCTAssertEqual(try count("reader"), [1, 1])
    }
    try set(id, .applied)
    for reopens in [false, true] {
      if reopens { try world.reopen() }
      XCTAssertEqual(try isAllowed("ada", "writer"), true)
      XCTAssertEqual(try isAllowed("bob", "reader"), false)
      XCTAssertEqual(try tag("ada"), "writer:do", "an answer of before is not given again")
      XCTAssertEqual(try tag("bob"), "")
      XCTAssertEqual(try count("writer"), [1, 1])
      XCTAssertEqual(try count("reader"), [0, 1])
      XCTAssertEqual(try world.roles(of: "bob"), [])
    }
  }

  func testWhatOthersMadeImpossibleOrNeedlessIsSkipped() throws {
    try world.grant("bob reader")
    let gone = try world.grantID("bob", "reader")
    let id = try draft([
      .removeGrant(gone), try add("ada", "reader"), try add("bob", "writer"),
      try add("ada", "writer", expires: 5),
    ])
    try world.perform(.removeGrant(gone))
    try world.grant("ada reader")
    try world.delete("bob")
    world.set(time: 10)
    XCTAssertEqual(try prepare(id), [false, false, false, false])
    XCTAssertEqual(try drafts().undo(of: id, 0), [])
  }

  func testARoleThatIsGoneStopsIt() throws {
    let id = try draft([try add("ada", "writer"), try add("ada", "reader")])
    try world.perform(.deleteRole("reader"))
    XCTAssertThrowsError(try prepare(id))
    XCTAssertEqual(try count("writer"), [0, 0], "no grant of the part is left")
  }

  func testTakingBackLeavesWhatWasBefore() throws {
    try world.grant("bob reader")
    let grant = try world.grantID("bob", "reader")
    let id = try draft([try add("ada", "writer"), .removeGrant(grant)])
    try prepare(id)
    let (drafts, access) = (try drafts(), try world.access)
    let undo = try XCTUnwrap(drafts.undo(of: id, 0))
    let steps = try drafts.steps(of: id, 0)
    try access.write(AccessWorld.context, follows: false) { change, tx throws(SCIMError) in
      try change.takeBack(steps, undo: undo, of: id, &tx)
      try drafts.forgetUndo(of: id, 0, &tx)
    }
    try set(id, .applied)
    XCTAssertEqual(try count("writer"), [0, 0])
    XCTAssertEqual(try isAllowed("bob", "reader"), true, "the grant has no mark any more")
    XCTAssertNil(drafts.undo(of: id, 0))
  }

  func testWhileItIsAppliedAGrantThatItMakesCannotBeGivenAndOneThatEndedWithItCan() throws {
    try world.grant("bob reader")
    let id = try draft([try add("ada", "writer"), .removeGrant(try world.grantID("bob", "reader"))])
    try prepare(id)
    XCTAssertThrowsError(try world.grant("ada writer")) { error in
      XCTAssertTrue("\(error)".contains("being applied"), "\(error)")
    }
    XCTAssertThrowsError(try world.grant("bob reader"), "it holds until the draft is applied")
    try set(id, .applied)
    try world.grant("bob reader")
    XCTAssertEqual(try isAllowed("bob", "reader"), true)
    XCTAssertEqual(try count("reader"), [1, 1])
  }

  func testAGrantWhoseDraftDoesNotExistIsPending() throws {
    let id = try draft([try add("ada", "writer")])
    try prepare(id)
    try drafts().remove(id, AccessWorld.context) { _ in }
    XCTAssertEqual(try isAllowed("ada", "writer"), false)
    let next = try draft([try add("bob", "writer")])
    try prepare(next)
    try set(next, .applied)
    XCTAssertEqual(try isAllowed("bob", "writer"), true)
    XCTAssertEqual(try isAllowed("ada", "writer"), false, "and no other draft takes its place")
  }

  func testADraftIsKeptInPartsOfWhichNoneIsLeftAfterItsRemoval() throws {
    let steps = try (0..<250).map { _ in try add("ada", "writer") }
    let id = try draft(steps)
    XCTAssertEqual(try drafts().steps(of: id, parts: 3), steps)
    let directory = try world.directory
    let type = directory.administrativeType("DraftPart")
    XCTAssertEqual(directory.administrativeResources(type).count, 3)
    try set(id, .applying)
    XCTAssertThrowsError(try drafts().remove(id, AccessWorld.context) { _ in }, "not while it is applied")
    try set(id, .preparing)
    try drafts().tidy(AccessWorld.context)
    XCTAssertEqual(directory.administrativeResources(type).count, 0)
    XCTAssertEqual(directory.administrativeResources(directory.administrativeType("Draft")).count, 0)
  }

  func testBeyondTheLimitTheOldestAppliedDraftIsForgottenAndItsGrantsStay() throws {
    let drafts = LargeDrafts(try world.directory, maxKept: 300)
    let type = try world.directory.administrativeType("DraftPart")
    let many = try (0..<100).map { _ in try add("ada", "writer") }
    func make() throws -> ResourceID {
      try drafts.create(AccessDraft(steps: many), many, AccessWorld.context)
    }
    let first = try draft([try add("ada", "writer")])
    try prepare(first)
    try world.write { tx throws(SCIMError) in
      try drafts.change(first, &tx) { ($0.state, $0.revision) = (.applied, 1) }
      return nil
    }
    _ = try make()
    _ = try make()
    XCTAssertEqual(try world.directory.administrativeResources(type).count, 4)
    _ = try make()
    XCTAssertEqual(try world.directory.administrativeResources(type).count, 3, "those of the first are gone")
    XCTAssertThrowsError(try make()) { error in XCTAssertTrue("\(error)".contains("discard"), "\(error)") }
    XCTAssertEqual(try isAllowed("ada", "writer"), true)
    try world.reopen()
    XCTAssertEqual(try isAllowed("ada", "writer"), true)
  }
}
