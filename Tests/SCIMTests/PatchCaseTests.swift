import JSON
import SCIM
import XCTest

/// Every file in Fixtures/patch: a document, a PATCH request, and what comes of it.
final class PatchCaseTests: XCTestCase {
  func testEveryPatchFixtureComesToWhatItSays() throws {
    let fixtures = try Fixture.all(in: "patch")
    XCTAssertGreaterThan(fixtures.count, 250)
    for fixture in fixtures { try check(fixture) }
  }

  func testEveryHarmlessRuleFiresInSomeFixture() throws {
    let fired = Set(
      try (Fixture.all(in: "patch") + Fixture.all(in: "filter") + Fixture.all(in: "resource"))
        .flatMap { $0.texts("dialect") })
    for rule in DialectRule.allCases where rule != .skipUnknownMembers {
      XCTAssertTrue(fired.contains(rule.rawValue), "no fixture for \(rule.rawValue)")
    }
  }

  private func check(_ fixture: Fixture) throws {
    let type = try TestCatalog.type(try fixture.text("type"))
    let before = Document(try fixture.object("before")).ordered(for: type)
    if fixture["error"] != nil {
      try fixture.assertError { _ = try self.apply(fixture, to: before, type) }
      return
    }
    let outcome: PatchOutcome
    do { outcome = try apply(fixture, to: before, type) } catch {
      return XCTFail("\(fixture.label): \(error)")
    }
    let after = fixture["unchanged"] == nil ? Document(try fixture.object("after")) : before
    XCTAssertEqual(outcome.document.attributes.text, after.attributes.text, fixture.label)
    if fixture["unchanged"] != nil { XCTAssertEqual(outcome.document, before, fixture.label) }
    fixture.assertDialect(outcome.dialect)
    XCTAssertEqual(outcome.dialect.ignored, fixture.texts("ignored"), fixture.label)
    let membership = JSONValue.array(
      try outcome.membership.map { try json($0, fixture["members"]?.arrayValue ?? []) })
    XCTAssertEqual(membership, fixture["membership"] ?? .array([]), fixture.label)
  }

  private func apply(_ fixture: Fixture, to document: Document, _ type: ResourceType) throws -> PatchOutcome {
    let request = try PatchRequest(fixture["request"] ?? .null, for: type, dialect: try fixture.dialect())
    return try request.apply(to: document)
  }

  /// An edit as fixtures write it; of a filter the members that it selects.
  private func json(_ edit: MembershipEdit, _ members: [JSONValue]) throws -> JSONValue {
    func ids(_ ids: [String]) -> JSONValue { .array(ids.map { .string($0) }) }
    switch edit {
    case .add(let added): return ["add": ids(added)]
    case .remove(let removed): return ["remove": ids(removed)]
    case .replace(let all): return ["replace": ids(all)]
    case .selected(let filter, let changes, let adding):
      return [
        "selected": ids(
          try members.filter { try filter.matches(element: $0) }.compactMap { $0["value"]?.stringValue }),
        "changes": .bool(changes), "adding": adding.map { .string($0) } ?? .null,
      ]
    case .removeMatching(let filter):
      return [
        "removeMatching": ids(
          try members.filter { try filter.matches(element: $0) }.compactMap { $0["value"]?.stringValue })
      ]
    }
  }
}
