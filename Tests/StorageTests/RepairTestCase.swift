import Foundation
import Platform
import SCIM
import XCTest

@testable import Storage

/// Logs that are damaged and repaired.
class RepairTestCase: DirectoryTestCase {
  var log: String { "\(folder)/directories/default" }

  func bytes(_ name: String) throws -> [UInt8] { try FileSystem.readFile("\(log)/\(name)") }

  func put(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(log)/\(name)"))
  }

  func names(_ prefix: String) throws -> [String] {
    try FileSystem.list(log).filter { $0.hasPrefix(prefix) && $0.hasSuffix(".jsonl") }
  }

  func repair() throws -> RepairPlan {
    let survey = try LogSurvey(
      folder: log, directory: "default", catalog: try Catalog.standard(), options: StoreOptions())
    return RepairPlan(survey, environment: clock.environment)
  }

  /// Repairs, and gives the state that a server starts with.
  func repaired(
    _ repair: RepairPlan, file: StaticString = #filePath, line: UInt = #line
  ) throws -> [String] {
    _ = try repair.carryOut()
    let report = try LogReport(folder: log, directory: "default")
    XCTAssertEqual(report.problems, [], file: file, line: line)
    XCTAssertTrue(try self.repair().report.isSound, file: file, line: line)
    let store = try openStore()
    defer { store.close() }
    let dump = try store.tenant().dump()
    let next = try store.tenant().createUser("next")
    XCTAssertTrue(
      next.version.hasSuffix(".\(report.last + 1)\""), next.version, file: file, line: line)
    try store.tenant().delete(next)
    return dump
  }

  /// Puts the folder into the state of a power cut at this moment: the journal, and no snapshot of it.
  func cutOff(_ store: Store) throws {
    let copy = try copyOfFolder()
    store.close()
    try FileManager.default.removeItem(atPath: folder)
    try FileManager.default.copyItem(atPath: copy, toPath: folder)
  }

  /// Damages those of these records that the first segment has. Returns its bytes then.
  @discardableResult
  func damage(_ records: [Int]) throws -> [UInt8] {
    let name = LogName.segment(first: 1)
    var lines = try bytes(name).split(separator: 0x0A).map(Array.init)
    for number in records where number < lines.count { lines[number][40] ^= 1 }
    let damaged = Array(lines.joined(separator: [0x0A])) + [0x0A]
    try put(name, damaged)
    return damaged
  }
}
