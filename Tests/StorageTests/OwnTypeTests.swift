import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// Resource types and extensions from files, in the store.
final class OwnTypeTests: DirectoryTestCase {
  private static func catalog(_ attributes: [JSONValue], extends: Bool = true) throws -> Catalog {
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

  private func withTenant(_ catalog: Catalog, _ body: (Tenant) throws -> Void) throws {
    let store = try Store(
      folder: try DataFolder.open(folder), catalog: catalog, options: StoreOptions(),
      environment: clock.environment, report: { _ in })
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

  private static func decimal(_ number: Double) -> JSONDecimal {
    guard let decimal = JSONDecimal(number) else { preconditionFailure("the number is finite") }
    return decimal
  }

  func test_7643_7_uniq_01_AValueOfAnyTypeIsUniqueInItsTypeAndInAnExtension() throws {
    for (attribute, first, same, other) in Self.uniqueValues {
      folder += "-"
      var definition = attribute
      definition["name"] = "x"
      if definition["type"] != "complex" { definition["uniqueness"] = "server" }
      let label = JSONValue.object(definition)
      try withTenant(try Self.catalog([.object(definition)])) { tenant in
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

  func testAnEqualityOnAUniqueAttributeOfAnyTypeLooksAtNothingElse() throws {
    let catalog = try Self.catalog([
      ["name": "n", "type": "integer", "uniqueness": "server"],
      ["name": "d", "type": "decimal", "uniqueness": "server"],
      ["name": "t", "type": "dateTime", "uniqueness": "server"],
    ])
    try withTenant(catalog) { tenant in
      let thing = try XCTUnwrap(catalog.type(named: "Thing"))
      for number in 1...3 {
        try tenant.create(
          thing,
          [
            "n": .integer(Int64(number)), "d": .integer(Int64(number)),
            "t": .string("2026-01-0\(number)T00:00:00Z"),
          ])
      }
      for filter in ["n eq 2", "d eq 2", "d eq 2.0", "t eq \"2026-01-02T01:00:00+01:00\""] {
        let bound = try XCTUnwrap(try Tenant.part(thing, filter).filter)
        XCTAssertEqual(
          try tenant.core.state.withLock { $0.directory.candidates(bound, thing)?.count }, 1, filter)
        XCTAssertEqual(try tenant.page(thing, filter).total, 1, filter)
      }
      XCTAssertEqual(try tenant.page(thing, "n eq 2.0").total, 1)
    }
  }

  func testNoTextIsNotAValueThatOthersCouldHaveToo() throws {
    let catalog = try Self.catalog([["name": "x", "uniqueness": "server"]])
    try withTenant(catalog) { tenant in
      let thing = try XCTUnwrap(catalog.type(named: "Thing"))
      try tenant.create(thing, ["x": ""])
      XCTAssertNoThrow(try tenant.create(thing, ["x": ""]))
    }
  }

  func testAResourceWithoutAttributesIsStillJSON() throws {
    try withTenant(try Self.catalog([["name": "x"]])) { tenant in
      let thing = try XCTUnwrap(tenant.directory.catalog.type(named: "Thing"))
      let empty = try tenant.create(thing, [:])
      XCTAssertEqual(try JSONParser.parse(Array(empty.text.utf8))["id"]?.stringValue, empty.id.text)
    }
  }

  func test_7643_4_2_02_OnlyUsersAndGroupsAreMembers() throws {
    try withTenant(try Self.catalog([["name": "x"]])) { tenant in
      let thing = try tenant.create(
        try XCTUnwrap(tenant.directory.catalog.type(named: "Thing")), ["x": "a"])
      assertError(400, .invalidValue) { try tenant.createGroup("g", [thing]) }
    }
  }

  func testMembersOfAnotherTypeAreAnAttributeLikeOthers() throws {
    let catalog = try Self.catalog([
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

  func testAStoreDoesNotOpenWithoutASchemaThatItsResourcesNeedAndIsUnharmed() throws {
    let whole = try Self.catalog([["name": "x"], ["name": "y"]])
    var text = ""
    try withTenant(whole) { tenant in
      text = try tenant.create(try XCTUnwrap(whole.type(named: "Thing")), ["x": "a", "y": "b"]).text
      try tenant.create(tenant.user, ["userName": "ada", "urn:example:Thing": ["x": "a"]])
    }
    let lacking: [(Catalog, String)] = [
      (try Catalog.standard(), "resources of type \"Thing\""),
      (try Self.catalog([["name": "x"]]), "the attribute y"),
      (try Self.catalog([["name": "x"], ["name": "y", "type": "integer"]]), "no integer"),
      (try Self.catalog([["name": "x"], ["name": "y"]], extends: false), "not an extension of User"),
    ]
    for (catalog, problem) in lacking {
      XCTAssertThrowsError(try withTenant(catalog) { _ in }, problem) { error in
        guard case .schemas(directory: "default", let found)? = error as? StoreError else {
          return XCTFail("\(error)")
        }
        XCTAssertTrue(found.contains(problem), found)
      }
    }
    try withTenant(whole) { tenant in
      let thing = try XCTUnwrap(whole.type(named: "Thing"))
      XCTAssertEqual(try tenant.page(thing).resources.map(\.text), [text])
    }
  }

  func testRecordsOfTheJournalNeedTheirSchemasToo() throws {
    let whole = try Self.catalog([["name": "x"]])
    let store = try Store(
      folder: try DataFolder.open(folder), catalog: whole, options: StoreOptions(),
      environment: clock.environment, report: { _ in })
    let tenant = try store.tenant()
    let thing = try tenant.create(try XCTUnwrap(whole.type(named: "Thing")), ["x": "a"])
    try tenant.patch(thing, [["op": "replace", "path": "x", "value": "b"]])
    let copy = try copyOfFolder()
    store.close()
    for catalog in [try Catalog.standard(), try Self.catalog([["name": "y"]])] {
      XCTAssertThrowsError(
        try Store(
          folder: try DataFolder.open(copy), catalog: catalog, options: StoreOptions(),
          environment: clock.environment, report: { _ in })
      ) { XCTAssertTrue(($0 as? StoreError)?.isAboutSchemas ?? false, "\($0)") }
    }
  }

  func testAUserIsFoundByIDOrByUserNameInAnyLetterCase() throws {
    let store = try openStore()
    defer { store.close() }
    let tenant = try store.tenant()
    let ada = try tenant.createUser("Ada@example.com")
    let group = try tenant.createGroup("ada")
    for text in ["ada@EXAMPLE.com", ada.id.text] {
      XCTAssertEqual(tenant.directory.user(text).whenDurable(), ada.id, text)
    }
    for text in ["ada", group.id.text, "", ada.id.text.uppercased()] {
      XCTAssertNil(tenant.directory.user(text).whenDurable(), text)
    }
    try tenant.delete(ada)
    XCTAssertNil(tenant.directory.user("ada@example.com").whenDurable())
  }
}
