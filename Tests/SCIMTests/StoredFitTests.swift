import JSON
import SCIM
import XCTest

/// What is stored must fit the schemas of an administrator, or the server does not start.
final class StoredFitTests: XCTestCase {
  private func type(_ attributes: [JSONValue]) throws -> ResourceType {
    let files = [
      CatalogFile(
        name: "a",
        json: [
          "schemas": [.string(SchemaURN.schema)], "id": "urn:example:Thing", "name": "Thing",
          "attributes": .array(attributes),
        ]),
      CatalogFile(
        name: "b",
        json: [
          "schemas": [.string(SchemaURN.resourceType)], "name": "Thing", "endpoint": "/Things",
          "schema": "urn:example:Thing",
          "schemaExtensions": [["schema": .string(SchemaURN.enterpriseUser), "required": false]],
        ]),
    ]
    return try XCTUnwrap(try CatalogBuilder.catalog(of: files).type(named: "Thing"))
  }

  func testWhatTheSchemaDefinesFits() throws {
    let type = try type([
      ["name": "a"], ["name": "n", "type": "decimal", "multiValued": true],
      ["name": "c", "type": "complex", "subAttributes": [["name": "d", "type": "dateTime"]]],
    ])
    let document = Document([
      "externalId": "x", "a": "b", "n": [1, 2], "c": ["d": "2026-01-01T00:00:00Z"],
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": ["department": "x"],
    ])
    XCTAssertNil(StoredFit.problem(document, type))
  }

  func testWhatTheSchemaLostOrChangedDoesNotFit() throws {
    let type = try type([
      ["name": "a"], ["name": "n", "type": "integer"], ["name": "m", "multiValued": true],
      ["name": "c", "type": "complex", "subAttributes": [["name": "d"]]],
    ])
    for document: JSONObject in [
      ["b": "x"], ["A": "x"], ["a": 1], ["a": ["x"]], ["m": "x"], ["m": [1]], ["n": "1"], ["c": "x"],
      ["c": ["e": "x"]], ["c": ["d": 5]], ["urn:example:Other": ["a": "x"]],
    ] {
      let problem = StoredFit.problem(Document(document), type)
      XCTAssertTrue(problem?.hasPrefix("a Thing with ") ?? false, "\(document.text): \(problem ?? "fits")")
    }
  }

  func testSchemasOfTheRFCAreNotLookedAt() throws {
    let user = try XCTUnwrap(try Catalog.standard().type(named: "User"))
    XCTAssertNil(StoredFit.problem(Document(["shoeSize": 5]), user))
    XCTAssertNotNil(StoredFit.problem(Document(["urn:example:Shoes": ["size": 5]]), user))
  }
}
