/// A request as it is sent.
struct WireRequest: Sendable {
  let method: String
  /// Relative to the base, percent-encoded, with the query.
  let path: String
  let fields: [(name: String, value: String)]
  let body: [UInt8]?
  let key: CaseRequest.Key
}
