import Foundation
import JSON
import SCIM
import XCTest

/// A file under Fixtures: one case of a rule, or resources that cases share.
struct Fixture {
  let name: String
  let json: JSONValue

  static func all(in folder: String) throws -> [Fixture] {
    let names = try FileManager.default.contentsOfDirectory(atPath: directory(folder).path).sorted()
    return try names.filter { $0.hasSuffix(".json") }.map { try Fixture(folder, $0) }
  }

  init(_ folder: String, _ file: String) throws {
    let bytes = [UInt8](try Data(contentsOf: Fixture.directory(folder).appendingPathComponent(file)))
    name = "\(folder)/\(file)"
    do { json = try JSONParser.parse(bytes) } catch { throw FixtureError("\(folder)/\(file): \(error)") }
  }

  private static func directory(_ folder: String) -> URL {
    URL(fileURLWithPath: "\(#filePath)").deletingLastPathComponent().appendingPathComponent(
      "Fixtures/\(folder)")
  }

  subscript(member: String) -> JSONValue? { json[member] }

  func object(_ member: String) throws -> JSONObject { try require(json[member]?.objectValue, member) }
  func text(_ member: String) throws -> String { try require(json[member]?.stringValue, member) }
  func texts(_ member: String) -> [String] { json[member]?.arrayValue?.compactMap(\.stringValue) ?? [] }

  func dialect() throws -> Dialect {
    let profile = try require(Profile.named(try text("profile")), "profile")
    return Dialect(profile: profile, refusesUnknownAttributes: json["strict"]?.boolValue ?? false)
  }

  /// What the message of a failed assertion begins with.
  var label: String { "\(name): \(json["rule"]?.stringValue ?? "")" }

  /// Runs `body` and checks the SCIMError that the case asks for.
  func assertError(file: StaticString = #filePath, line: UInt = #line, _ body: () throws -> Void) throws {
    let expected = try object("error")
    XCTAssertThrowsError(try body(), label, file: file, line: line) { error in
      guard let error = error as? SCIMError else {
        return XCTFail("\(label): \(error)", file: file, line: line)
      }
      XCTAssertEqual(Int64(error.status), expected["status"]?.integerValue, label, file: file, line: line)
      XCTAssertEqual(
        error.kind?.rawValue, expected["scimType"]?.stringValue, "\(label): \(error.detail)", file: file,
        line: line)
      XCTAssertFalse(error.detail.isEmpty, label, file: file, line: line)
      if let detail = expected["detail"]?.stringValue {
        XCTAssertTrue(error.detail.contains(detail), "\(label): \(error.detail)", file: file, line: line)
      }
    }
  }

  func assertDialect(_ dialect: Dialect, file: StaticString = #filePath, line: UInt = #line) {
    XCTAssertEqual(
      dialect.fired.map(\.rawValue).sorted(), texts("dialect").sorted(), label, file: file, line: line)
  }

  private func require<T>(_ value: T?, _ member: String) throws -> T {
    guard let value else { throw FixtureError("\(name): \"\(member)\" is missing") }
    return value
  }
}

struct FixtureError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension JSONObject {
  /// The bytes, for comparisons in which the order of members counts.
  var text: String { String(decoding: JSONValue.object(self).serialized(), as: UTF8.self) }
}
