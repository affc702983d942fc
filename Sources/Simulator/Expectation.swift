/// What an answer must satisfy.
package struct Expectation: Sendable {
  /// Any of these; every status when empty.
  package let statuses: [Int]
  package let fields: [FieldRule]
  package let body: [BodyRule]
}
