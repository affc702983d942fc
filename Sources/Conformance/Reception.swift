import Exchange

/// How an answer is handled.
struct Reception: Sendable {
  /// Alternatives, one of which must hold; empty if every answer is accepted.
  let expect: [Expectation]
  /// The variable for the answer.
  let keep: String?
  let capture: [(variable: String, pointer: JSONPointer)]
}
