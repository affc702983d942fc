package import JSON

/// A complete answer.
package struct ClientResponse: Sendable {
  package let status: Int

  /// In the order received; names as spelt by the server.
  package let fields: [(name: String, value: String)]
  package let body: [UInt8]

  package init(status: Int, fields: [(name: String, value: String)], body: [UInt8]) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// The first value under this name, whatever its case.
  package func field(_ name: String) -> String? {
    let wanted = name.lowercased()
    return fields.first { $0.name.lowercased() == wanted }?.value
  }

  /// All values under this name as one list (RFC 9110 §5.3).
  package func list(_ name: String) -> String? {
    let wanted = name.lowercased()
    let values = fields.filter { $0.name.lowercased() == wanted }.map(\.value)
    return values.isEmpty ? nil : values.joined(separator: ", ")
  }

  /// How long the server asks to wait before the request is sent again, two minutes at most; nil unless it is 429 and
  /// says so in seconds.
  var secondsToWait: Int? {
    guard status == 429, let seconds = field("Retry-After").flatMap({ Int($0) }), seconds >= 0 else {
      return nil
    }
    return min(seconds, 120)
  }

  /// The body as JSON.
  package func json() throws(JSONError) -> JSONValue { try JSONParser.parse(body) }
}
