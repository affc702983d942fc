import JSON
import SCIM
import XCTest

final class CatalogTests: XCTestCase {
  func testEveryCharacteristicIsTheOneOfTheRFCWithItsErrata() throws {
    let rows = try Fixture("catalog", "characteristics.json").json.arrayValue ?? []
    XCTAssertGreaterThan(rows.count, 70)
    let catalog = try Catalog.standard()
    for row in rows {
      let urn = try XCTUnwrap(row["schema"]?.stringValue)
      let path = try XCTUnwrap(row["path"]?.stringValue)
      let type = try XCTUnwrap(
        catalog.types.first { $0.schema.id == urn || $0.schemaExtension(urn: urn) != nil })
      let attribute = try XCTUnwrap(type.path("\(urn):\(path)")?.leaf, path)
      XCTAssertEqual(attribute.kind.rawValue, row["type"]?.stringValue, path)
      XCTAssertEqual(attribute.multiValued, row["multiValued"]?.boolValue, path)
      XCTAssertEqual(attribute.required, row["required"]?.boolValue, path)
      XCTAssertEqual(attribute.comparesExactly, row["caseExact"]?.boolValue, path)
      XCTAssertEqual(attribute.mutability.rawValue, row["mutability"]?.stringValue, path)
      XCTAssertEqual(attribute.returned.rawValue, row["returned"]?.stringValue, path)
      XCTAssertEqual(attribute.uniqueness.rawValue, row["uniqueness"]?.stringValue, path)
    }
  }

  func testEveryAttributeOfUserGroupAndEnterpriseUserHasARow() throws {
    let rows = Set(
      try (Fixture("catalog", "characteristics.json").json.arrayValue ?? []).compactMap { row in
        "\(row["schema"]?.stringValue ?? ""):\(row["path"]?.stringValue ?? "")"
      })
    for urn in [SchemaURN.user, SchemaURN.group, SchemaURN.enterpriseUser] {
      for attribute in try XCTUnwrap(try Catalog.standard().schema(urn: urn)).attributes {
        XCTAssertTrue(rows.contains("\(urn):\(attribute.name)"), attribute.name)
        for sub in attribute.subAttributes {
          XCTAssertTrue(
            rows.contains("\(urn):\(attribute.name).\(sub.name)"), "\(attribute.name).\(sub.name)")
        }
      }
    }
  }

  func testTheSixSchemasAndTwoTypesOfRFC7643AreThere() throws {
    let catalog = try Catalog.standard()
    XCTAssertEqual(
      Set(catalog.schemas.map(\.id)),
      [
        SchemaURN.user, SchemaURN.group, SchemaURN.enterpriseUser, SchemaURN.serviceProviderConfig,
        SchemaURN.resourceType, SchemaURN.schema,
      ])
    XCTAssertEqual(catalog.schemas.count, 6)
    XCTAssertEqual(catalog.types.map(\.name), ["User", "Group"])
    XCTAssertEqual(catalog.types.map(\.endpoint), ["/Users", "/Groups"])
    XCTAssertNotNil(catalog.schema(urn: SchemaURN.user.uppercased()))
    XCTAssertNil(catalog.schema(urn: SchemaURN.patchOp))
    XCTAssertNil(catalog.type(named: "user"))
  }

  func testEverySchemaOfATypeIsInTheCatalog() throws {
    let catalog = try Catalog.standard()
    for type in catalog.types {
      for schema in [type.schema] + type.extensions.map(\.schema) {
        XCTAssertNotNil(catalog.schema(urn: schema.id))
      }
    }
  }

  func testPublishedDefinitionsAreComplete() throws {
    for schema in try Catalog.standard().schemas {
      XCTAssertFalse(schema.definition["name"]?.stringValue?.isEmpty ?? true, schema.id)
      XCTAssertFalse(schema.definition["description"]?.stringValue?.isEmpty ?? true, schema.id)
      for definition in schema.definition["attributes"]?.arrayValue ?? [] {
        lint(definition, in: schema, parent: nil)
      }
    }
  }

  /// RFC 7643 §7: every characteristic is stated and legal; §2.3.8: nothing complex inside complex; §2.1: names.
  private func lint(_ definition: JSONValue, in schema: Schema, parent: String?) {
    let name = definition["name"]?.stringValue ?? ""
    let place = "\(schema.id):\(parent.map { "\($0)." } ?? "")\(name)"
    XCTAssertTrue(isLegal(name), place)
    XCTAssertFalse(definition["description"]?.stringValue?.isEmpty ?? true, place)
    let type = Attribute.Kind(rawValue: definition["type"]?.stringValue ?? "")
    XCTAssertNotNil(type, place)
    XCTAssertNotNil(definition["multiValued"]?.boolValue, place)
    XCTAssertNotNil(definition["required"]?.boolValue, place)
    XCTAssertNotNil(Attribute.Mutability(rawValue: definition["mutability"]?.stringValue ?? ""), place)
    XCTAssertNotNil(Attribute.Returned(rawValue: definition["returned"]?.stringValue ?? ""), place)
    let subs = definition["subAttributes"]?.arrayValue ?? []
    XCTAssertEqual(type == .complex, !subs.isEmpty, place)
    if type == .complex {
      XCTAssertNil(definition["uniqueness"], "\(place): errata 6004")
      XCTAssertNil(definition["caseExact"], "\(place): errata 6004")
      if schema.id != SchemaURN.schema { XCTAssertNil(parent, "\(place) is complex inside complex") }
    } else {
      XCTAssertNotNil(Attribute.Uniqueness(rawValue: definition["uniqueness"]?.stringValue ?? ""), place)
    }
    XCTAssertEqual(type == .reference, definition["referenceTypes"] != nil, place)
    let names = subs.compactMap { $0["name"]?.stringValue?.lowercased() }
    XCTAssertEqual(Set(names).count, names.count, place)
    for sub in subs { lint(sub, in: schema, parent: name) }
  }

  private func isLegal(_ name: String) -> Bool {
    if name == "$ref" { return true }
    return name.wholeMatch(of: /[A-Za-z][A-Za-z0-9$_-]*/) != nil
  }

  func testACharacteristicThatIsNotStatedHasTheDefaultOfTheRFC() throws {
    let schema = try Schema(["id": "urn:x:y", "attributes": [["name": "plain"]]])
    let attribute = try XCTUnwrap(schema.attributes["PLAIN"])
    XCTAssertEqual(attribute.kind, .string)
    XCTAssertFalse(attribute.required || attribute.caseExact || attribute.multiValued)
    XCTAssertEqual(attribute.mutability, .readWrite)
    XCTAssertEqual(attribute.returned, .default)
    XCTAssertEqual(attribute.uniqueness, .none)
  }

  func testASchemaThatBreaksTheRulesIsRefused() {
    func schema(_ attribute: JSONValue) -> JSONValue { ["id": "urn:x:y", "attributes": [attribute]] }
    let wrong: [JSONValue] = [
      [:], ["id": ""], ["id": 5], [], schema([:]), schema(["name": ""]), schema(["name": "1abc"]),
      schema(["name": "a b"]),
      schema(["name": "a.b"]), schema(["name": "é"]), schema(["name": "a", "type": "text"]),
      schema(["name": "a", "type": "String"]),
      schema(["name": "a", "mutability": "never"]), schema(["name": "a", "returned": "sometimes"]),
      schema(["name": "a", "uniqueness": "yes"]),
      schema(["name": "a", "type": "complex", "subAttributes": [["name": "b", "type": "complex"]]]),
      ["id": "urn:x:y", "attributes": [["name": "a"], ["name": "A"]]],
    ]
    for json in wrong { XCTAssertThrowsError(try Schema(json), "\(json)") }
    XCTAssertNoThrow(
      try Schema(
        schema([
          "name": "a-b_c$1", "type": "complex", "subAttributes": [["name": "$ref", "type": "reference"]],
        ])))
  }
}
