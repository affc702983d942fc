import JSON
import SCIM
import XCTest

/// Every file in Fixtures/filter: a filter, and which of the shared resources it matches.
final class FilterCaseTests: XCTestCase {
  func testEveryFilterFixtureMatchesWhatItSays() throws {
    let fixtures = try Fixture.all(in: "filter")
    XCTAssertGreaterThan(fixtures.count, 200)
    let resources = try Fixture("filter-resources", "resources.json").json.arrayValue ?? []
    XCTAssertFalse(resources.isEmpty)
    for fixture in fixtures { try check(fixture, resources.compactMap(\.objectValue)) }
  }

  private func check(_ fixture: Fixture, _ resources: [JSONObject]) throws {
    if fixture["error"] != nil {
      try fixture.assertError { _ = try self.matches(fixture, resources) }
      return
    }
    do {
      let (ids, dialect) = try matches(fixture, resources)
      XCTAssertEqual(ids, fixture.texts("matches"), fixture.label)
      fixture.assertDialect(dialect)
    } catch {
      XCTFail("\(fixture.label): \(error)")
    }
  }

  /// The ids of the resources that match; "all" asks users and groups together.
  private func matches(_ fixture: Fixture, _ resources: [JSONObject]) throws -> ([String], Dialect) {
    var dialect = try fixture.dialect()
    let expression = try FilterParser.parse(try fixture.text("filter"), dialect: &dialect)
    let all = try fixture.text("type") == "all"
    var ids: [String] = []
    for name in all ? ["User", "Group"] : [try fixture.text("type")] {
      let type = try TestCatalog.type(name)
      let binding = FilterBinding(type: type, unknown: all ? .noValue : .refuse)
      let filter = try binding.bind(expression.rewritten(for: type, &dialect))
      let subjects = resources.filter { $0["meta"]?["resourceType"]?.stringValue == name }.map(Subject.init)
      ids += try subjects.filter { try filter.matches($0) }.map(\.id)
    }
    return (ids, dialect)
  }
}
