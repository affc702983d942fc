import SCIM
@testable import Storage
import XCTest

final class EntityTagTests: XCTestCase {
  private let version = "W/\"17\""

  func testTheVersionMatchesInEveryForm() {
    for field in [
      "W/\"17\"", "\"17\"", "17", "*", " W/\"17\" ", "\"1\", W/\"17\"", "W/\"1\",\"17\"", "\"x\" , *",
    ] {
      XCTAssertTrue(matches(field), field)
    }
  }

  func testOtherVersionsDoNotMatch() {
    for field in ["W/\"1\"", "\"170\"", "", ",", "W/", "\"\"", "w/\"17\"", "\"17", "W/\"*\""] {
      XCTAssertFalse(matches(field), field)
    }
  }

  func testAStaleIfMatchIs412AndNamesTheVersion() {
    XCTAssertNoThrow(try EntityTag.check(nil, version))
    XCTAssertNoThrow(try EntityTag.check(Array(version.utf8)[...], version))
    XCTAssertThrowsError(try EntityTag.check(Array("W/\"16\"".utf8)[...], version)) {
      XCTAssertEqual(($0 as? SCIMError)?.status, 412)
      XCTAssertTrue(($0 as? SCIMError)?.detail.contains(version) == true)
    }
  }

  private func matches(_ field: String) -> Bool { EntityTag.matches(Array(field.utf8)[...], version) }
}
