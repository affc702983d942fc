/// One request, the rules for its answer, and the values to remember from it.
package struct ExchangeStep: Sendable {
  /// Differs from every other step of the script.
  package let name: String
  package let request: ExchangeRequest
  package let expect: Expectation

  /// Variables and the pointers into the answer's body that give their values.
  package let capture: [(variable: String, pointer: JSONPointer)]

  /// Runs at the end whatever failed before, unless it needs a variable that was never captured.
  package let isCleanup: Bool
}
