import Feed
import Foundation
import HTTP
import XCTest

@testable import Console

final class PagesTests: XCTestCase {
  func testTheDocumentIsNeverKeptAndLoadsNothingFromElsewhere() throws {
    let fixture = try ConsoleFixture(self)
    let answer = try fixture.send(fixture.console, "GET", "/console/")
    XCTAssertEqual(answer.status, 200)
    XCTAssertEqual(answer.field("Cache-Control"), "no-store")
    XCTAssertEqual(
      answer.field("Content-Security-Policy"),
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'")
    XCTAssertEqual(answer.field("Referrer-Policy"), "no-referrer")
    XCTAssertFalse(answer.text.contains("EDITION"))
    XCTAssertFalse(answer.text.contains("//"), "an address of its own only")
  }

  func testTheAddressWithoutASlashLeadsThereBehindAnyPrefix() throws {
    let fixture = try ConsoleFixture(self)
    let answer = try fixture.send(fixture.console, "GET", "/console")
    XCTAssertEqual(answer.status, 308)
    XCTAssertEqual(answer.field("Location"), "console/")
  }

  func testFilesAreKeptForeverUnderAnAddressOfTheirContentAndHaveStrongTags() throws {
    let fixture = try ConsoleFixture(self)
    let pages = ConsolePages.embedded
    let path = "/console/\(pages.edition)/app.js"
    let plain = try fixture.send(fixture.console, "GET", path)
    XCTAssertEqual(plain.field("Cache-Control"), "public, max-age=31536000, immutable")
    XCTAssertEqual(plain.field("Content-Type"), "text/javascript; charset=utf-8")
    XCTAssertEqual(plain.field("Content-Encoding"), nil)
    let packed = try fixture.send(fixture.console, "GET", path, [("Accept-Encoding", "br, gzip")])
    XCTAssertEqual(packed.field("Content-Encoding"), "gzip")
    XCTAssertEqual(packed.field("Vary"), "Accept-Encoding")
    let (one, other) = (try XCTUnwrap(plain.field("ETag")), try XCTUnwrap(packed.field("ETag")))
    XCTAssertNotEqual(one, other)
    XCTAssertTrue([one, other].allSatisfy { $0.hasPrefix("\"") && $0.hasSuffix("\"") })
    XCTAssertEqual(try fixture.send(fixture.console, "GET", path, [("If-None-Match", one)]).status, 304)
    XCTAssertEqual(try fixture.send(fixture.console, "GET", path, [("If-None-Match", other)]).status, 200)
  }

  func testNothingElseIsThere() throws {
    let fixture = try ConsoleFixture(self)
    let edition = ConsolePages.embedded.edition
    for path in [
      "/console/x", "/console/0000000000000000/app.js", "/console/\(edition)/", "/console/\(edition)/x.js",
      "/console/\(edition)/../app.js", "/console/\(edition)/console.html", "/console/\(edition)/a/b",
      "/console//",
      "/console/%zz",
    ] { XCTAssertEqual(try fixture.send(fixture.console, "GET", path).status, 404, path) }
    XCTAssertEqual(try fixture.send(fixture.console, "POST", "/console/").status, 405)
  }

  func testNoFileMakesMarkupOrCodeOfTextOrNamesAnotherServer() {
    for asset in ConsoleAsset.embedded where asset.name.hasSuffix(".js") {
      let text = String(decoding: asset.bytes, as: UTF8.self)
      for word in [
        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function",
        "setAttribute('on",
      ] {
        XCTAssertFalse(text.contains(word), "\(asset.name): \(word)")
      }
      let addresses = text.matches(of: /https?:\/\/[a-z.0-9]+/).map { String($0.output) }
      XCTAssertEqual(Set(addresses).subtracting(["http://www.w3.org"]), [], asset.name)
    }
  }

  func testTheEventsPageKnowsEveryTypeOfEvent() throws {
    let file = try XCTUnwrap(ConsoleAsset.embedded.first { $0.name == "event-types.js" })
    let text = String(decoding: file.bytes, as: UTF8.self)
    let list = try XCTUnwrap(text.firstMatch(of: /eventTypes = \[([^\]]*)\]/)).output.1
    let names = list.matches(of: /'([a-z_.]+)'/).map { String($0.output.1) }
    XCTAssertEqual(names, EventType.allCases.map(\.rawValue))
  }

  func testTheDocumentsNameEveryModuleThatTheFirstPageImports() throws {
    let texts = ConsoleAsset.embedded.reduce(into: [String: String]()) {
      $0[$1.name] = String(decoding: $1.bytes, as: UTF8.self)
    }
    for (document, roots) in [
      ("console.html", ["app.js", "page-overview.js"]), ("setup.html", ["setup.js"]),
    ] {
      var (imported, rest) = (Set<String>(), roots)
      while let name = rest.popLast() {
        guard imported.insert(name).inserted else { continue }
        rest += try XCTUnwrap(texts[name], name).matches(of: /from '\.\/([a-z-]+\.js)'/).map {
          String($0.output.1)
        }
      }
      let named = try XCTUnwrap(texts[document]).matches(of: /modulepreload" href="EDITION\/([a-z-]+\.js)"/)
      XCTAssertEqual(named.map { String($0.output.1) }, imported.subtracting([roots[0]]).sorted(), document)
    }
  }

  func testEveryFileIsEmbedded() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources/CAssets/Console")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    XCTAssertEqual(ConsoleAsset.embedded.map(\.name).sorted(), files)
    for asset in ConsoleAsset.embedded {
      XCTAssertEqual(
        asset.bytes, Array(try Data(contentsOf: folder.appendingPathComponent(asset.name))), asset.name)
    }
  }
}
