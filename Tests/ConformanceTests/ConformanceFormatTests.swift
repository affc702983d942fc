import Conformance
import Exchange
import Foundation
import JSON
import XCTest

/// The format of case files: closed, so that a misspelt word cannot make a case pass.
final class ConformanceFormatTests: XCTestCase {
  func testEveryEmbeddedFileFollowsTheFormat() throws {
    let suite = try ConformanceSuite.embedded()
    XCTAssertEqual(suite.groups.map(\.number), Array(1...22) + [24, 25, 26])
    for group in suite.groups {
      for testCase in group.cases { XCTAssertFalse(testCase.title.isEmpty, testCase.id) }
    }
  }

  func testEveryFileOfTheFolderIsEmbedded() throws {
    let folder = URL(fileURLWithPath: "\(#filePath)").deletingLastPathComponent()
      .appendingPathComponent("../../Sources/CAssets/Conformance").standardized
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
    XCTAssertEqual(try ConformanceSuite.embeddedFiles().map(\.name).sorted(), files.sorted())
  }

  func testAnUnknownWordIsRefusedWithItsPlace() throws {
    let steps: [JSONValue] = [["send": "GET /Users", "expect": 200]]
    XCTAssertNil(error(in: ["id": "x", "level": "MUST", "title": "t", "steps": .array(steps)]))
    try assertRefused(["levels": "MUST"], "unknown member \"levels\"")
    try assertRefused(["level": "must"], "no level \"must\"")
    try assertRefused(["needs": ["patching"]], "no feature \"patching\"")
    try assertRefused(["needs": ["Usr.title"]], "no feature \"Usr.title\"")
    try assertRefused(["given": ["usr"]], "the template \"usr\" does not exist")
    try assertRefused(["steps": []], "no steps")
    try assertRefused(["steps": [["send": "GET /Users", "expects": 200]]], "unknown member \"expects\"")
    try assertRefused(["steps": [["send": "GET"]]], "\"GET\" is not a method and a path")
    try assertRefused(["steps": [["send": "GET /", "key": "mine"]]], "no key \"mine\"")
    try assertRefused(["steps": [["send": "GET /", "keep": 5]]], "no string \"keep\"")
    try assertRefused(["steps": [["send": "GET /", "expect": ["empty": 1]]]], "\"empty\" is true or false")
    try assertRefused(["steps": [["wait": 60000]]], "a step has send")
    try assertRefused(["steps": [["check": [["value": "x"]]]]], "a rule has a test")
    try assertRefused(["steps": [["check": [["present": true]]]]], "a rule has a path or a value")
    try assertRefused(["steps": [["check": [["value": "x", "equal": 1]]]]], "no test \"equal\"")
    try assertRefused(["steps": [["check": [["value": "x", "form": "date"]]]]], "no form \"date\"")
  }

  func testCasesAreChosenByGroupIdAndBeginningOfIds() throws {
    let suite = try ConformanceSuite.embedded()
    XCTAssertEqual(suite.only(["4"]).map(\.number), [4])
    XCTAssertEqual(suite.only(["7644-3.6-02"]).flatMap(\.cases).map(\.id), ["7644-3.6-02"])
    XCTAssertGreaterThan(suite.only(["7644-3.6"]).flatMap(\.cases).count, 1)
    XCTAssertEqual(suite.only(["7644-3.6-0"]).count, 0)
  }

  private func assertRefused(
    _ members: JSONObject, _ message: String, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    var json: JSONObject = [
      "id": "x", "level": "MUST", "title": "t", "steps": [["send": "GET /Users", "expect": 200]],
    ]
    for member in members.members { json[member.name] = member.value }
    let error = try XCTUnwrap(error(in: .object(json)), file: file, line: line)
    XCTAssertTrue(error.contains(message), error, file: file, line: line)
  }

  private func error(in testCase: JSONValue) -> String? {
    do throws(ScriptError) {
      _ = try ConformanceSuite([
        ("01-x", ["group": 1, "title": "t", "cases": [testCase]]),
        ("templates", ["user": ["endpoint": "/Users", "body": [:]]]),
      ])
      return nil
    } catch {
      return error.description
    }
  }
}
