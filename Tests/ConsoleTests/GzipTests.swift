import Foundation
import XCTest

@testable import Console

final class GzipTests: XCTestCase {
  /// What another implementation makes of the compressed bytes.
  private func unzipped(_ bytes: [UInt8]) throws -> [UInt8] {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).gz")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/gzip")
    process.arguments = ["-dc", file.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    XCTAssertEqual(process.terminationStatus, 0)
    return Array(data)
  }

  func testAnotherImplementationReadsWhatIsCompressed() throws {
    var random = SystemRandomNumberGenerator()
    let noise = (0..<40_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    let texts: [[UInt8]] = [
      [], Array("a".utf8), Array("ab".utf8), Array("abc".utf8), [UInt8](repeating: 7, count: 100_000), noise,
      Array(String(repeating: "a word, and another one. ", count: 3000).utf8), noise + noise, Array(0...255),
    ]
    for text in texts { XCTAssertEqual(try unzipped(Gzip.compressed(text)), text, "\(text.count) bytes") }
  }

  func testEveryPageIsReadAndMuchSmallerThanBefore() throws {
    var (plain, compressed) = (0, 0)
    for asset in ConsoleAsset.embedded {
      let bytes = Gzip.compressed(asset.bytes)
      XCTAssertEqual(try unzipped(bytes), asset.bytes, asset.name)
      plain += asset.bytes.count
      compressed += bytes.count
    }
    XCTAssertLessThan(compressed, plain * 45 / 100)
    XCTAssertLessThan(compressed, 120_000)
  }
}
