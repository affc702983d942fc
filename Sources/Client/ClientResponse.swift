package import JSON

/// A whole answer.
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

  /// The body as JSON.
  package func json() throws(JSONError) -> JSONValue { try JSONParser.parse(body) }
}
