/// One step whose answer was not as it must be.
package struct CaseFailure: Sendable {
  package let step: String
  /// Method and path as sent.
  package let request: String
  /// The beginning of the request's body.
  package let sent: String
  /// Nil if there was no answer.
  package let status: Int?
  package let reasons: [String]
  /// The beginning of the answer's body.
  package let excerpt: String
}
