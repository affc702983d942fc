import Credentials
import HTTP
import JSON
import SCIM

/// Renders every error that a client sees (RFC 7644 §3.12).
enum ErrorResponse {
  /// - Parameter retryAfter: seconds; sent only with 503 and 507.
  static func make(
    _ error: SCIMError, requestID: String? = nil, mediaType: [UInt8] = MediaTypes.scim,
    retryAfter: Int = 5
  ) -> HTTPResponse {
    var fields = HTTPFields()
    fields.append(.contentType, mediaType)
    if error.status == 503 || error.status == 507 { fields.append(.retryAfter, String(retryAfter)) }
    return HTTPResponse(
      status: HTTPStatus(rawValue: error.status), fields: fields,
      body: .bytes(body(error, requestID: requestID).serialized()))
  }

  /// The error as JSON, also inside the response to a bulk job.
  static func body(_ error: SCIMError, requestID: String? = nil) -> JSONValue {
    var body: JSONObject = [
      "schemas": [.string(SchemaURN.error)], "status": .string(String(error.status)),
    ]
    if let kind = error.kind { body["scimType"] = .string(kind.rawValue) }
    // The request id and the code are in the text, because strict clients refuse members that RFC 7644 does not define.
    let detail = RedactedText.of(error.detail)
    let request = requestID.map { " (request \($0))" } ?? ""
    body["detail"] = .string("\(detail)\(request) [\(error.code.rawValue)]")
    return .object(body)
  }
}
