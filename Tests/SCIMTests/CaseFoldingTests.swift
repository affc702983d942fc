import Foundation
import JSON
import SCIM
import XCTest

final class CaseFoldingTests: XCTestCase {
  func testTextsThatSCIMCallsTheSameFoldToEqualTexts() {
    let same = [
      ("bjensen", "BJensen"), ("\u{E9}lan", "E\u{301}LAN"), ("\u{C9}lan", "e\u{301}lan"), ("ａｂｃ", "ABC"),
      ("ＢＪＥＮＳＥＮ＠ＥＸＡＭＰＬＥ．ＣＯＭ", "bjensen@example.com"), ("a\u{3000}b", "A B"), ("ÅÄÖ", "a\u{30A}ÄÖ"),
      ("ЖУК", "жук"), ("ΑΒΓ", "αβγ"), ("\u{212B}", "å"), ("\u{1E69}", "s\u{307}\u{323}"), ("", ""),
      ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"), ("ſ", "S"), ("Ꭰ", "ꭰ"), ("ᾼ", "\u{391}\u{345}"), ("ｶﾞ", "ガ"), ("ﾊﾟﾝ", "パン"),
      ("ﾡￂ", "ㄱㅏ"), ("￥", "¥"),
    ]
    for (a, b) in same {
      XCTAssertEqual(TextKey(folding: a), TextKey(folding: b), "\(a) \(b)")
      XCTAssertEqual(TextKey(folding: a).hashValue, TextKey(folding: b).hashValue, "\(a) \(b)")
    }
  }

  func testTextsThatDifferFoldToDifferentTexts() {
    for (a, b) in [
      ("a", "b"), ("a", "á"), ("a", "a "), (" a", "a"), ("a", "а"), ("I", "ı"), ("a", ""), ("ß", "ss"),
      ("カ", "ガ"),
    ] {
      XCTAssertNotEqual(TextKey(folding: a), TextKey(folding: b), "\(a) \(b)")
    }
  }

  func testFoldingTwiceChangesNothing() {
    for text in ["BJensen", "ＡＢＣ", "ÅÄÖ", "İstanbul", "ẞ", "ǅ", "日本🦊"] {
      let once = TextKey(folding: text)
      XCTAssertEqual(TextKey(folding: once.text), once, text)
    }
  }

  func testEveryCharacterFoldsAsItsDecomposedFormAndOnlyOnce() {
    for scalar in (UInt32(0)..<0x20000).compactMap(Unicode.Scalar.init) {
      let text = String(scalar)
      let once = TextKey(folding: text)
      XCTAssertEqual(TextKey(folding: once.text), once, "\(scalar.value)")
      let decomposed = text.decomposedStringWithCanonicalMapping
      guard !decomposed.hasSameBytes(as: text) else { continue }
      XCTAssertEqual(TextKey(folding: decomposed), once, "\(scalar.value)")
    }
  }

  func testFoldedTextIsInNormalizationFormC() {
    for scalar in (UInt32(0)..<0x10000).compactMap(Unicode.Scalar.init) {
      let folded = TextKey(folding: "E\(String(scalar))\u{301}").text
      XCTAssertTrue(folded.hasSameBytes(as: folded.precomposedStringWithCanonicalMapping), "\(scalar.value)")
    }
  }

  func testAnyNumberOfMarksIsFoldedInPieces() {
    for count in [29, 30, 31, 60, 61, 20_000] {
      let once = TextKey(folding: "A" + String(repeating: "\u{301}\u{323}", count: count))
      XCTAssertEqual(TextKey(folding: once.text), once, "\(count)")
      XCTAssertEqual(
        once.text.unicodeScalars.filter { $0 == "\u{34F}" }.count, (2 * count - 1) / 30, "\(count)")
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
