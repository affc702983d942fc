import Foundation
import JSON
import SCIM
import XCTest

@testable import Admin
@testable import Insight

/// The catalogue of errors: complete, one table for all, and the same as its page.
final class CatalogueTests: XCTestCase {
  private let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Sources/CAssets/Docs/errors.md")

  func testEveryCodeHasExactlyOneExplanation() {
    let given =
      ErrorExplanation.caller + ErrorExplanation.message + ErrorExplanation.list + ErrorExplanation.filters
      + ErrorExplanation.operations + ErrorExplanation.values + ErrorExplanation.state
    XCTAssertEqual(
      given.map(\.code.rawValue).sorted(), SCIMError.Code.allCases.map(\.rawValue).sorted())
    XCTAssertGreaterThanOrEqual(given.count, 60)
  }

  /// A code that both have is one code: the same status.
  func testACodeOfBothTablesHasOneStatus() {
    for code in SCIMError.Code.allCases {
      guard let other = ProblemCode(rawValue: code.rawValue) else { continue }
      XCTAssertEqual(other.status, code.status, code.rawValue)
      XCTAssertEqual(AdminProblem(SCIMError(code, "d")).code, other)
    }
  }

  func testEveryTextIsWholeAtEveryProvider() {
    for code in SCIMError.Code.allCases {
      guard let entry = ErrorExplanation.of(code) else {
        XCTFail("\(code) has no explanation")
        continue
      }
      XCTAssertTrue(entry.cause.hasSuffix("."), code.rawValue)
      XCTAssertTrue(entry.reference.hasPrefix("RFC "), code.rawValue)
      for provider in Profile.all {
        let remedy = entry.remedy(at: provider, attribute: "title")
        XCTAssertTrue(remedy.hasSuffix("."), "\(code) at \(provider.name)")
        for slot in [
          "base", "key", "matching", "mapping", "assignment", "actions", "log", "restart", "attribute",
        ] { XCTAssertFalse(remedy.contains("{\(slot)}"), "\(code) at \(provider.name)") }
      }
    }
  }

  func testWhatIsNoSlotStaysAsItIs() {
    let words = Profile.generic.words
    XCTAssertEqual(
      words.filled("{\"schemas\": [{}]} {x} {attribute}"), "{\"schemas\": [{}]} {x} the attribute")
    XCTAssertEqual(words.filled("{mapping"), "{mapping")
    XCTAssertEqual(words.filled("{mapping} {attribute}", attribute: "{key}"), "\(words.mapping) {key}")
  }

  /// RECORD_ERRORS=1 writes the page.
  func testThePageIsThatOfTheTable() throws {
    if ProcessInfo.processInfo.environment["RECORD_ERRORS"] != nil {
      try CatalogueEntry.markdown.write(to: page, atomically: true, encoding: .utf8)
    }
    XCTAssertEqual(
      try String(contentsOf: page, encoding: .utf8), CatalogueEntry.markdown, "RECORD_ERRORS=1 writes it")
  }
}
