import Admin
import Foundation
import Insight
import XCTest

@testable import scimd

/// What is easily forgotten when something is added, each found by a test.
final class ForgottenPartsTests: XCTestCase {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func texts(below folder: String, _ suffix: String = ".swift") throws -> [String] {
    let path = Self.root.appendingPathComponent(folder).path
    let names = try XCTUnwrap(FileManager.default.enumerator(atPath: path)).compactMap { $0 as? String }
    return try names.filter { $0.hasSuffix(suffix) }.map {
      try String(contentsOfFile: "\(path)/\($0)", encoding: .utf8)
    }
  }

  func testCommand_IsInTheListOfAllIfItsPathIsWrittenDown() throws {
    let paths = Set(Command.all.map { $0.path.joined(separator: " ") })
    let pattern = try NSRegularExpression(pattern: #"path: \[("[a-z-]+"(?:, "[a-z-]+")*)\]"#)
    var found = 0
    for text in try texts(below: "Sources/scimd/Commands") {
      for match in pattern.matches(in: text, range: NSRange(text.startIndex..., in: text)) {
        let list = try XCTUnwrap(Range(match.range(at: 1), in: text).map { String(text[$0]) })
        let path = list.replacingOccurrences(of: "\"", with: "").replacingOccurrences(of: ",", with: "")
        XCTAssertTrue(paths.contains(path), "`\(path)` is not in Command.all")
        found += 1
      }
    }
    XCTAssertGreaterThan(found, 20, "the pattern finds the commands")
  }

  func testCommand_HasAHelpPageThatIsCompared() throws {
    for command in Command.all {
      let name = command.path.joined(separator: "-")
      let page = Self.root.appendingPathComponent("Tests/CommandTests/Fixtures/help/\(name).txt")
      XCTAssertTrue(FileManager.default.fileExists(atPath: page.path), name)
    }
  }

  func testSetting_IsTriedByATestOrAScript() throws {
    let tests = try texts(below: "Tests") + texts(below: ".ci", "")
    for setting in Configuration.settings {
      let spellings = ["\"\(setting.name)\"", "--\(setting.option)", setting.variable, ".\(setting.name)"]
      XCTAssertTrue(
        tests.contains { text in spellings.contains { text.contains($0) } },
        "no test and no script names the setting \(setting.name)")
    }
  }

  func testField_OfEveryAnswerIsWrittenDownInOnePlace() throws {
    let sources = try texts(below: "Sources")
    for name in ["X-Content-Type-Options", "\"no-store\""] {
      XCTAssertEqual(
        sources.count { $0.contains(name) }, 1, "\(name) belongs into HTTPFields.everyAnswer alone")
    }
  }

  func testMetric_IsInTheTableOfTheDocumentation() throws {
    let page = try String(
      contentsOf: Self.root.appendingPathComponent("Sources/CAssets/Docs/running.md"), encoding: .utf8)
    for metric in Metric.allCases {
      let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
      XCTAssertTrue(
        page.contains("| `\(metric.rawValue)` | \(labels) | \(metric.help)"), metric.rawValue)
    }
  }

  func testCheck_OfTheDoctorIsInTheTableOfTheDocumentation() throws {
    let page = try String(
      contentsOf: Self.root.appendingPathComponent("Sources/CAssets/Docs/running.md"), encoding: .utf8)
    for check in DoctorCheck.all {
      XCTAssertTrue(page.contains("| `\(check.name)` | \(check.about) |"), check.name)
    }
  }

  func testDocument_ForContributorsNamesPlacesThatExist() throws {
    let page = try String(
      contentsOf: Self.root.appendingPathComponent(".github/CONTRIBUTING.md"), encoding: .utf8)
    let pattern = try NSRegularExpression(pattern: #"`((?:Sources|Tests|config|\.ci)/[A-Za-z0-9+/._-]+)`"#)
    let matches = pattern.matches(in: page, range: NSRange(page.startIndex..., in: page))
    XCTAssertGreaterThan(matches.count, 20)
    for match in matches {
      let path = try XCTUnwrap(Range(match.range(at: 1), in: page).map { String(page[$0]) })
      XCTAssertTrue(
        FileManager.default.fileExists(atPath: Self.root.appendingPathComponent(path).path), path)
    }
  }
}
