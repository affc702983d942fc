import Credentials
import XCTest

final class RedactedTextTests: XCTestCase {
  private let body = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm"

  func testRedactedText_KeysAndTokens_BecomeTheirHint() {
    XCTAssertEqual(RedactedText.of("User scim_\(body) not found."), "User scim_0123…jklm not found.")
    XCTAssertEqual(RedactedText.of("scimt_\(body)"), "scimt_0123…jklm")
    XCTAssertEqual(RedactedText.of("scim_\(body), scimt_\(body)!"), "scim_0123…jklm, scimt_0123…jklm!")
  }

  func testRedactedText_InsideAnotherWord_IsFound() {
    XCTAssertEqual(RedactedText.of("a_b_xscim_\(body)_c"), "a_b_xscim_0123…jklm_c")
    XCTAssertEqual(RedactedText.of("scim_scim_\(body)"), "scim_scim_0123…jklm")
  }

  func testRedactedText_DamagedKey_IsNoBetterThanAWholeOne() {
    XCTAssertEqual(RedactedText.of("scim_\(body.dropLast(17))"), "scim_0123…STUV")
    XCTAssertEqual(RedactedText.of("scim_\(body)\(body)"), "scim_0123…jklm")
  }

  func testRedactedText_OtherTexts_StayAsTheyAre() {
    for text in [
      "", "_", "scim_", "scim_short", "scimx_\(body)", "scim_\(body.prefix(31))", "Zoë scim", body,
    ] {
      XCTAssertEqual(RedactedText.of(text), text)
    }
  }
}
