package import Client
package import JSON

/// An answer, and its body as JSON if it is JSON.
package struct Answer: Sendable {
  package let response: ClientResponse
  package let json: JSONValue?

  package init(_ response: ClientResponse) {
    self.response = response
    json = try? response.json()
  }

  /// The beginning of the body, for a report.
  package var excerpt: String { String(decoding: response.body.prefix(600), as: UTF8.self) }
}
