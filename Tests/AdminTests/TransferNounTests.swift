import Admin
import Foundation
import JSON
import Storage
import XCTest

/// Imports, exports and what concerns the whole folder, through the admin API.
final class TransferNounTests: XCTestCase {
  private let root = AdminFixture.root

  func testWhatIsExportedIsImportedAgainUnchanged() throws {
    let fixture = try AdminFixture(self)
    for number in 0..<250 { _ = try fixture.user("user\(number)", ["title": "t"]) }
    _ = try fixture.group("Staff")
    _ = try fixture.ask("PATCH", root + "/groups/Staff/members", ["add": ["user7"]])
    for (format, target) in [("ndjson", "format=ndjson"), ("csv", "format=csv&type=User")] {
      let file = try fixture.ask("GET", "\(root)/export?\(target)").bytes
      let report = try fixture.ask("POST", "\(root)/import?\(target)", bytes: file)
      XCTAssertEqual(report.json["unchanged"]?.integerValue, format == "csv" ? 250 : 251, "\(report.json)")
      XCTAssertEqual(report.json["invalid"], 0)
    }
  }

  func testAnExportIsInPiecesThatAreTogetherEveryResourceOnceInOrder() throws {
    let fixture = try AdminFixture(self)
    let made = try (0..<350).map {
      try fixture.user("user\($0)", ["title": .string(String(repeating: "t", count: 400))])
    }
    let lines = try fixture.ask("GET", root + "/export?format=ndjson&type=User").bytes.split(separator: 0x0A)
    XCTAssertEqual(try lines.map { try JSONParser.parse($0)["id"]?.stringValue }, made)
  }

  func testADryRunOfAnImportChangesNothing() throws {
    let fixture = try AdminFixture(self)
    let report = try fixture.ask(
      "POST", root + "/import?format=csv&dryRun=true", bytes: Array("userName\nada\n".utf8))
    XCTAssertEqual([report.json["created"], report.json["applied"]], [1, false])
    XCTAssertEqual(try fixture.ask("GET", root + "/users").items, [])
  }

  func testAnImportIntoADirectoryThatDoesNotExistMakesItOnlyIfTold() throws {
    let fixture = try AdminFixture(self)
    let target = "/admin/v1/directories/new/import?format=csv"
    let file = Array("userName\nada\n".utf8)
    XCTAssertEqual(try fixture.ask("POST", target, bytes: file).code, "unknownDirectory")
    XCTAssertEqual(
      try fixture.ask("POST", target + "&newDirectory=true&dryRun=true", bytes: file).json["created"], 1)
    XCTAssertEqual(
      try fixture.ask("POST", target + "&newDirectory=true", bytes: Array("title\na\n".utf8)).json["invalid"],
      1)
    XCTAssertEqual(
      try fixture.ask("POST", target + "&newDirectory=true&type=Nothing", bytes: file).code, "unknownType")
    XCTAssertNil(fixture.world.store.existingDirectory(named: "new"))
    XCTAssertEqual(try fixture.ask("POST", target + "&newDirectory=true", bytes: file).json["created"], 1)
  }

  func testTheFormatIsRequiredAndATypeMustExist() throws {
    let fixture = try AdminFixture(self)
    XCTAssertEqual(try fixture.ask("GET", root + "/export").code, "invalidParameter")
    XCTAssertEqual(try fixture.ask("GET", root + "/export?format=xml").code, "invalidParameter")
    XCTAssertEqual(try fixture.ask("GET", root + "/export?format=csv&type=Nothing").code, "unknownType")
  }

  func testTheStoreIsCountedAndBackedUp() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    _ = try fixture.ask("DELETE", root + "/users/ada")
    _ = try fixture.group("Staff")
    let info = try fixture.ask("GET", "/admin/v1/store")
    XCTAssertEqual(
      info.json["directories"]?.arrayValue?.first?["types"],
      [
        ["type": "User", "count": 0, "deleted": 1], ["type": "Group", "count": 1, "deleted": 0],
      ])
    let backup = try fixture.ask("GET", "/admin/v1/store/backup").bytes
    XCTAssertTrue(String(decoding: backup, as: UTF8.self).contains("\"Staff\""))
    XCTAssertEqual(try fixture.ask("GET", "/admin/v1/settings").items.first?["source"], "option")
    XCTAssertEqual(try fixture.ask("GET", "/livez").json, ["status": "live"])
  }
}
