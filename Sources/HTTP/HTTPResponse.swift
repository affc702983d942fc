/// An answer to one request.
package struct HTTPResponse: Sendable {
  package var status: HTTPStatus
  package var fields: HTTPFields
  package var body: HTTPBody

  package init(status: HTTPStatus, fields: HTTPFields = HTTPFields(), body: HTTPBody = .empty) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// Whether the content is made piece by piece.
  package var isStream: Bool {
    if case .stream = body { return true }
    return false
  }
}
