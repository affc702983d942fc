import JSON
import SCIM
import XCTest

/// Names ignore the letter case of ASCII and nothing else (RFC 7643 §2.1).
final class AttributeNameTests: XCTestCase {
  func testASignThatLooksLikeALetterIsNoLetter() throws {
    let user = try XCTUnwrap(try Catalog.standard().type(named: "User"))
    XCTAssertNotNil(user.path("NICKNAME"))
    for name in ["nic\u{212A}Name", "nic\u{212A}name", "t\u{0130}tle", "\u{FF54}itle"] {
      XCTAssertNil(user.path(name), name)
      XCTAssertNil(user.attribute(named: name), name)
    }
    // The sign is canonically equivalent to the capital letter.
    let table = AttributeTable([Attribute(name: "badgeKey")])
    XCTAssertNotNil(table["BADGEKEY"])
    XCTAssertNil(table["badge\u{212A}ey"])
    XCTAssertNil(CaseFolding.lowered("\u{212A}").utf8.first { $0 == UInt8(ascii: "k") })
  }

  func testAnAnswerShowsWhatIsReturnedOnRequestWhereTheClientWroteIt() throws {
    let device = try TestCatalog.type("Device")
    let resource = try Fixture("projection-resources", "resources.json").object("Device")
    let plain = Projection.standard(device)
    XCTAssertFalse(plain.isVerbatim)
    XCTAssertNil(plain.apply(to: resource)["note"])
    let written = plain.showing(written: Document(["note": "n", "slots": [["number": 1, "hint": "h"]]]))
    XCTAssertEqual(written.apply(to: resource)["note"], "n")
    XCTAssertEqual(written.apply(to: resource)["slots"], [["number": 1, "hint": "h"]])
    let patch = try PatchRequest(
      [
        "schemas": [.string(SchemaURN.patchOp)],
        "Operations": [["op": "replace", "path": "note", "value": "n"]],
      ], for: device, dialect: Dialect())
    XCTAssertEqual(plain.showing(written: patch).apply(to: resource)["note"], "n")
    XCTAssertNil(plain.showing(written: patch).apply(to: resource)["slots"]?.arrayValue?.first?["hint"])
    let named = try Projection(attributes: ["serial"], excluded: nil, of: device)
    XCTAssertNil(named.showing(written: patch).apply(to: resource)["note"])
  }

  func testUsersAndGroupsAreShownAsTheyAreStored() throws {
    for type in try Catalog.standard().types {
      XCTAssertTrue(Projection.standard(type).isVerbatim, type.name)
    }
  }
}
