import HTTP
import SCIM
import XCTest

@testable import Protocol

final class MediaTypeTests: XCTestCase {
  func testJSONIsTakenWithAnyParametersAndLetterCase() throws {
    let types = [
      "application/scim+json", "application/json", "Application/JSON", "application/json;charset=utf-8",
      "application/scim+json; charset=\"UTF-8\"", "application/json ; profile=x", "application/json;",
    ]
    for type in types { XCTAssertNoThrow(try MediaTypes.checkBody(head("Content-Type", type)), type) }
  }

  /// A client without a Content-Type sends what this endpoint is for.
  func testABodyWithoutATypeIsTakenAsSCIM() throws {
    XCTAssertNoThrow(try MediaTypes.checkBody(HTTPRequestHead(method: "POST", target: "/Users")))
  }

  func testOtherTypesCharsetsAndCodingsAre415() throws {
    let fields = [
      ("Content-Type", "text/xml"), ("Content-Type", "text/json"), ("Content-Type", "application/jsonx"),
      ("Content-Type", ""), ("Content-Type", "application/json; charset=utf-16"),
      ("Content-Encoding", "gzip"),
    ]
    for (name, value) in fields {
      XCTAssertThrowsError(try MediaTypes.checkBody(head(name, value)), value) {
        XCTAssertEqual(($0 as? SCIMError)?.status, 415, value)
      }
    }
    XCTAssertNoThrow(try MediaTypes.checkBody(head("Content-Encoding", "Identity")))
  }

  func testSCIMIsAnsweredUnlessOnlyJSONIsAccepted() throws {
    let scim = [
      "application/scim+json", "*/*", "application/*", "text/html, */*;q=0.1",
      "application/json, application/scim+json",
      "APPLICATION/SCIM+JSON;q=0.5", "", " , ",
    ]
    for value in scim { XCTAssertEqual(try answer(value), "application/scim+json", value) }
    for value in ["application/json", "application/json;q=0.9, text/html", "text/html, Application/JSON"] {
      XCTAssertEqual(try answer(value), "application/json", value)
    }
  }

  func testWhatIsRefusedByWeightIsNotAccepted() throws {
    XCTAssertEqual(
      try answer("application/scim+json;q=0, application/json"), "application/json")
    for value in ["text/html", "image/*, text/plain;q=0.5"] {
      XCTAssertThrowsError(try answer(value), value) {
        XCTAssertEqual(($0 as? SCIMError)?.status, 406, value)
      }
    }
  }

  private func head(_ name: String, _ value: String) throws -> HTTPRequestHead {
    try HTTPRequestHead(method: "POST", target: "/Users", fields: [(name, value)])
  }

  private func answer(_ accept: String) throws -> String {
    String(decoding: try MediaTypes.answer(to: head("Accept", accept)), as: UTF8.self)
  }
}
