import Foundation
import JSON
import Platform
import Storage
import XCTest

@testable import Feed

/// Records as the log has them, and the events that they are for ever.
final class RecordEventsTests: XCTestCase {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures/records")

  /// A fixture is a list of records, and next to it the lines of their events.
  func testEveryFrozenRecordGivesTheSameBytesAsWhenItWasFrozen() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
      .filter { $0.hasSuffix(".record.json") }.sorted()
    XCTAssertGreaterThanOrEqual(names.count, 6)
    for name in names {
      let file = Self.folder.appendingPathComponent(name)
      let record = try JSONParser.parse([UInt8](try Data(contentsOf: file)))
      let logged = LoggedRecord(seq: 7, hash: Digest256.of(Array("hash".utf8)), record: record)
      let events = RecordEvents(logged, incarnation: "4gT0aZk9", directory: "default").events
      let lines = events.flatMap { $0.json().serialized() + [UInt8(ascii: "\n")] }
      let frozen = Self.folder.appendingPathComponent(
        name.replacingOccurrences(of: ".record.json", with: ".events.jsonl"))
      if ProcessInfo.processInfo.environment["RECORD_EVENTS"] != nil { try Data(lines).write(to: frozen) }
      XCTAssertEqual(
        String(decoding: lines, as: UTF8.self), try String(contentsOf: frozen, encoding: .utf8), name)
    }
  }

  func testEveryTypeHasAnExampleThatIsOfTheTypeAndFitsItsSchema() throws {
    for type in EventType.allCases {
      let event = try XCTUnwrap(EventExample(type).event, type.rawValue)
      XCTAssertEqual(event.type, type)
      let (json, schema) = (event.json(), EventSchema(type).schema)
      let properties = try XCTUnwrap(schema["properties"])
      for member in json.objectValue?.members ?? [] {
        XCTAssertNotNil(properties[member.name], "\(type.rawValue): \(member.name)")
      }
      for name in schema["required"]?.arrayValue ?? [] {
        XCTAssertNotNil(json[name.stringValue ?? ""], "\(type.rawValue): \(name)")
      }
      for member in json["subject"]?.objectValue?.members ?? [] {
        XCTAssertNotNil(
          properties["subject"]?["properties"]?[member.name], "\(type.rawValue): \(member.name)")
      }
    }
  }

  func testAThinEventSaysOnlyWhatHappenedToWhom() throws {
    let event = try XCTUnwrap(EventExample(.userUpdated).event)
    let thin = event.json(isThin: true)
    XCTAssertNil(thin["changed"])
    XCTAssertNil(thin["previous"])
    XCTAssertEqual(thin["subject"]?.objectValue?.members.map(\.name), ["type", "id"])
  }

  func testNoEventShowsADigestOrTheStepsOfADraft() {
    for type in EventType.allCases {
      let text = String(decoding: EventExample(type).event?.json().serialized() ?? [], as: UTF8.self)
      XCTAssertFalse(text.contains("digest"), type.rawValue)
      XCTAssertFalse(text.contains("generations"), type.rawValue)
    }
  }

  func testResourcesThatAreHandedOverAreOneEventOfTheNewConnectionForAThousand() {
    let changes = (0..<1500).map { number -> JSONValue in
      ["manage": "User", "id": .string("u\(number)"), "from": "connection:a", "to": "connection:b"]
    }
    let more: [JSONValue] = [
      ["manage": "Group", "id": "g", "to": "connection:c"], ["manage": "User", "id": "x", "to": "key:k"],
    ]
    let record: JSONValue = ["time": "2026-12-01T09:30:00.000Z", "changes": .array(changes + more)]
    let events = RecordEvents(
      LoggedRecord(seq: 1, hash: .zero, record: record), incarnation: "4gT0aZk9", directory: "d"
    ).events
    XCTAssertEqual(events.map(\.type), [.connectionTakenOver, .connectionTakenOver, .connectionTakenOver])
    XCTAssertEqual(events.map(\.subject.id), ["b", "b", "c"])
    XCTAssertEqual(events.map { $0.changed?["resources"]?.arrayValue?.count }, [1000, 500, 1])
    XCTAssertEqual(events.map { $0.previous?["connection"]?.stringValue }, ["a", "a", nil])
  }

  func testManyMembersAreSeveralEventsOfAtMostAThousand() {
    let members = (0..<2500).map { JSONValue.string("m\($0)") }
    let record: JSONValue = [
      "time": "2026-12-01T09:30:00.000Z",
      "changes": [["members": "g", "added": .array(members), "removed": []]],
    ]
    let events = RecordEvents(
      LoggedRecord(seq: 1, hash: .zero, record: record), incarnation: "4gT0aZk9", directory: "d"
    ).events
    XCTAssertEqual(events.map(\.id.index), [0, 1, 2])
    XCTAssertEqual(events.map { $0.changed?["members"]?.arrayValue?.count }, [1000, 1000, 500])
  }
}
