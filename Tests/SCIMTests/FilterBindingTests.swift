import JSON
import SCIM
import XCTest

/// What a bound filter tells a store that looks for an index.
final class FilterBindingTests: XCTestCase {
  private func equality(_ text: String, _ type: String = "User") throws -> String? {
    var dialect = Dialect()
    let expression = try FilterParser.parse(text, dialect: &dialect)
    let filter = try FilterBinding(type: try TestCatalog.type(type)).bind(expression)
    return filter.equality.map { "\($0.path.notation)=\($0.text.text)" }
  }

  func testAnEqualityIsFoldedAsItsAttributeCompares() throws {
    XCTAssertEqual(try equality("USERNAME eq \"BJensen\""), "userName=bjensen")
    XCTAssertEqual(try equality("externalId eq \"ABC\""), "externalId=ABC")
    XCTAssertEqual(try equality("emails eq \"A@B\""), "emails.value=a@b")
    XCTAssertEqual(try equality("members.value eq \"U1\"", "Group"), "members.value=U1")
    XCTAssertEqual(
      try equality("employeeNumber eq \"A1\""), "\(SchemaURN.enterpriseUser):employeeNumber=a1")
  }

  func testWhatIsNoEqualityOfTextIsNone() throws {
    for text in [
      "userName ne \"a\"", "userName sw \"a\"", "userName pr", "userName eq null", "active eq true",
      "meta.created eq \"2020-01-01T00:00:00Z\"", "not (userName eq \"a\")",
      "userName eq \"a\" or id eq \"b\"",
    ] { XCTAssertNil(try equality(text), text) }
  }

  func testAMemberIsLookedUpWithoutReadingTheMembers() throws {
    struct Group: FilterSubject {
      func value(of attribute: Attribute, in schema: Schema?) -> JSONValue? {
        if attribute.name == "members" { XCTFail("members were read") }
        return nil
      }
      func answer(_ filter: Filter, _ budget: inout WorkBudget) -> Bool? {
        switch filter {
        case .compare, .values(_, .compare): filter.memberID == "u1"
        default: nil
        }
      }
    }
    for (text, found) in [
      ("members eq \"u1\"", true), ("members.value eq \"u2\"", false), ("members[value eq \"u1\"]", true),
      ("not (members[value eq \"u1\"])", false),
    ] {
      var dialect = Dialect()
      let expression = try FilterParser.parse(text, dialect: &dialect)
      let filter = try FilterBinding(type: try TestCatalog.type("Group")).bind(expression)
      XCTAssertEqual(try filter.matches(Group()), found, text)
    }
  }
}

extension Filter {
  fileprivate var memberID: String? {
    if case .values(_, let inner) = self { return inner.selectedID }
    return selectedID
  }
}
