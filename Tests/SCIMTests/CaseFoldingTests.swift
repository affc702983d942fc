import SCIM
import XCTest

final class CaseFoldingTests: XCTestCase {
  func testTextsThatSCIMCallsTheSameFoldToEqualTexts() {
    let same = [
      ("bjensen", "BJensen"), ("\u{E9}lan", "E\u{301}LAN"), ("\u{C9}lan", "e\u{301}lan"), ("ａｂｃ", "ABC"),
      ("ＢＪＥＮＳＥＮ＠ＥＸＡＭＰＬＥ．ＣＯＭ", "bjensen@example.com"), ("a\u{3000}b", "A B"), ("ÅÄÖ", "a\u{30A}ÄÖ"),
      ("ЖУК", "жук"), ("ΑΒΓ", "αβγ"), ("\u{212B}", "å"), ("\u{1E69}", "s\u{307}\u{323}"), ("", ""),
    ]
    for (a, b) in same {
      XCTAssertEqual(CaseFolding.fold(a), CaseFolding.fold(b), "\(a) \(b)")
      XCTAssertEqual(CaseFolding.fold(a).hashValue, CaseFolding.fold(b).hashValue, "\(a) \(b)")
    }
  }

  func testTextsThatDifferFoldToDifferentTexts() {
    for (a, b) in [("a", "b"), ("a", "á"), ("a", "a "), (" a", "a"), ("a", "а"), ("I", "ı"), ("a", "")] {
      XCTAssertNotEqual(CaseFolding.fold(a), CaseFolding.fold(b), "\(a) \(b)")
    }
  }

  func testFoldingTwiceChangesNothing() {
    for text in ["BJensen", "ＡＢＣ", "ÅÄÖ", "İstanbul", "ẞ", "ǅ", "日本🦊"] {
      let once = CaseFolding.fold(text)
      XCTAssertEqual(CaseFolding.fold(once), once, text)
    }
  }

  func testNamesIgnoreASCIILetterCaseOnly() {
    XCTAssertTrue(CaseFolding.sameName("userName", "USERNAME"))
    XCTAssertTrue(CaseFolding.sameName("", ""))
    XCTAssertFalse(CaseFolding.sameName("userName", "userNam"))
    XCTAssertFalse(CaseFolding.sameName("é", "É"))
    XCTAssertFalse(CaseFolding.sameName("k", "\u{212A}"))
    XCTAssertFalse(CaseFolding.sameName("[", "{"))
    XCTAssertFalse(CaseFolding.sameName("@", "`"))
  }
}
