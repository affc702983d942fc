import Foundation
import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// The format of a change record: what was written once is read for ever, and written the same way.
final class ChangeRecordTests: DirectoryTestCase {
  private static func url(_ name: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures/record/\(name)")
  }

  /// The lines of a fixture. Run with RECORD_RECORDS=1 to write it again.
  private static func fixture(_ name: String, recording lines: [String]? = nil) throws -> [String] {
    let url = url(name)
    if let lines, ProcessInfo.processInfo.environment["RECORD_RECORDS"] != nil {
      try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: url)
    }
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  /// Every kind of change, in the order of the fixture's lines.
  private func changeEverything(_ tenant: Tenant) throws {
    let ada = try tenant.create(
      tenant.user,
      [
        "userName": "ada@example.com", "displayName": "Ada \"\u{e5}\" Lovelace", "active": true,
        "name": ["familyName": "Lovelace", "givenName": "Ada"],
        "emails": [["value": "ada@example.com", "type": "work", "primary": true]],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": [
          "employeeNumber": "1815", "department": "Engines",
        ],
      ])
    clock.advance(by: 1)
    let bob = try tenant.createUser("bob")
    clock.advance(by: 999)
    let staff = try tenant.createGroup("Staff", [ada, bob])
    let all = try tenant.createGroup("All", [staff])
    clock.advance(by: 60_000)
    try tenant.patch(
      ada,
      [
        ["op": "replace", "path": "active", "value": false],
        ["op": "add", "path": "title", "value": "Countess"],
        ["op": "remove", "path": "displayName"],
        ["op": "replace", "path": .string("\(SchemaURN.enterpriseUser):department"), "value": "Poetry"],
      ])
    clock.advance(by: -5000)
    try tenant.patch(
      staff,
      [
        ["op": "replace", "path": "displayName", "value": "Crew"],
        ["op": "remove", "path": .string("members[value eq \"\(ada.id.text)\"]")],
        ["op": "add", "path": "members", "value": Tenant.references([all])],
      ])
    try tenant.understood(bob)
    try tenant.delete(bob)
    try tenant.delete(all)
  }

  func testEveryChangeIsWrittenAsItAlwaysWas() throws {
    let store = try openStore()
    try changeEverything(try store.tenant())
    var records: [String] = []
    var log = try LogHistory(folder: "\(folder)/directories/default", directory: "default")
    while let entry = try log.next() { records.append(String(decoding: entry.bytes, as: UTF8.self)) }
    XCTAssertEqual(records, try Self.fixture("records-2.jsonl", recording: records))
    let dump = try store.tenant().dump()
    XCTAssertEqual(dump, try Self.fixture("state-2.jsonl", recording: dump))
    store.close()
  }

  func testWhatWasAlwaysWrittenIsRedone() throws {
    for format in 1...2 {
      let state = DirectoryState(catalog: try Catalog.standard(), options: StoreOptions())
      let records = try Self.fixture("records-\(format).jsonl")
      for (index, line) in records.enumerated() {
        let record = LogEntry.flattened(try JSONParser.parse(Array(line.utf8)))
        if let name = record["incarnation"]?.stringValue {
          state.incarnations.begin(try XCTUnwrap(Incarnation(name)), at: 1)
        }
        try state.replay(record, seq: UInt64(index + 1))
      }
      let query = ResourceQuery(
        parts: try state.catalog.types.map { try Tenant.part($0) }, startIndex: 1, count: .max, base: "",
        showsMembers: true)
      XCTAssertEqual(try XCTUnwrap(state.answer(query).page).texts, try Self.fixture("state-\(format).jsonl"))
      XCTAssertEqual(state.last, UInt64(records.count))
    }
  }

  func testARestoreIsWrittenAsItAlwaysWas() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let ada = try tenant.create(tenant.user, ["userName": "ada", "externalId": "E-1", "title": "Countess"])
    let staff = try tenant.createGroup("Staff", [ada])
    let crew = try tenant.createGroup("Crew", [ada])
    try tenant.delete(ada)
    try tenant.delete(crew)
    clock.advance(by: 60_000)
    _ = try tenant.restore(ada)
    try tenant.delete(ada)
    try tenant.create(tenant.user, ["userName": "Ada", "externalId": "E-1"])
    try tenant.delete(staff)
    var records: [String] = []
    let log = "\(folder)/directories/default"
    var history = try LogHistory(folder: log, directory: "default")
    while let entry = try history.next() { records.append(String(decoding: entry.bytes, as: UTF8.self)) }
    store.close()
    let snapshot = try FileSystem.list(log).first { $0.hasPrefix("snapshot-") }
    let lines = String(decoding: try FileSystem.readFile("\(log)/\(try XCTUnwrap(snapshot))"), as: UTF8.self)
      .split(separator: "\n").dropFirst().dropLast().map(String.init)
    let fixture = try Self.fixture("restore-2.jsonl", recording: records + lines)
    XCTAssertEqual(records + lines, fixture)
    let state = DirectoryState(catalog: store.catalog, options: StoreOptions())
    for (index, line) in fixture.prefix(records.count).enumerated() {
      try state.replay(LogEntry.flattened(try JSONParser.parse(Array(line.utf8))), seq: UInt64(index + 1))
    }
    var replayed = SnapshotLines(state.capture(), store.catalog)
    for line in lines { XCTAssertEqual(replayed.next().map { String(decoding: $0, as: UTF8.self) }, line) }
    XCTAssertNil(replayed.next())
  }

  /// As older versions wrote it.
  func testARestoreOfFormat1IsRedone() throws {
    let lines = try Self.fixture("restore-1.jsonl")
    let records = lines.filter { $0.contains("\"changes\":") }
    let state = DirectoryState(catalog: try Catalog.standard(), options: StoreOptions())
    for (index, line) in records.enumerated() {
      try state.replay(try JSONParser.parse(Array(line.utf8)), seq: UInt64(index + 1))
    }
    let snapshot = DirectoryState(catalog: state.catalog, options: StoreOptions())
    for line in lines.dropFirst(records.count) {
      try Array(line.utf8).withUnsafeBytes { try snapshot.restore(line: $0) }
    }
    XCTAssertGreaterThan(records.count, 0)
    XCTAssertGreaterThan(snapshot.entries.end, 0)
    var (redone, frozen) = (
      SnapshotLines(state.capture(), state.catalog), SnapshotLines(snapshot.capture(), state.catalog)
    )
    while let line = redone.next() {
      let text = String(decoding: line, as: UTF8.self)
      let other = try XCTUnwrap(frozen.next())
      XCTAssertEqual(
        text.replacingOccurrences(of: "\"managedBy\":\"key:key_test\",", with: ""),
        String(decoding: other, as: UTF8.self))
    }
    XCTAssertNil(frozen.next())
  }

  func testARecordThatCannotBeUnderstoodIsAnError() throws {
    let known = try Self.fixture("records-1.jsonl")[0]
    let id = "01234567-89ab-4def-8123-456789abcdef"
    for line in [
      "{}", "{\"time\":\"2026-11-21T03:36:03Z\"}", "{\"changes\":[]}",
      "{\"time\":\"yesterday\",\"changes\":[]}",
      "{\"time\":\"2026-11-21T03:36:03Z\",\"changes\":[{}]}",
      "{\"time\":\"2026-11-21T03:36:03Z\",\"changes\":[{\"create\":\"Device\",\"id\":\"\(id)\"}]}",
      "{\"time\":\"2026-11-21T03:36:03Z\",\"changes\":[{\"create\":\"User\",\"id\":\"7\"}]}",
      "{\"time\":\"2026-11-21T03:36:03Z\",\"changes\":[{\"update\":\"User\",\"id\":\"\(id)\",\"after\":{}}]}",
      "{\"time\":\"2026-11-21T03:36:03Z\",\"changes\":[{\"members\":\"\(id)\",\"added\":[7]}]}",
    ] {
      let state = DirectoryState(catalog: try Catalog.standard(), options: StoreOptions())
      try state.replay(try JSONParser.parse(Array(known.utf8)), seq: 1)
      XCTAssertThrowsError(try state.replay(try JSONParser.parse(Array(line.utf8)), seq: 2), line)
    }
  }

  func testADifferenceRedoesAndUndoes() throws {
    let catalog = try Catalog.standard()
    var client = RandomClient(seed: 3)
    for _ in 0..<500 {
      let before = try Tenant.decode(catalog.types[0], client.userBody()).document.ordered(
        for: catalog.types[0])
      let after = try Tenant.decode(catalog.types[0], client.userBody()).document.ordered(
        for: catalog.types[0])
      let (old, new) = Change.difference(before, after)
      XCTAssertEqual(Change.applying(new, to: before).ordered(for: catalog.types[0]), after)
      XCTAssertEqual(Change.applying(old, to: after).ordered(for: catalog.types[0]), before)
      XCTAssertEqual(old.members.map(\.name), new.members.map(\.name))
      XCTAssertEqual(Change.difference(after, after).new, JSONObject())
    }
  }
}

extension Tenant {
  /// A change of which the record says how it was read.
  fileprivate func understood(_ old: Resource) throws {
    let type = old.type
    let written = try core.write(Tenant.context) { tx throws(SCIMError) in
      let existing = try tx.resource(type, old.id.text)
      var document = existing.document
      document.attributes["title"] = "Builder"
      tx.understanding.rules = ["operationCase"]
      tx.understanding.ignored = ["nickname2"]
      tx.understanding.skipped = ["nobody"]
      try tx.update(existing, document.ordered(for: type), [], skipsUnknown: false)
      return existing.id
    }
    _ = try written.wait().get()
  }
}
