import JSON
import XCTest

@testable import scimd

/// The audit at the command line, and the hashes in the log.
final class AuditCommandTests: XCTestCase {
  private func heads(_ log: String) throws -> [JSONValue] {
    try log.split(separator: "\n").filter { $0.contains("\"audit\":\"head\"") }.map {
      try JSONParser.parse(Array($0.utf8))
    }
  }

  func testAudit_HashOfTheLog_IsWrittenAtTheStartAndAtTheEndAndProvesTheRecords() throws {
    let server = try ServedFolder(self)
    let fixture = server.fixture
    XCTAssertEqual(
      fixture.run(["user", "create", "--set", "userName=ada", "--data", fixture.data]).code, .success)
    server.stop()
    let ofDefault = try heads(server.log).filter { $0["directory"] == "default" }
    XCTAssertGreaterThanOrEqual(ofDefault.count, 2)
    let hash = try XCTUnwrap(ofDefault.last?["hash"]?.stringValue)
    let good = fixture.run(["audit", "verify", "--head", hash, "--data", fixture.data])
    XCTAssertEqual(good.code, .success, good.output + good.error)
    XCTAssertTrue(good.output.contains("default: intact"), good.output)
    let unknown = fixture.run(
      ["audit", "verify", "--head", String(repeating: "0", count: 64), "--data", fixture.data])
    XCTAssertEqual(unknown.code, .dataCorrupt)
    XCTAssertTrue(unknown.output.contains("No record has the hash given"), unknown.output)
    let list = fixture.run(["audit", "list", "--data", fixture.data])
    XCTAssertTrue(list.output.contains("CREATE /Users"), list.output)
  }
}
