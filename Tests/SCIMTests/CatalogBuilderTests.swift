import Foundation
import JSON
import SCIM
import XCTest

/// Every file in Fixtures/schema-files: the files of an administrator, and what is wrong with them.
final class CatalogBuilderTests: XCTestCase {
  func testEveryFixtureIsTakenOrRefusedAtThePlaceThatItSays() throws {
    let fixtures = try Fixture.all(in: "schema-files")
    XCTAssertGreaterThan(fixtures.count, 90)
    for fixture in fixtures {
      let files = try fixture.object("files").members.map { CatalogFile(name: $0.name, json: $0.value) }
      guard let problem = fixture["problem"]?.objectValue else {
        XCTAssertNoThrow(try CatalogBuilder.catalog(of: files), fixture.label)
        continue
      }
      XCTAssertThrowsError(try CatalogBuilder.catalog(of: files), fixture.label) { error in
        let found = (error as? CatalogError)?.problems ?? []
        XCTAssertEqual(found.count, 1, fixture.label)
        XCTAssertEqual(found.first?.file, problem["file"]?.stringValue, fixture.label)
        XCTAssertEqual(found.first?.error.pointer, problem["pointer"]?.stringValue, fixture.label)
        let reason = found.first?.error.reason ?? ""
        XCTAssertTrue(
          reason.contains(problem["reason"]?.stringValue ?? "?"), "\(fixture.label): \(reason)")
      }
    }
  }

  func testEveryFileWithAProblemIsNamedAtOnce() {
    let files = ["a.json", "b.json"].map { CatalogFile(name: $0, json: ["id": "urn:example:x"]) }
    XCTAssertThrowsError(try CatalogBuilder.catalog(of: files)) { error in
      XCTAssertEqual((error as? CatalogError)?.problems.map(\.file), ["a.json", "b.json"])
    }
  }

  func testAFolderHasALimitOfFilesAndOfTypes() throws {
    let many = (0...CatalogBuilder.maxFiles).map { Self.schema("a\($0)") }
    XCTAssertThrowsError(try CatalogBuilder.catalog(of: many))
    let types = (0..<100).map { number in
      CatalogFile(
        name: "t\(number)",
        json: [
          "schemas": [.string(SchemaURN.resourceType)], "name": .string("T\(number)"),
          "endpoint": .string("/T\(number)"), "schema": "urn:example:a1",
        ])
    }
    XCTAssertThrowsError(try CatalogBuilder.catalog(of: [Self.schema("a1")] + types))
    XCTAssertNoThrow(try CatalogBuilder.catalog(of: [Self.schema("a1")] + types.dropLast(2)))
  }

  func testAPublishedDefinitionStatesEveryCharacteristicAndKeepsTheRest() throws {
    let file = CatalogFile(
      name: "a.json",
      json: [
        "schemas": [.string(SchemaURN.schema)], "id": "urn:example:x", "name": "X", "meta": [:],
        "attributes": [
          ["name": "plain", "canonicalValues": ["a"]],
          ["name": "link", "type": "reference", "referenceTypes": ["User"]],
          ["name": "whole", "type": "complex", "subAttributes": [["name": "part"]]],
        ],
      ])
    let schema = try XCTUnwrap(try CatalogBuilder.catalog(of: [file]).schema(urn: "urn:example:x"))
    XCTAssertEqual(
      JSONValue.object(schema.definition),
      [
        "id": "urn:example:x", "name": "X",
        "attributes": [
          Self.complete(["name": "plain", "canonicalValues": ["a"]]),
          Self.complete(["name": "link", "type": "reference", "referenceTypes": ["User"]]),
          [
            "name": "whole", "type": "complex", "multiValued": false, "required": false,
            "mutability": "readWrite", "returned": "default",
            "subAttributes": [Self.complete(["name": "part"])],
          ],
        ],
      ])
  }

  func testAnExtensionOfUserStandsBehindThoseOfTheRFC() throws {
    let fixture = try Fixture("schema-files", "extends-user.json")
    let files = try fixture.object("files").members.map { CatalogFile(name: $0.name, json: $0.value) }
    let catalog = try CatalogBuilder.catalog(of: files)
    XCTAssertEqual(catalog.types.map(\.name), ["User", "Group"])
    let user = try XCTUnwrap(catalog.type(named: "User"))
    XCTAssertEqual(user.extensions.map(\.schema.id), [SchemaURN.enterpriseUser, "urn:example:Thing"])
    XCTAssertEqual(user.extensions.map(\.required), [false, true])
    XCTAssertNotNil(user.path("urn:example:thing:label"))
  }

  func testATypeIsCalledByItsNameOrItsEndpoint() throws {
    let catalog = try Catalog.standard()
    for name in ["User", "user", "/Users", "Users", "USERS"] {
      XCTAssertEqual(catalog.type(called: name)?.name, "User", name)
    }
    XCTAssertNil(catalog.type(called: "Use"))
  }

  private static func schema(_ name: String) -> CatalogFile {
    CatalogFile(
      name: name,
      json: [
        "schemas": [.string(SchemaURN.schema)], "id": .string("urn:example:\(name)"), "name": "X",
        "attributes": [["name": "a"]],
      ])
  }

  private static func complete(_ given: JSONObject) -> JSONValue {
    let defaults: JSONObject = [
      "type": "string", "multiValued": false, "required": false, "caseExact": false,
      "mutability": "readWrite", "returned": "default", "uniqueness": "none",
    ]
    var object = given
    for member in defaults.members where object[member.name] == nil { object[member.name] = member.value }
    return .object(object)
  }
}
