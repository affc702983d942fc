import Admin
import Foundation
import XCTest

@testable import scimd

/// README and the pages that are printed by `scimd help TOPIC`: complete, and every command in them exists.
final class DocumentationTests: XCTestCase {
  private var root: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  func testEveryPageIsEmbeddedAndPrintedByItsTopic() throws {
    let files = try FileManager.default.contentsOfDirectory(
      atPath: root.appendingPathComponent("Sources/CAssets/Docs").path)
    XCTAssertEqual(Set(files), Set(DocsPage.all.map { $0.topic + ".md" }))
    let fixture = try CommandFixture(self)
    for page in DocsPage.all {
      XCTAssertEqual(page.text, try text("Sources/CAssets/Docs/\(page.topic).md"))
      XCTAssertFalse(
        Command.all.contains { $0.path[0] == page.topic && page.topic != "settings" }, page.topic)
      guard page.topic != "settings" else { continue }
      let outcome = fixture.run("help", page.topic)
      XCTAssertEqual(outcome.code, .success)
      XCTAssertEqual(outcome.output, page.text)
    }
    XCTAssertTrue(fixture.run("help", "provider").error.contains("did you mean \"providers\"?"))
  }

  func testTheREADMEIsShortAndNamesEveryPage() throws {
    let readme = try text("README.md")
    XCTAssertLessThanOrEqual(readme.split(separator: "\n", omittingEmptySubsequences: false).count, 300)
    for page in DocsPage.all {
      XCTAssertTrue(
        readme.contains("\n| [\(page.topic)](Sources/CAssets/Docs/\(page.topic).md) | "), page.topic)
    }
  }

  func testLinksLeadToFilesAndHeadings() throws {
    for path in ["README.md"] + DocsPage.all.map({ "Sources/CAssets/Docs/\($0.topic).md" }) {
      let text = try text(path)
      let folder = root.appendingPathComponent(path).deletingLastPathComponent()
      for link in text.matches(of: /\]\(([^)#]*)(#[^)]*)?\)/) where !link.1.hasPrefix("http") {
        let file =
          link.1.isEmpty ? root.appendingPathComponent(path) : folder.appendingPathComponent(String(link.1))
        XCTAssertTrue(FileManager.default.fileExists(atPath: file.path), "\(path): \(link.0)")
        guard let anchor = link.2?.dropFirst() else { continue }
        let headings = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter {
          $0.hasPrefix("#")
        }
        let anchors = headings.map { heading in
          heading.drop { $0 == "#" || $0 == " " }.lowercased().filter {
            $0.isLetter || $0.isNumber || $0 == " " || $0 == "-"
          }
          .replacingOccurrences(of: " ", with: "-")
        }
        XCTAssertTrue(anchors.contains(String(anchor)), "\(path): \(link.0)")
      }
    }
  }

  /// What runs is proven by .ci/documents; what does not is parsed at least.
  func testEveryCommandInThemParses() throws {
    let parser = ArgumentParser(commands: Command.all)
    for path in ["README.md"] + DocsPage.all.map({ "Sources/CAssets/Docs/\($0.topic).md" }) {
      var isShell = false
      for line in try text(path).split(separator: "\n").map({ $0.drop { $0 == " " } }) {
        if line.hasPrefix("```") { isShell = line.hasPrefix("```sh") }
        guard isShell, line.hasPrefix("scimd ") else { continue }
        for part in line.split(separator: "#")[0].split(separator: "&&") {
          let words = HelpTests.words(String(part))
          XCTAssertNoThrow(try parser.parse(Array(words.dropFirst())), "\(path): \(line)")
        }
      }
    }
  }
}
