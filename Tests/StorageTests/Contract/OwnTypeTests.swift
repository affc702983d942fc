import JSON
import SCIM
@testable import Storage
import XCTest

/// Resource types and extensions from files, in the store.
class OwnTypeTests: StoreContractTestCase {
  private func withTenant(_ catalog: Catalog, _ body: (Tenant) throws -> Void) throws {
    let store = try open(StoreOptions(), catalog)
    defer { store.close() }
    try body(try store.tenant())
  }

  /// Attributes of every simple type, and two values for each that are one to SCIM.
  private static let uniqueValues:
    [(attribute: JSONObject, first: JSONValue, same: JSONValue, other: JSONValue)] =
      [
        (["type": "string"], "Ada", "ADA", "ada2"),
        (["type": "string", "caseExact": true], "Ada", "Ada", "ADA"),
        (["type": "integer"], 5, 5, 6),
        (["type": "decimal"], 5, .decimal(decimal(5)), .decimal(decimal(5.5))),
        (
          ["type": "decimal"], number("9007199254740993.5"), number("9007199254740993.50"),
          number("9007199254740994")
        ),
        (
          ["type": "decimal"], number("9007199254740993"), number("9007199254740993e0"),
          number("9007199254740992")
        ),
        (["type": "boolean"], true, true, false),
        (
          ["type": "dateTime"], "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00",
          "2026-01-01T00:00:00.001Z"
        ),
        (["type": "binary"], "AAAA", "AAAA", "aaaa"),
        (["type": "reference"], "urn:a", "urn:a", "urn:A"),
        (["multiValued": true], ["a", "b"], ["c", "B"], ["d"]),
        (["type": "integer", "multiValued": true], [1, 2], [3, 2], [4]),
        (
          ["type": "complex", "subAttributes": [["name": "v", "uniqueness": "server"]]], ["v": "x"],
          ["v": "X"],
          ["v": "y"]
        ),
        (
          [
            "type": "complex", "multiValued": true,
            "subAttributes": [["name": "v", "type": "integer", "uniqueness": "server"]],
          ], [["v": 1], ["v": 2]], [["v": 2]], [["v": 3]]
        ),
      ]

  private static func number(_ text: String) -> JSONValue {
    guard let value = try? JSONParser.parse(Array(text.utf8)) else {
      preconditionFailure("the text is a number")
    }
    return value
  }

  private static func decimal(_ number: Double) -> JSONDecimal {
    guard let decimal = JSONDecimal(number) else { preconditionFailure("the number is finite") }
    return decimal
  }

  func test_7643_7_uniq_01_AValueOfAnyTypeIsUniqueInItsTypeAndInAnExtension() throws {
    for (attribute, first, same, other) in Self.uniqueValues {
      try startOver()
      var definition = attribute
      definition["name"] = "x"
      if definition["type"] != "complex" { definition["uniqueness"] = "server" }
      let label = JSONValue.object(definition)
      try withTenant(try Catalog.withThings([.object(definition)])) { tenant in
        let thing = try XCTUnwrap(tenant.directory.catalog.type(named: "Thing"))
        let created = try tenant.create(thing, ["x": first])
        assertError(409, .uniqueness) { try tenant.create(thing, ["x": same]) }
        let second = try tenant.create(thing, ["x": other])
        assertError(409, .uniqueness) { try tenant.replace(second, ["x": same]) }
        XCTAssertNoThrow(try tenant.replace(created, ["x": same]), "\(label): its own value")
        try tenant.create(tenant.user, ["userName": "a", "urn:example:Thing": ["x": first]])
        assertError(409, .uniqueness) {
          try tenant.create(tenant.user, ["userName": "b", "urn:example:Thing": ["x": same]])
        }
        try tenant.create(tenant.user, ["userName": "b", "urn:example:Thing": ["x": other]])
      }
    }
  }

  func testNumbersBeyondDoublesAreFoundAndSortedByWhatIsWritten() throws {
    try withTenant(try Catalog.withThings([["name": "x", "type": "decimal", "uniqueness": "server"]])) {
      tenant in
      let thing = try XCTUnwrap(tenant.directory.catalog.type(named: "Thing"))
      let texts = ["9007199254740993.5", "9007199254740992", "9007199254740993", "9007199254740992.5"]
      for text in texts { try tenant.create(thing, ["x": Self.number(text)]) }
      for text in texts {
        XCTAssertEqual(try tenant.page(thing, "x eq \(text)").total, 1, text)
        XCTAssertEqual(try tenant.page(thing, "x gt \(text)").total, texts.filter { $0 > text }.count, text)
      }
    }
  }

  func testNoTextIsNotAValueThatOthersCouldHaveToo() throws {
    let catalog = try Catalog.withThings([["name": "x", "uniqueness": "server"]])
    try withTenant(catalog) { tenant in
      let thing = try XCTUnwrap(catalog.type(named: "Thing"))
      try tenant.create(thing, ["x": ""])
      XCTAssertNoThrow(try tenant.create(thing, ["x": ""]))
    }
  }

  func testAResourceWithoutAttributesIsStillJSON() throws {
    try withTenant(try Catalog.withThings([["name": "x"]])) { tenant in
      let thing = try XCTUnwrap(tenant.directory.catalog.type(named: "Thing"))
      let empty = try tenant.create(thing, [:])
      XCTAssertEqual(try JSONParser.parse(Array(empty.text.utf8))["id"]?.stringValue, empty.id.text)
    }
  }

  func test_7643_4_2_02_OnlyUsersAndGroupsAreMembers() throws {
    try withTenant(try Catalog.withThings([["name": "x"]])) { tenant in
      let thing = try tenant.create(
        try XCTUnwrap(tenant.directory.catalog.type(named: "Thing")), ["x": "a"])
      assertError(400, .invalidValue) { try tenant.createGroup("g", [thing]) }
    }
  }

  func testMembersOfAnotherTypeAreAnAttributeLikeOthers() throws {
    let catalog = try Catalog.withThings([
      [
        "name": "members", "type": "complex", "multiValued": true,
        "subAttributes": [["name": "value", "caseExact": true]],
      ]
    ])
    try withTenant(catalog) { tenant in
      let thing = try XCTUnwrap(catalog.type(named: "Thing"))
      try tenant.create(thing, ["members": [["value": "a"], ["value": "b"]]])
      for filter in ["members.value eq \"b\"", "members[value eq \"b\"]"] {
        XCTAssertEqual(try tenant.page(thing, filter).total, 1, filter)
      }
    }
  }

  func testSixteenExtensionsShowInSchemas() throws {
    let files = (0..<16).map { number in
      CatalogFile(
        name: "\(number)",
        json: [
          "schemas": [.string(SchemaURN.schema)], "id": .string("urn:example:X\(number)"), "name": "X",
          "attributes": [["name": "x"]],
        ])
    }
    let type = CatalogFile(
      name: "type",
      json: [
        "schemas": [.string(SchemaURN.resourceType)], "name": "Thing", "endpoint": "/Things",
        "schema": .string(SchemaURN.enterpriseUser),
        "schemaExtensions": .array(
          (0..<16).map { ["schema": .string("urn:example:X\($0)"), "required": false] }),
      ])
    try withTenant(try CatalogBuilder.catalog(of: files + [type])) { tenant in
      let thing = try XCTUnwrap(tenant.directory.catalog.type(named: "Thing"))
      let made = try tenant.create(thing, ["urn:example:X15": ["x": "a"]])
      XCTAssertEqual(made.json["schemas"], [.string(SchemaURN.enterpriseUser), "urn:example:X15"])
    }
  }

  func testAUserIsFoundByIDOrByUserNameInAnyLetterCase() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.createUser("Ada@example.com")
    let group = try tenant.createGroup("ada")
    for text in ["ada@EXAMPLE.com", ada.id.text] {
      XCTAssertEqual(try tenant.directory.user(text), ada.id, text)
    }
    for text in ["ada", group.id.text, "", ada.id.text.uppercased()] {
      XCTAssertNil(try tenant.directory.user(text), text)
    }
    try tenant.delete(ada)
    XCTAssertNil(try tenant.directory.user("ada@example.com"))
  }
}

extension Catalog {
  /// With a type Thing of these attributes, which also extend users.
  static func withThings(_ attributes: [JSONValue], extends: Bool = true) throws -> Catalog {
    var files = [
      CatalogFile(
        name: "thing",
        json: [
          "schemas": [.string(SchemaURN.schema)], "id": "urn:example:Thing", "name": "Thing",
          "attributes": .array(attributes),
        ]),
      CatalogFile(
        name: "type",
        json: [
          "schemas": [.string(SchemaURN.resourceType)], "name": "Thing", "endpoint": "/Things",
          "schema": "urn:example:Thing",
        ]),
    ]
    if extends {
      files.append(
        CatalogFile(
          name: "user",
          json: [
            "schemas": [.string(SchemaURN.resourceType)], "name": "User", "endpoint": "/Users",
            "schema": .string(SchemaURN.user),
            "schemaExtensions": [["schema": "urn:example:Thing", "required": false]],
          ]))
    }
    return try CatalogBuilder.catalog(of: files)
  }
}
