import Foundation
import XCTest

/// A file under Fixtures; "number-plus.at-0.json" must be refused at byte 0.
struct Fixture {
  let name: String
  let bytes: [UInt8]

  /// The byte offset that a refused file names.
  var offset: Int? {
    name.components(separatedBy: ".at-").last?.components(separatedBy: ".").first.flatMap { Int($0) }
  }

  static func all(in folder: String, file: StaticString = #filePath) throws -> [Fixture] {
    let directory = URL(fileURLWithPath: "\(file)").deletingLastPathComponent()
      .appendingPathComponent("Fixtures/\(folder)")
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
    return try names.filter { $0.hasSuffix(".json") }.map {
      Fixture(name: $0, bytes: [UInt8](try Data(contentsOf: directory.appendingPathComponent($0))))
    }
  }
}
