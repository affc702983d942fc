import JSON
import SCIM
import XCTest

/// Every file in Fixtures/resource: a POST or PUT body and the document it comes to.
final class ResourceCaseTests: XCTestCase {
  func testEveryResourceFixtureComesToWhatItSays() throws {
    let fixtures = try Fixture.all(in: "resource")
    XCTAssertGreaterThan(fixtures.count, 100)
    for fixture in fixtures { try check(fixture) }
  }

  private func check(_ fixture: Fixture) throws {
    if fixture["error"] != nil {
      try fixture.assertError { _ = try self.decode(fixture) }
      return
    }
    do {
      let (document, members, dialect) = try decode(fixture)
      XCTAssertEqual(document.attributes.text, try fixture.object("after").text, fixture.label)
      XCTAssertEqual(members ?? [], fixture.texts("members"), fixture.label)
      XCTAssertEqual(members == nil, fixture["members"] == nil, fixture.label)
      XCTAssertEqual(dialect.ignored, fixture.texts("ignored"), fixture.label)
      fixture.assertDialect(dialect)
    } catch {
      XCTFail("\(fixture.label): \(error)")
    }
  }

  private func decode(_ fixture: Fixture) throws -> (Document, [String]?, Dialect) {
    let type = try TestCatalog.type(try fixture.text("type"))
    var dialect = try fixture.dialect()
    let request = try ResourceDecoder.decode(fixture["request"] ?? .null, as: type, dialect: &dialect)
    let document =
      try fixture.text("method") == "PUT"
      ? DocumentRules.replacement(of: Document(try fixture.object("before")), by: request.document, type)
      : DocumentRules.completed(request.document, type)
    return (try DocumentRules.checked(document, type), request.members, dialect)
  }

  func testATextLongerThanTheLimitIsRefused() throws {
    let type = try TestCatalog.type("User")
    func body(_ bytes: Int) -> JSONValue {
      let title = JSONValue.string(String(repeating: "x", count: bytes))
      return ["schemas": [.string(SchemaURN.user)], "userName": "a", "title": title]
    }
    var dialect = Dialect()
    XCTAssertNoThrow(try ResourceDecoder.decode(body(ValueDecoder.maxTextBytes), as: type, dialect: &dialect))
    XCTAssertThrowsError(
      try ResourceDecoder.decode(body(ValueDecoder.maxTextBytes + 1), as: type, dialect: &dialect)
    ) {
      XCTAssertEqual(($0 as? SCIMError)?.kind, .invalidValue)
    }
  }
}

/// The examples of RFC 7643 section 8, in files named by their section.
final class SampleTests: XCTestCase {
  static func resources() throws -> [Fixture] {
    try Fixture.all(in: "samples").filter { $0["id"] != nil && $0.name.contains("/rfc7643-8") }
      .filter { $0["userName"] != nil || $0["members"] != nil }
  }

  func testEveryExampleOfRFC7643Section8IsDecodedWithoutLoss() throws {
    let samples = try SampleTests.resources()
    XCTAssertEqual(samples.count, 4)
    for sample in samples {
      let type = try TestCatalog.type(sample["userName"] == nil ? "Group" : "User")
      var dialect = Dialect(refusesUnknownAttributes: true)
      let request = try ResourceDecoder.decode(sample.json, as: type, dialect: &dialect)
      let document = try DocumentRules.checked(request.document, type)
      XCTAssertEqual(dialect.fired, [], sample.name)
      let assigned = ["schemas", "id", "meta", "groups", "members", "password"]
      var expected = sample.json.objectValue ?? JSONObject()
      for name in assigned { expected[name] = nil }
      if var extra = expected[SchemaURN.enterpriseUser]?.objectValue,
        var manager = extra["manager"]?.objectValue
      {
        manager["displayName"] = nil
        extra["manager"] = .object(manager)
        expected[SchemaURN.enterpriseUser] = .object(extra)
      }
      XCTAssertEqual(document.attributes, expected, sample.name)
      let ids = sample["members"]?.arrayValue?.compactMap { $0["value"]?.stringValue }
      XCTAssertEqual(request.members, ids, sample.name)
    }
  }

  func testTheSchemasOfADocumentAreTheOnesInUse() throws {
    let type = try TestCatalog.type("User")
    for sample in try SampleTests.resources() where sample["userName"] != nil {
      var dialect = Dialect()
      let document = try ResourceDecoder.decode(sample.json, as: type, dialect: &dialect).document
      XCTAssertEqual(document.schemas(of: type), sample.texts("schemas"), sample.name)
    }
  }

  func testADocumentSentBackIsTheSameDocument() throws {
    let type = try TestCatalog.type("User")
    for sample in try SampleTests.resources() where sample["userName"] != nil {
      var dialect = Dialect()
      let document = try ResourceDecoder.decode(sample.json, as: type, dialect: &dialect).document.ordered(
        for: type)
      var body = JSONObject(document.attributes.members.reversed())
      body["schemas"] = .array(document.schemas(of: type).map { .string($0) })
      let again = try ResourceDecoder.decode(.object(body), as: type, dialect: &dialect).document.ordered(
        for: type)
      XCTAssertEqual(again.attributes.text, document.attributes.text, sample.name)
    }
  }
}
