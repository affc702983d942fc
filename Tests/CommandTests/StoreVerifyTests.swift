import Foundation
import JSON
import Storage
import XCTest

@testable import scimd

final class StoreVerifyTests: XCTestCase {
  func testAFreshFolderIsSound() throws {
    let fixture = try CommandFixture(self)
    try DataFolder.open(fixture.data).close()
    let outcome = fixture.run("store", "verify", "--data", fixture.data)
    XCTAssertEqual(outcome.code, .success, outcome.error)
    XCTAssertTrue(outcome.output.contains("is sound"), outcome.output)
  }

  func testADamagedSnapshotIsExitCode65NamingFileAndOffset() throws {
    let fixture = try CommandFixture(self)
    let folder = try DataFolder.open(fixture.data)
    let log = try folder.directoryFolder("default")
    folder.close()
    let name = "snapshot-0000000000000001.jsonl"
    try Data("not a snapshot\nnor this\n".utf8).write(to: URL(fileURLWithPath: "\(log)/\(name)"))
    let outcome = fixture.run("store", "verify", "--data", fixture.data)
    XCTAssertEqual(outcome.code, .dataCorrupt)
    XCTAssertTrue(outcome.output.contains("\(name), offset "), outcome.output)
    let json = fixture.run("store", "verify", "--data", fixture.data, "--json")
    XCTAssertEqual(json.code, .dataCorrupt)
    XCTAssertEqual(try JSONParser.parse(Array(json.output.utf8))["sound"], false)
  }

  func testAFolderThatIsNoDataFolderIsAnError() throws {
    let fixture = try CommandFixture(self)
    XCTAssertEqual(fixture.run("store", "verify", "--data", fixture.data).code, .failure)
    XCTAssertNotEqual(fixture.run("store", "verify", "--data", fixture.folder).code, .success)
  }
}
