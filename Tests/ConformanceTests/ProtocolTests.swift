import Foundation
import JSON
import Exchange
import XCTest

/// The protocol itself: one script a topic, whose steps name the requirements they prove.
final class ProtocolTests: ConformanceTestCase {
  func testAuthentication() throws { try play("authentication") }
  func testBulk() throws { try play("bulk") }
  func testCRUD() throws { try play("crud") }
  func testDiscovery() throws { try play("discovery") }
  func testEnterprise() throws { try play("enterprise") }
  func testEntityTags() throws { try play("entity-tags") }
  func testErrors() throws { try play("errors") }
  func testFilters() throws { try play("filters") }
  func testGroups() throws { try play("groups") }
  func testManager() throws { try play("manager") }
  func testMediaTypes() throws { try play("media-types") }
  func testMethods() throws { try play("methods") }
  func testCursor() throws { try play("cursor") }
  func testPaging() throws { try play("paging") }
  func testPATCH() throws { try play("patch") }
  func testProfileAuthentik() throws { try play("profile-authentik") }
  func testProfileEntra() throws { try play("profile-entra") }
  func testProfileGeneric() throws { try play("profile-generic") }
  func testProfileOkta() throws { try play("profile-okta") }
  func testProjection() throws { try play("projection") }
  func testPUT() throws { try play("put") }
  func testRealClients() throws { try play("real-clients") }
  func testTies() throws { try play("ties") }
  func testUniqueness() throws { try play("uniqueness") }
  func testVersions() throws { try play("versions") }

  func testBasePaths() throws {
    try play(try script("base-paths"), base: try server().root())
  }

  func testEveryScriptIsPlayed() throws {
    let text = try String(contentsOfFile: "\(#filePath)", encoding: .utf8)
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasSuffix(".json")
    {
      let name = file.dropLast(".json".count)
      XCTAssertTrue(text.contains("(\"\(name)\")"), "no test plays \(name)")
    }
  }

  private var folder: URL {
    URL(fileURLWithPath: "\(#filePath)").deletingLastPathComponent().appendingPathComponent("Fixtures")
  }

  private func play(_ name: String, file: StaticString = #filePath, line: UInt = #line) throws {
    try play(try script(name), file: file, line: line)
  }

  private func script(_ name: String) throws -> ExchangeScript {
    let file = folder.appendingPathComponent(name + ".json")
    let script = try ExchangeScript(try JSONParser.parse(Array(try Data(contentsOf: file))))
    XCTAssertEqual(script.name, name)
    return script
  }
}
