import JSON
import SCIM
import XCTest

final class AttributePathTests: XCTestCase {
  func testEveryPathFixtureNamesWhatItSays() throws {
    let cases = try Fixture("catalog", "paths.json").json.arrayValue ?? []
    XCTAssertGreaterThan(cases.count, 40)
    for item in cases {
      let text = try XCTUnwrap(item["text"]?.stringValue)
      let path = try TestCatalog.type(try XCTUnwrap(item["type"]?.stringValue)).path(text)
      XCTAssertEqual(path?.notation, item["notation"]?.stringValue, text)
    }
  }

  func testTheNotationOfEveryAttributeIsFoundAgain() throws {
    for type in try TestCatalog.types.get() {
      let tables: [(Schema?, AttributeTable)] =
        [(nil, type.schema.attributes), (nil, ResourceType.common)]
        + type.extensions.map { ($0.schema, $0.schema.attributes) }
      for (schema, table) in tables {
        for attribute in table {
          let path = AttributePath(schema: schema, attribute: attribute, sub: nil)
          XCTAssertTrue(type.path(path.notation)?.attribute === attribute, path.notation)
          for sub in attribute.subAttributes {
            let path = AttributePath(schema: schema, attribute: attribute, sub: sub)
            XCTAssertTrue(type.path(path.notation.uppercased())?.leaf === sub, path.notation)
          }
        }
      }
    }
  }

  func testANameThatTwoExtensionsHaveIsAmbiguous() throws {
    func schema(_ id: String) throws -> Schema {
      try Schema(["id": .string(id), "attributes": [["name": "badge"]]])
    }
    let user = try TestCatalog.type("User")
    let type = ResourceType(
      name: "User", endpoint: "/Users", description: "", schema: user.schema,
      extensions: [
        .init(schema: try schema("urn:a:1.0:User"), required: false),
        .init(schema: try schema("urn:a:1.0:User:More"), required: false),
      ])
    XCTAssertNil(type.path("badge"))
    XCTAssertEqual(type.path("urn:a:1.0:User:badge")?.schema?.id, "urn:a:1.0:User")
    XCTAssertEqual(type.path("urn:a:1.0:User:More:badge")?.schema?.id, "urn:a:1.0:User:More")
  }

  func testABaseAttributeWinsOverAnExtensionsOfTheSameName() throws {
    let more = try Schema(["id": "urn:a:1.0:User", "attributes": [["name": "title"]]])
    let type = ResourceType(
      name: "User", endpoint: "/Users", description: "", schema: try TestCatalog.type("User").schema,
      extensions: [.init(schema: more, required: false)])
    XCTAssertNil(type.path("title")?.schema)
    XCTAssertNotNil(type.path("title"))
  }
}
