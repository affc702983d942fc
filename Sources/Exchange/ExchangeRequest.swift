package import JSON

/// A request before its variables are filled in.
package struct ExchangeRequest: Sendable {
  /// Nothing, JSON, or a text that need not be JSON.
  package enum Body: Sendable {
    case none
    case json(JSONValue)
    case text(String)

    /// The body to send, with variables replaced; nil for none.
    package func bytes(_ variables: Variables) throws(MissingVariable) -> [UInt8]? {
      switch self {
      case .none: nil
      case .json(let value): try variables.fill(value).serialized()
      case .text(let text): Array(try variables.fill(text).utf8)
      }
    }
  }

  package let method: String

  /// As on the wire: percent-encoded, with the query, relative to the base URL.
  package let path: String
  package let fields: [(name: String, value: String)]
  package let body: Body
  /// The key of the script that it is sent with, from the server's root; nil for the client's own key and base URL.
  package let key: String?
}
