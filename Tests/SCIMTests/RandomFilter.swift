import JSON
import SCIM

/// SplitMix64: the same numbers on every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Random filters of every form of the grammar.
enum RandomFilter {
  private static let paths = [
    "a", "userName", "name.givenName", "members.$ref", "meta.lastModified", "x-y_z",
    "urn:ietf:params:scim:schemas:core:2.0:User:userName",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value", "andy", "orange", "notable",
    "prime",
  ]
  private static let values: [JSONValue] = [
    "", "work", "a\"b\\c", "Zoë 🦊 日本", "line\nbreak\u{1}", " and (x pr) ]", "true", true, false, .null, 0, -7,
    .integer(.max), .integer(.min), .decimal(JSONDecimalText.value),
  ]

  static func expression(depth: Int, insideValues: Bool, _ random: inout SeededGenerator) -> FilterExpression
  {
    guard depth > 0 else { return term(&random) }
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1:
      return .and(
        expression(depth: depth - 1, insideValues: insideValues, &random),
        expression(depth: depth - 1, insideValues: insideValues, &random))
    case 2, 3:
      return .or(
        expression(depth: depth - 1, insideValues: insideValues, &random),
        expression(depth: depth - 1, insideValues: insideValues, &random))
    case 4: return .not(expression(depth: depth - 1, insideValues: insideValues, &random))
    case 5 where !insideValues:
      return .values(path: path(&random), expression(depth: depth - 1, insideValues: true, &random))
    default: return term(&random)
    }
  }

  private static func term(_ random: inout SeededGenerator) -> FilterExpression {
    let path = path(&random)
    guard let op = FilterExpression.Operator.allCases.randomElement(using: &random),
      Bool.random(using: &random),
      let value = values.randomElement(using: &random)
    else { return .present(path: path) }
    return .compare(path: path, op, value)
  }

  private static func path(_ random: inout SeededGenerator) -> String {
    paths.randomElement(using: &random) ?? "a"
  }
}

/// A decimal as the parser gives it.
private enum JSONDecimalText {
  static let value: JSONDecimal = {
    if let parsed = try? JSONParser.parse(Array("-1.50e+3".utf8)), case .decimal(let decimal) = parsed {
      return decimal
    }
    preconditionFailure("a decimal is not parsed")
  }()
}
