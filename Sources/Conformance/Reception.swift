import Exchange

/// What becomes of an answer.
struct Reception: Sendable {
  /// Alternatives, of which one must hold; none where every answer will do.
  let expect: [Expectation]
  /// The variable that stands for the answer.
  let keep: String?
  let capture: [(variable: String, pointer: JSONPointer)]
}
