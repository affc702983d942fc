import JSON
import XCTest

@testable import SCIM

/// What no schema has is described by place and kind, never by value.
final class UnkeptAttributeTests: XCTestCase {
  private func described(_ json: JSONValue) throws -> [String] {
    var dialect = Dialect()
    var object: JSONObject = [
      "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada",
    ]
    for member in json.objectValue?.members ?? [] { object[member.name] = member.value }
    let type = try XCTUnwrap(Catalog.standard().types.first { $0.name == "User" })
    _ = try ResourceDecoder.decode(.object(object), as: type, dialect: &dialect)
    return dialect.unkept.map { item in
      "\(item.schema ?? "-") \(item.name) \(item.shape.type?.rawValue ?? "null")\(item.shape.isMultiValued ? "*" : "")"
    }
  }

  func testAttributesAreDescribedByTheExtensionTheyStandIn() throws {
    XCTAssertEqual(try described(["nick2": "x"]), ["- nick2 string"])
    XCTAssertEqual(try described(["name": ["nick": true]]), ["- name.nick boolean"])
    XCTAssertEqual(
      try described([
        "urn:x:More:2.0:User": [
          "a": 1, "b": try JSONParser.parse(Array("1.5".utf8)), "c": ["x"], "d": .null, "e": [],
          "f": ["g": "x", "h": [1]], "i": [["j": 2]],
        ]
      ]),
      [
        "urn:x:More:2.0:User a integer", "urn:x:More:2.0:User b decimal", "urn:x:More:2.0:User c string*",
        "urn:x:More:2.0:User d null", "urn:x:More:2.0:User e null*", "urn:x:More:2.0:User f complex",
        "urn:x:More:2.0:User f.g string", "urn:x:More:2.0:User f.h integer*",
        "urn:x:More:2.0:User i complex*",
        "urn:x:More:2.0:User i.j integer",
      ])
    XCTAssertEqual(try described(["urn:x:More:2.0:User:flat": "x"]), ["urn:x:More:2.0:User flat string"])
    let enterprise = SchemaURN.enterpriseUser
    var object = JSONObject()
    object[enterprise] = ["badge": 1]
    XCTAssertEqual(try described(.object(object)), ["\(enterprise) badge integer"])
  }

  func testKindsThatDifferBecomeOneThatTakesBoth() {
    func shape(_ type: UnkeptAttribute.Shape.Kind?, _ isMultiValued: Bool = false) -> UnkeptAttribute.Shape {
      .init(type: type, isMultiValued: isMultiValued)
    }
    XCTAssertEqual(shape(nil).merged(with: shape(.integer)), shape(.integer))
    XCTAssertEqual(shape(.integer).merged(with: shape(nil, true)), shape(.integer, true))
    XCTAssertEqual(shape(.decimal).merged(with: shape(.integer)), shape(.decimal))
    XCTAssertEqual(shape(.boolean).merged(with: shape(.string)), shape(.string))
    XCTAssertEqual(shape(.integer).merged(with: shape(.boolean)), shape(.string))
  }

  func testARequestDescribesOnlySoMany() throws {
    var object = JSONObject()
    for number in 0..<500 { object["a\(number)"] = .integer(1) }
    XCTAssertEqual(try described(.object(object)).count, 32)
    XCTAssertEqual(try described(["urn:x:More": .object(object)]).count, 64)
  }
}
