import JSON
import SCIM
import XCTest

/// Every file in Fixtures/projection: the two parameters, and what they show of the shared resources.
final class ProjectionCaseTests: XCTestCase {
  func testEveryProjectionFixtureShowsWhatItSays() throws {
    let fixtures = try Fixture.all(in: "projection")
    XCTAssertGreaterThan(fixtures.count, 40)
    let resources = try Fixture("projection-resources", "resources.json")
    for fixture in fixtures {
      let name = try fixture.text("type")
      if fixture["error"] != nil {
        try fixture.assertError { _ = try self.projection(fixture) }
      } else {
        let shown = try projection(fixture).apply(to: try resources.object(name))
        XCTAssertEqual(
          shown.text, reordered(try fixture.object("shown"), as: try resources.object(name)).text,
          fixture.label)
      }
    }
  }

  func testAProjectionShowsAnAttributeWhereverItShowsAPartOfIt() throws {
    for fixture in try Fixture.all(in: "projection") where fixture["error"] == nil {
      let projection = try projection(fixture)
      for member in try fixture.object("shown").members where !member.name.hasPrefix("urn:") {
        XCTAssertTrue(projection.shows(member.name), "\(fixture.label): \(member.name)")
      }
    }
  }

  func testWhatIsAlwaysReturnedOfAnExtensionStaysWhenTheExtensionIsExcluded() throws {
    let badge = try Schema([
      "id": "urn:example:Badge",
      "attributes": [["name": "number", "returned": "always"], ["name": "color"]],
    ])
    let type = ResourceType(
      name: "User", endpoint: "/Users", description: "", schema: try TestCatalog.type("User").schema,
      extensions: [.init(schema: badge, required: false)])
    let resource: JSONObject = [
      "id": "u1", "title": "t", "urn:example:Badge": ["number": "1", "color": "red"],
    ]
    let projection = try Projection(attributes: nil, excluded: ["urn:example:badge"], of: type)
    XCTAssertEqual(
      projection.apply(to: resource), ["id": "u1", "title": "t", "urn:example:Badge": ["number": "1"]])
  }

  func testTheBaseSchemaNamesItsMembers() throws {
    let group = try TestCatalog.type("Group")
    XCTAssertTrue(try Projection(attributes: [group.schema.id], excluded: nil, of: group).shows("members"))
    XCTAssertFalse(try Projection(attributes: nil, excluded: [group.schema.id], of: group).shows("members"))
  }

  func testHiddenMembersNeedNotBeComputed() throws {
    let group = try TestCatalog.type("Group")
    XCTAssertFalse(try Projection(attributes: ["displayName"], excluded: nil, of: group).shows("members"))
    XCTAssertFalse(try Projection(attributes: nil, excluded: ["members"], of: group).shows("members"))
    XCTAssertTrue(try Projection(attributes: nil, excluded: ["members.display"], of: group).shows("members"))
    XCTAssertTrue(try Projection(attributes: ["members.value"], excluded: nil, of: group).shows("members"))
    XCTAssertTrue(Projection.standard(group).shows("members"))
    XCTAssertTrue(Projection.standard(group).isDefault)
    XCTAssertFalse(Projection.standard(group).shows("shoeSize"))
    XCTAssertFalse(
      try Projection(attributes: ["password"], excluded: nil, of: TestCatalog.type("User")).shows("password"))
  }

  private func projection(_ fixture: Fixture) throws -> Projection {
    let attributes = fixture["attributes"].map { _ in fixture.texts("attributes") }
    let excluded = fixture["excludedAttributes"].map { _ in fixture.texts("excludedAttributes") }
    return try Projection(
      attributes: attributes, excluded: excluded, of: try TestCatalog.type(try fixture.text("type")))
  }

  /// The members of `object` in the order in which the resource has them, which a projection keeps.
  private func reordered(_ object: JSONObject, as resource: JSONObject) -> JSONObject {
    JSONObject(
      resource.members.compactMap { member in
        object[member.name].map { JSONObject.Member(name: member.name, value: $0) }
      })
  }
}
