import XCTest

@testable import scimd

/// `scimd conformance` before it asks a server.
final class ConformanceCommandTests: XCTestCase {
  func testCasesAreListedWithoutAServer() throws {
    let fixture = try CommandFixture(self)
    let all = fixture.run("conformance", "--list")
    XCTAssertEqual(all.code, .success)
    XCTAssertTrue(all.output.contains("7644-3.6-02"), all.output)
    let one = fixture.run("conformance", "--list", "--only", "12, 7644-3.3-04")
    XCTAssertTrue(one.output.contains("7644-3.3-04"), one.output)
    XCTAssertFalse(one.output.contains("7644-3.3-05"), one.output)
  }

  func testWhatIsWrongWithTheCommandLineIsTold() throws {
    let fixture = try CommandFixture(self)
    try assert(fixture.run("conformance"), .usage, "URL is missing")
    try assert(fixture.run("conformance", "ftp://x"), .usage, "expected http://host:port/prefix or https://")
    try assert(fixture.run("conformance", "--list", "--only", "nope"), .usage, "no such case \"nope\"")
    let missing = fixture.run("conformance", "http://x", "--key-file", fixture.folder + "/none")
    try assert(missing, .inputOutput, "--key-file")
  }

  func testCasesOfOnesOwnReplaceTheEmbeddedOnes() throws {
    let fixture = try CommandFixture(self)
    let path = try fixture.file(
      "90-mine.json",
      #"{"group":90,"title":"t","cases":[{"id":"M-1","level":"MUST","title":"mine","given":["user"],"steps":[{"wait":1}]}]}"#
    )
    let mine = fixture.run("conformance", "--list", "--cases", fixture.folder)
    XCTAssertTrue(mine.output.contains("M-1") && !mine.output.contains("7644"), mine.output)
    _ = try fixture.file("91-bad.json", #"{"group":91,"title":"t","case":[]}"#)
    try assert(
      fixture.run("conformance", "--list", "--cases", fixture.folder), .usage,
      "91-bad: unknown member \"case\"")
    try assert(fixture.run("conformance", "--list", "--cases", path), .usage, "--cases")
  }

  private func assert(
    _ outcome: CommandFixture.Outcome, _ code: ExitCode, _ text: String, file: StaticString = #filePath,
    line: UInt = #line
  ) throws {
    XCTAssertEqual(outcome.code, code, file: file, line: line)
    XCTAssertTrue(outcome.error.contains(text), outcome.error, file: file, line: line)
  }
}
