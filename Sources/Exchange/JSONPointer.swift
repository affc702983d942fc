package import JSON

/// Places in a JSON value: RFC 6901, where "*" stands for every element of an array and "[type=work]" for
/// the elements whose member "type" is the string "work".
package struct JSONPointer: Sendable, CustomStringConvertible {
  package let description: String
  private let tokens: [String]

  /// Reads "/members/*/value"; nil unless the text is empty or begins with a slash.
  package init?(_ text: String) {
    guard text.isEmpty || text.hasPrefix("/") else { return nil }
    description = text
    tokens = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
      String($0.replacing("~1", with: "/").replacing("~0", with: "~"))
    }
  }

  /// The values there; none if the path does not exist.
  package func values(in root: JSONValue) -> [JSONValue] {
    tokens.reduce([root]) { values, token in values.flatMap { Self.step(token, from: $0) } }
  }

  /// The values that one token leads to; in an array it is "*", a condition or an index.
  private static func step(_ token: String, from value: JSONValue) -> [JSONValue] {
    guard case .array(let elements) = value else { return value[token].map { [$0] } ?? [] }
    if token == "*" { return elements }
    if token.hasPrefix("["), token.hasSuffix("]") {
      let parts = token.dropFirst().dropLast().split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { return [] }
      return elements.filter { $0[parts[0]] == .string(parts[1]) }
    }
    guard let index = Int(token), elements.indices.contains(index) else { return [] }
    return [elements[index]]
  }
}
