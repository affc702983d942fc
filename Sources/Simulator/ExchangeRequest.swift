package import JSON

/// A request before its variables are filled in.
package struct ExchangeRequest: Sendable {
  /// Nothing, JSON, or a text that need not be JSON.
  package enum Body: Sendable {
    case none
    case json(JSONValue)
    case text(String)
  }

  package let method: String

  /// As on the wire: percent-encoded, with the query, relative to the base URL.
  package let path: String
  package let fields: [(name: String, value: String)]
  package let body: Body
}
