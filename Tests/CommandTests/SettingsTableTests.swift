import Foundation
import XCTest

@testable import scimd

final class SettingsTableTests: XCTestCase {
  private var root: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
  }

  /// `scimd help settings --markdown` prints the table to paste.
  func testTheTableOfTheDocumentationIsThatOfTheSettings() throws {
    let page = root.appendingPathComponent("Sources/CAssets/Docs/settings.md")
    XCTAssertTrue(
      try String(contentsOf: page, encoding: .utf8).contains(SettingsText.markdown),
      "paste the output of: scimd help settings --markdown")
  }

  func testTheMarkdownHasOneRowOfFiveCellsForEachSetting() {
    let lines = SettingsText.markdown.split(separator: "\n")
    XCTAssertEqual(lines.count, Configuration.settings.count + 2)
    for line in lines { XCTAssertEqual(line.filter { $0 == "|" }.count, 6, String(line)) }
  }

  func testTheExampleFileLoads() throws {
    let path = root.appendingPathComponent("config/scimd.json").path
    var configuration = Configuration()
    try ConfigurationFile(path: path).apply(to: &configuration)
    XCTAssertNoThrow(try configuration.checkExposure())
  }

  func testNamesFollowOneAnother() {
    let named = Configuration.settings.first { $0.name == "insecurePlainHTTP" }
    XCTAssertEqual(named?.option, "insecure-plain-http")
    XCTAssertEqual(named?.variable, "SCIMD_INSECURE_PLAIN_HTTP")
    XCTAssertEqual(Set(Configuration.settings.map(\.name)).count, Configuration.settings.count)
  }
}
