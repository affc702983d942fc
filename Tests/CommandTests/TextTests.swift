import Platform
import XCTest

@testable import scimd

/// What reaches a terminal.
final class TextTests: XCTestCase {
  func testControlCharactersAndThoseOfDirectionAreEscapedAndNothingElse() {
    let harmful = [0x00, 0x07, 0x1B, 0x1F, 0x7F, 0x80, 0x9B, 0x9F, 0x202A, 0x202E, 0x2066, 0x2069]
    for code in harmful {
      let text = String(UnicodeScalar(UInt32(code)).map { Character($0) } ?? "?")
      XCTAssertFalse(TerminalText.escaped("a\(text)b").contains(text), String(code, radix: 16))
      XCTAssertTrue(TerminalText.escaped("a\(text)b").hasPrefix("a\\u"))
    }
    let harmless = "Ada Lovelace, Ünïcode 漢字 \u{2029} e\u{301}\n\tnext"
    XCTAssertEqual(TerminalText.escaped(harmless), harmless)
    XCTAssertEqual(TerminalText.value("a\nb\tc"), "a\\u000ab\\u0009c")
  }

  func testEveryTextOfACommandIsEscapedAndDataOnlyForATerminal() {
    for isTerminal in [false, true] {
      let printed = Locked("")
      let console = Console(
        variables: [:], environment: .system, isTerminal: { _ in isTerminal },
        emit: { _, text in printed.withLock { $0 += text } })
      console.print("\u{1B}[31m")
      console.printError("\u{202E}")
      console.data(Array("\u{9B}".utf8))
      XCTAssertEqual(
        printed.withLock { $0 }, "\\u001b[31m\n\\u202e\n" + (isTerminal ? "\\u009b" : "\u{9B}"))
    }
  }

  func testATableFitsTheTerminalAndCutsItsWidestCells() {
    var table = TextTable(["ID", "NAME"])
    table.add(["1", String(repeating: "n", count: 100)])
    for width in [30, 60] {
      for line in table.text(width: width).split(separator: "\n") {
        XCTAssertLessThanOrEqual(line.count, width)
      }
    }
    XCTAssertTrue(table.text(width: 30).contains("…"))
    var ids = TextTable(["ID", "NAME", "CREATED"])
    ids.add(["2819c223-7f76-453a-919d-413861904646", "ada@example.com", "2027-01-15T08:00"])
    XCTAssertTrue(ids.text(width: 50).contains("2819c223-7f76-453a-919d-413861904646"), "ids are copied")
    XCTAssertTrue(table.text(width: nil).contains(String(repeating: "n", count: 100)))
    XCTAssertEqual(TextTable([["漢字", "B"], ["abcd", "c"]]).text(), "漢字  B\nabcd  c\n")
    XCTAssertEqual(DisplayWidth.cut("漢字漢字", to: 5), "漢字…")
    XCTAssertEqual(TextTable([["A", "B"], ["a\nb", "c"]]).text(), "A         B\na\\u000ab  c\n")
  }

  func testResourcesOfAnExportAreCountedNotItsLines() {
    func count(_ text: String, isTable: Bool) -> Int {
      var count = ResourceCount(isTable: isTable)
      for piece in text.utf8 { count.read([piece]) }
      return count.resources
    }
    XCTAssertEqual(count("", isTable: true), 0)
    XCTAssertEqual(count("id,displayName\n1,\"a\nb\"\n2,\"c \"\"quoted\"\" d\"\n", isTable: true), 2)
    XCTAssertEqual(count("{\"a\":\"\\\"\"}\n{}\n", isTable: false), 2)
  }
}
