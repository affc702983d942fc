import Foundation
import JSON
import XCTest

@testable import scimd

/// Drafts of more than 1,999 grants from the command line, and on a server that is killed.
final class LargeDraftCommandTests: XCTestCase {
  /// 300 users, and roles enough that each user can have eight.
  private func filled(_ fixture: CommandFixture) throws -> String {
    try fixture.makeFolder()
    let users = (0..<300).map { "u\($0)" }
    let file = try fixture.file("users.csv", (["userName"] + users).joined(separator: "\n"))
    XCTAssertEqual(fixture.run("import", file, "--data", fixture.data).code, .success)
    for number in 0..<8 {
      _ = fixture.run("role", "create", "r\(number)", "--data", fixture.data)
    }
    let grants = users.flatMap { user in (0..<8).map { "{\"user\":\"\(user)\",\"role\":\"r\($0)\"}" } }
    return try fixture.file("rights.json", "{\"grants\":[\(grants.joined(separator: ","))]}")
  }

  /// The id of a draft, as the answer shows it.
  private func id(_ outcome: CommandFixture.Outcome) throws -> String {
    let line = try XCTUnwrap(
      outcome.output.split(separator: "\n").first { $0.hasPrefix("Review it: ") }, outcome.error)
    return String(try XCTUnwrap(line.split(separator: " ").last))
  }

  /// How many grants each role has, as `role 300`; waits for a server that is starting.
  private func grants(_ fixture: CommandFixture) throws -> [String] {
    var outcome = fixture.run("role", "list", "--json", "--data", fixture.data)
    while outcome.code != .success {
      usleep(10_000)
      outcome = fixture.run("role", "list", "--json", "--data", fixture.data)
    }
    let json = try JSONParser.parse(Array(outcome.output.utf8))
    return (json["items"]?.arrayValue ?? []).map {
      "\($0["value"]?.stringValue ?? "") \($0["grants"]?.integerValue ?? -1)"
    }.sorted()
  }

  private static let all = (0..<8).map { "r\($0) 300" }

  func testAFileOfManyGrantsIsDraftedAppliedByAJobAndRolledBack() throws {
    let fixture = try CommandFixture(self)
    let file = try filled(fixture)
    let before = try grants(fixture)
    let served = try ServedFolder(self, fixture: fixture)
    let refused = served.run("role", "apply", "--file", file)
    XCTAssertTrue(refused.error.contains("2000"), refused.error)
    let drafted = served.run("access", "draft", "--file", file)
    XCTAssertTrue(drafted.output.hasPrefix("Drafted 2400 changes."), drafted.output + drafted.error)
    let draft = try id(drafted)
    XCTAssertTrue(served.run("access", "review", draft).output.contains("300 gain it"))
    let begun = served.run("access", "apply", draft, "--no-wait")
    XCTAssertTrue(begun.output.hasPrefix("Applying 2400 changes"), begun.output + begun.error)
    let job = try XCTUnwrap(begun.output.components(separatedBy: "job show ").last?.prefix(36))
    let cancelled = served.run("job", "cancel", String(job))
    XCTAssertTrue(cancelled.output.contains("cancelled"), cancelled.output + cancelled.error)
    while served.run("job", "show", String(job)).output.contains("running") { usleep(20_000) }
    XCTAssertEqual(try grants(fixture), before)
    let applied = served.run("access", "apply", draft)
    XCTAssertTrue(
      applied.output.hasPrefix("Applied 2400 changes as revision 1."), applied.output + applied.error)
    XCTAssertEqual(try grants(fixture), Self.all)
    XCTAssertTrue(served.run("access", "drafts").output.contains("2400"))
    let undo = try id(served.run("access", "rollback", "1"))
    XCTAssertEqual(served.run("access", "apply", undo).code, .failure, "it needs --force")
    XCTAssertEqual(served.run("access", "apply", undo, "--force").code, .success)
    XCTAssertEqual(try grants(fixture), before)
  }

  func testWithoutAServerTheCommandAppliesItItself() throws {
    let fixture = try CommandFixture(self)
    let file = try filled(fixture)
    let draft = try id(fixture.run("access", "draft", "--file", file, "--data", fixture.data))
    let applied = fixture.run("access", "apply", draft, "--data", fixture.data)
    XCTAssertTrue(applied.output.hasPrefix("Applied 2400"), applied.output + applied.error)
    XCTAssertEqual(try grants(fixture), Self.all)
  }

  func testAServerThatIsKilledAtAnyMomentAppliesItWhole() throws {
    let fixture = try CommandFixture(self)
    let file = try filled(fixture)
    let draft = try id(fixture.run("access", "draft", "--file", file, "--data", fixture.data))
    let before = try grants(fixture)
    let binary = Bundle.main.bundleURL.appendingPathComponent("scimd").path
    func server() throws -> Process {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: binary)
      process.arguments = ["serve", "--data", fixture.data, "--listen", "127.0.0.1:0"]
      process.environment = [:]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      let socket = try ControlSocket.path(in: fixture.data)
      while !FileManager.default.fileExists(atPath: socket) { usleep(2000) }
      return process
    }
    func kill(_ process: Process) {
      Foundation.kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      if let socket = try? ControlSocket.path(in: fixture.data) {
        try? FileManager.default.removeItem(atPath: socket)
      }
    }
    var process = try server()
    var applied = fixture.run("access", "apply", draft, "--no-wait", "--data", fixture.data)
    while applied.code != .success {
      usleep(10_000)
      applied = fixture.run("access", "apply", draft, "--no-wait", "--data", fixture.data)
    }
    for _ in 0..<4 {
      usleep(.random(in: 0..<300_000))
      kill(process)
      process = try server()
      // Either nothing of it holds, or all of it does.
      let now = try grants(fixture)
      XCTAssertTrue(now == before || now == Self.all, "\(now)")
    }
    while !fixture.run("job", "list", "--data", fixture.data).output.contains("applyDraft  finished") {
      usleep(20_000)
    }
    XCTAssertEqual(try grants(fixture), Self.all)
    let list = fixture.run("grant", "list", "--limit", "500", "--json", "--data", fixture.data)
    XCTAssertFalse(list.output.contains("pending"))
    process.terminate()
    process.waitUntilExit()
  }
}
