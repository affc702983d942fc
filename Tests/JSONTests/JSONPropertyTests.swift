import JSON
import XCTest

final class JSONPropertyTests: XCTestCase {
  func testWhatIsWrittenIsReadBack() throws {
    var random = SplitMix(state: 20_261_121)
    for _ in 0..<2_000 {
      let value = Self.value(depth: 0, &random)
      XCTAssertEqual(try JSONParser.parse(value.serialized()), value)
      XCTAssertEqual(try JSONParser.parse(value.prettyPrinted()), value)
    }
  }

  func testDamagedTextsAreReadOrRefusedButNeverTrap() throws {
    var random = SplitMix(state: 7)
    let fixtures = try Fixture.all(in: "accept") + Fixture.all(in: "refuse")
    for fixture in fixtures where !fixture.bytes.isEmpty && fixture.bytes.count < 2_000 {
      for _ in 0..<50 {
        var bytes = fixture.bytes
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
        guard let value = try? JSONParser.parse(bytes) else { continue }
        XCTAssertEqual(try JSONParser.parse(value.serialized()), value)
      }
    }
  }

  private static func value(depth: Int, _ random: inout SplitMix) -> JSONValue {
    switch Int.random(in: 0..<(depth < 5 ? 8 : 6), using: &random) {
    case 0: .null
    case 1: .bool(Bool.random(using: &random))
    case 2: .integer(Int64.random(in: .min ... .max, using: &random))
    case 3: JSONDecimal(Double.random(in: -1e9...1e9, using: &random)).map { .decimal($0) } ?? .null
    case 4, 5: .string(text(&random))
    case 6: .array((0..<Int.random(in: 0..<6, using: &random)).map { _ in value(depth: depth + 1, &random) })
    default: object(depth: depth, &random)
    }
  }

  private static func object(depth: Int, _ random: inout SplitMix) -> JSONValue {
    var object = JSONObject()
    for _ in 0..<Int.random(in: 0..<24, using: &random) {
      object[text(&random)] = value(depth: depth + 3, &random)
    }
    return .object(object)
  }

  private static func text(_ random: inout SplitMix) -> String {
    var scalars = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0..<20, using: &random) {
      let range = [0..<0x20, 0x20..<0x80, 0x20..<0x80, 0x80..<0x800, 0x800..<0xD800, 0x10000..<0x110000]
        .randomElement(using: &random)
      let number = UInt32(Int.random(in: range ?? 0..<1, using: &random))
      if let scalar = Unicode.Scalar(number) { scalars.append(scalar) }
    }
    return String(scalars)
  }
}

/// A generator that starts the same every time.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }
}
