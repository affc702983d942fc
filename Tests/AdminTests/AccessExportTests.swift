import Admin
import Foundation
import JSON
import Platform
import SCIM
import Storage
import XCTest

/// Everything that users may do, as a file, now and as it was.
final class AccessExportTests: XCTestCase {
  private let root = AdminFixture.root

  private func export(_ fixture: AdminFixture, _ query: String = "") throws -> [UInt8] {
    let answer = try fixture.ask("GET", root + "/rights" + query)
    XCTAssertEqual(answer.status, 200, String(decoding: answer.bytes, as: UTF8.self))
    return answer.bytes
  }

  /// `ada reader Staff`, sorted as exported.
  private func rows(_ bytes: [UInt8]) throws -> [String] {
    try bytes.split(separator: UInt8(ascii: "\n")).map { line in
      let json = try JSONParser.parse(Array(line))
      let via = (json["via"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
      return ([json["user"]?.stringValue ?? "", json["role"]?.stringValue ?? ""] + via)
        .joined(separator: " ")
    }
  }

  /// A time after all that happened, in which nothing else will.
  private func moment() -> String {
    Thread.sleep(forTimeInterval: 0.005)
    let time = DateTime(milliseconds: Environment.system.now()).description
    Thread.sleep(forTimeInterval: 0.005)
    return time
  }

  private func filled() throws -> AdminFixture {
    let fixture = try AdminFixture(self)
    for name in ["zoe", "ada", "bob"] { _ = try fixture.user(name) }
    for name in ["Staff", "Inner"] { _ = try fixture.group(name) }
    _ = try fixture.ask("PATCH", root + "/groups/Staff/members", ["add": ["ada", "Inner"]])
    _ = try fixture.ask("PATCH", root + "/groups/Inner/members", ["add": ["bob"]])
    _ = try fixture.ask("POST", root + "/roles", ["value": "reader", "permissions": ["a:read"]])
    _ = try fixture.ask("POST", root + "/roles", ["value": "writer", "kind": "scoped"])
    _ = try fixture.ask("POST", root + "/targets", ["kind": "ns", "value": "one"])
    _ = try fixture.ask(
      "POST", root + "/grants", ["group": "Staff", "role": "reader", "reason": "=1+1, \"x\""])
    _ = try fixture.ask("POST", root + "/grants", ["user": "zoe", "role": "writer", "target": "ns:one"])
    return fixture
  }

  private static let first = ["ada reader Staff", "bob reader Inner Staff", "zoe writer"]

  func testAnExportHasEveryRoleOfEveryActiveUserByNameWithItsReason() throws {
    let fixture = try filled()
    XCTAssertEqual(try rows(try export(fixture)), Self.first)
    let table = String(decoding: try export(fixture, "?format=csv"), as: UTF8.self)
      .components(separatedBy: "\r\n")
    XCTAssertEqual(table.count, 5)
    XCTAssertEqual(
      table[0], "user,id,role,kind,target,via,grant,since,expires,origin,grantedBy,onBehalfOf,reason")
    XCTAssertTrue(table[1].hasSuffix("\"'=1+1, \"\"x\"\"\""), "no cell is a formula: \(table[1])")
    XCTAssertTrue(table[2].contains(",reader,account,,Inner > Staff,"), table[2])
    XCTAssertTrue(table[3].contains(",writer,scoped,ns:one,,"), table[3])
    _ = try fixture.ask("POST", root + "/users/zoe/deactivate")
    XCTAssertEqual(try rows(try export(fixture)), Array(Self.first.prefix(2)))
  }

  /// Changes everything that can change, and returns the export of the moment before.
  private func churn(_ fixture: AdminFixture) throws -> (time: String, bytes: [UInt8], table: [UInt8]) {
    let time = moment()
    let bytes = try export(fixture)
    let table = try export(fixture, "?format=csv")
    let acts: [(String, String, JSONValue?)] = [
      ("PATCH", "/users/ada", ["Operations": [["op": "replace", "path": "userName", "value": "anna"]]]),
      ("DELETE", "/users/bob", nil), ("POST", "/users/zoe/deactivate", nil),
      ("PATCH", "/groups/Staff/members", ["remove": ["anna"]]), ("DELETE", "/groups/Inner", nil),
      ("PATCH", "/groups/Staff", ["Operations": [["op": "replace", "path": "displayName", "value": "All"]]]),
      ("DELETE", "/roles/writer?force=true", nil), ("DELETE", "/targets/ns:one", nil),
      ("PATCH", "/roles/reader", ["value": "viewer"]), ("POST", "/users", ["userName": "ada"]),
      ("POST", "/grants", ["user": "ada", "role": "viewer"]),
      ("PATCH", "", ["policies": ["nestedGroups": false]]), ("POST", "/users/bob/restore", nil),
      ("DELETE", "/users/bob", nil),
    ]
    for (method, path, body) in acts {
      let answer = try fixture.ask(method, root + path, body)
      XCTAssertLessThan(answer.status, 300, "\(method) \(path) \(answer.json)")
    }
    return (time, bytes, table)
  }

  func testAPastMomentIsExportedAsItWasWhateverHappenedSince() throws {
    let fixture = try filled()
    let then = try churn(fixture)
    XCTAssertEqual(try rows(try export(fixture)), ["ada viewer"])
    XCTAssertEqual(try export(fixture, "?asOf=\(then.time)"), then.bytes)
    XCTAssertEqual(try export(fixture, "?format=csv&asOf=\(then.time)"), then.table)
    XCTAssertEqual(try rows(then.bytes), Self.first)
    XCTAssertEqual(try export(fixture, "?asOf=2020-01-01"), [], "nothing was there")
  }

  func testAGrantThatHasEndedSinceIsInTheExportOfItsTime() throws {
    let fixture = try filled()
    let end = DateTime(milliseconds: Environment.system.now() + 60).description
    _ = try fixture.ask(
      "POST", root + "/grants",
      ["user": "bob", "role": "writer", "target": "ns:one", "expires": .string(end)])
    let before = DateTime(milliseconds: Environment.system.now() + 5).description
    Thread.sleep(forTimeInterval: 0.1)
    XCTAssertEqual(try rows(try export(fixture)), Self.first)
    XCTAssertEqual(try rows(try export(fixture, "?asOf=\(end)")), Self.first, "it ends on the second")
    XCTAssertTrue(try rows(try export(fixture, "?asOf=\(before)")).contains("bob writer"))
  }

  func testAnErasedUserHasAnIdAndNoNameInThePast() throws {
    let fixture = try filled()
    let id = try XCTUnwrap(try fixture.ask("GET", root + "/users/ada").json["id"]?.stringValue)
    let time = moment()
    _ = try fixture.ask("POST", root + "/users/ada/erase")
    let found = String(decoding: try export(fixture, "?asOf=\(time)"), as: UTF8.self)
    XCTAssertFalse(found.contains("\"ada"), found)
    XCTAssertTrue(found.contains(id), found)
  }

  func testATimeThatIsNotInThePastOrNoTimeIsRefused() throws {
    let fixture = try filled()
    for time in ["2999-01-01T00:00:00Z", "yesterday", ""] {
      let answer = try fixture.ask("GET", root + "/rights?asOf=\(time)")
      XCTAssertEqual(answer.code, "invalidParameter", time)
      XCTAssertEqual(answer.json["pointer"], "?asOf")
    }
  }

  func testTheExportOfAMomentIsTheSameAfterARestartASnapshotAndARestoredBackup() throws {
    let folder = NSTemporaryDirectory() + "scimd-past-" + UUID().uuidString.prefix(8)
    addTeardownBlock {
      for name in [folder, folder + "-restored", folder + ".jsonl"] {
        try? FileManager.default.removeItem(atPath: name)
      }
    }
    var fixture = try AdminFixture(folder: folder)
    for name in ["zoe", "ada", "bob"] { _ = try fixture.user(name) }
    for name in ["Staff", "Inner"] { _ = try fixture.group(name) }
    _ = try fixture.ask("PATCH", root + "/groups/Staff/members", ["add": ["ada", "Inner"]])
    _ = try fixture.ask("PATCH", root + "/groups/Inner/members", ["add": ["bob"]])
    for role in ["reader", "writer"] {
      _ = try fixture.ask("POST", root + "/roles", ["value": .string(role)])
    }
    _ = try fixture.ask("POST", root + "/targets", ["kind": "ns", "value": "one"])
    _ = try fixture.ask("POST", root + "/grants", ["group": "Staff", "role": "reader"])
    _ = try fixture.ask("POST", root + "/grants", ["user": "zoe", "role": "writer"])
    let then = try churn(fixture)
    XCTAssertEqual(try rows(then.bytes), Self.first)
    func check(_ what: String) throws {
      XCTAssertEqual(try export(fixture, "?asOf=\(then.time)"), then.bytes, what)
      XCTAssertEqual(try export(fixture, "?format=csv&asOf=\(then.time)"), then.table, what)
    }
    try check("as it is")
    // Closing writes a snapshot.
    for restart in 1...2 {
      fixture.world.store.close()
      fixture = try AdminFixture(folder: folder)
      try check("after restart \(restart)")
      _ = try fixture.user("later\(restart)")
    }
    var bytes: [UInt8] = []
    let pieces = fixture.world.store.backup()
    while let piece = try pieces.next() { bytes += piece }
    try Data(bytes).write(to: URL(fileURLWithPath: folder + ".jsonl"))
    fixture.world.store.close()
    try BackupRestore.run(
      try BackupFile(folder + ".jsonl"), into: folder + "-restored", catalog: try Catalog.standard(),
      environment: .system)
    fixture = try AdminFixture(folder: folder + "-restored")
    try check("after a restored backup")
    fixture.world.store.close()
  }

  func testATimeBeforeTheOldestKeptRecordIsRefusedWithHowFarHistoryReaches() throws {
    let folder = NSTemporaryDirectory() + "scimd-past-" + UUID().uuidString.prefix(8)
    addTeardownBlock { try? FileManager.default.removeItem(atPath: folder) }
    var fixture = try AdminFixture(folder: folder)
    _ = try fixture.user("ada")
    let early = moment()
    var options = StoreOptions()
    options.historyRetention = LogRetention(days: 0, bytes: 0)
    for name in ["bob", "eve", "zoe"] {
      fixture.world.store.close()
      fixture = try AdminFixture(folder: folder, options)
      _ = try fixture.user(name)
    }
    let late = moment()
    let refused = try fixture.ask("GET", root + "/rights?asOf=\(early)")
    XCTAssertEqual(refused.code, "invalidParameter")
    XCTAssertTrue(refused.json["detail"]?.stringValue?.contains("begins at 20") == true, "\(refused.json)")
    XCTAssertEqual(try fixture.ask("GET", root + "/rights?asOf=\(late)").status, 200)
    fixture.world.store.close()
  }

  func testASnapshotHasAllPeopleAndGrantsAndTheRecordThatItIsOf() throws {
    let fixture = try filled()
    let application = AdminCaller(
      .key("key_app"), directory: "default", scopes: [.peopleRead, .accessRead])
    func lines() throws -> [JSONValue] {
      try fixture.ask("GET", "/api/v1/snapshot", by: application).bytes.split(separator: UInt8(ascii: "\n"))
        .map { try JSONParser.parse(Array($0)) }
    }
    let found = try lines()
    XCTAssertEqual(
      found.map { $0.objectValue?.members.first?.name ?? "" },
      ["user", "user", "user", "group", "group", "grant", "grant", "asOf"])
    XCTAssertEqual(found[0]["user"]?["userName"], "zoe")
    XCTAssertEqual(found[3]["group"]?["members"]?.arrayValue?.count, 2)
    XCTAssertEqual(found[6]["grant"]?["role"], "writer")
    XCTAssertEqual(found[6]["grant"]?["target"], "ns:one")
    let parts = (found[7]["asOf"]?.stringValue ?? "").split(separator: "_")
    XCTAssertEqual(parts.count, 4)
    XCTAssertEqual(parts[0], "evt")
    _ = try fixture.user("eve")
    let next = (try lines().last?["asOf"]?.stringValue ?? "").split(separator: "_")
    XCTAssertEqual(next[1], parts[1], "the life of the log")
    XCTAssertEqual(Int(next[2]), Int(parts[2]).map { $0 + 1 }, "the number of the last record")
    let half = AdminCaller(.key("key_app"), directory: "default", scopes: [.peopleRead])
    XCTAssertEqual(try fixture.ask("GET", "/api/v1/snapshot", by: half).code, "insufficientScope")
  }
}
