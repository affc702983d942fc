import Foundation
import JSON
import Exchange
import Simulator
import XCTest

final class SimulatorScriptTests: XCTestCase {
  func testEveryEmbeddedScriptFollowsTheFormat() throws {
    let scripts = try SimulatorScripts.load()
    XCTAssertGreaterThan(scripts.count, 10)
    for script in scripts {
      XCTAssertFalse(script.steps.isEmpty, script.name)
      XCTAssertEqual(
        Set(script.steps.map(\.name)).count, script.steps.count, "\(script.name): step names differ")
    }
  }

  func testEveryFileOfTheFolderIsEmbedded() throws {
    let folder = URL(fileURLWithPath: "\(#filePath)").deletingLastPathComponent()
      .appendingPathComponent("../../Sources/CAssets/Simulator").standardized
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
    XCTAssertEqual(try SimulatorScripts.load().map(\.name), files.sorted())
  }

  func testEveryScriptEndsWithCleanUpOfWhatItMade() throws {
    for script in try SimulatorScripts.load() {
      let cleanups = script.steps.drop { !$0.isCleanup }
      XCTAssertFalse(cleanups.isEmpty, script.name)
      XCTAssertTrue(cleanups.allSatisfy(\.isCleanup), "\(script.name): nothing follows the clean-up")
      let cleaned = Set(cleanups.map(\.request.path))
      for step in script.steps where step.request.method == "POST" {
        guard let id = step.capture.first(where: { $0.pointer.description == "/id" }) else { continue }
        if step.request.key.map({ _ in true }) ?? false {
          XCTAssertTrue(
            cleaned.contains { $0.contains("/${\(id.variable)}") }, "\(script.name): \(step.name)")
          continue
        }
        let endpoint = step.request.path.contains("Groups") ? "Groups" : "Users"
        XCTAssertTrue(cleaned.contains("/\(endpoint)/${\(id.variable)}"), "\(script.name): \(step.name)")
      }
    }
  }

  func testEveryWritingStepIsReadBack() throws {
    for script in try SimulatorScripts.load() {
      let steps = script.steps.filter { !$0.isCleanup }
      for (step, next) in zip(steps, steps.dropFirst()) where step.request.method != "GET" {
        XCTAssertEqual(next.request.method, "GET", "\(script.name): \(step.name)")
        XCTAssertFalse(next.expect.body.isEmpty, "\(script.name): \(next.name)")
      }
      XCTAssertEqual(steps.last?.request.method, "GET", script.name)
    }
  }

  func testAMisspeltExpectationIsRefused() {
    XCTAssertThrowsError(
      try ExchangeScript([
        "name": "x", "idp": "x", "profile": "generic", "description": "", "source": "",
        "steps": [
          [
            "name": "s", "request": ["method": "GET", "path": "/Users"],
            "expect": ["status": [200], "bodies": []],
          ]
        ],
      ])
    ) { XCTAssertEqual("\($0)", "x, step \"s\": unknown member \"bodies\"") }
  }
}
