/// A status code (RFC 9110 §15).
package struct HTTPStatus: RawRepresentable, Hashable, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) {
    precondition((100...999).contains(rawValue), "a status code has three digits")
    self.rawValue = rawValue
  }

  package static var `continue`: HTTPStatus { HTTPStatus(rawValue: 100) }
  package static var ok: HTTPStatus { HTTPStatus(rawValue: 200) }
  package static var created: HTTPStatus { HTTPStatus(rawValue: 201) }
  package static var accepted: HTTPStatus { HTTPStatus(rawValue: 202) }
  package static var noContent: HTTPStatus { HTTPStatus(rawValue: 204) }
  package static var seeOther: HTTPStatus { HTTPStatus(rawValue: 303) }
  package static var notModified: HTTPStatus { HTTPStatus(rawValue: 304) }
  package static var temporaryRedirect: HTTPStatus { HTTPStatus(rawValue: 307) }
  package static var permanentRedirect: HTTPStatus { HTTPStatus(rawValue: 308) }
  package static var badRequest: HTTPStatus { HTTPStatus(rawValue: 400) }
  package static var unauthorized: HTTPStatus { HTTPStatus(rawValue: 401) }
  package static var forbidden: HTTPStatus { HTTPStatus(rawValue: 403) }
  package static var notFound: HTTPStatus { HTTPStatus(rawValue: 404) }
  package static var methodNotAllowed: HTTPStatus { HTTPStatus(rawValue: 405) }
  package static var notAcceptable: HTTPStatus { HTTPStatus(rawValue: 406) }
  package static var requestTimeout: HTTPStatus { HTTPStatus(rawValue: 408) }
  package static var conflict: HTTPStatus { HTTPStatus(rawValue: 409) }
  package static var gone: HTTPStatus { HTTPStatus(rawValue: 410) }
  package static var preconditionFailed: HTTPStatus { HTTPStatus(rawValue: 412) }
  package static var contentTooLarge: HTTPStatus { HTTPStatus(rawValue: 413) }
  package static var uriTooLong: HTTPStatus { HTTPStatus(rawValue: 414) }
  package static var unsupportedMediaType: HTTPStatus { HTTPStatus(rawValue: 415) }
  package static var expectationFailed: HTTPStatus { HTTPStatus(rawValue: 417) }
  package static var unprocessableContent: HTTPStatus { HTTPStatus(rawValue: 422) }
  package static var preconditionRequired: HTTPStatus { HTTPStatus(rawValue: 428) }
  package static var tooManyRequests: HTTPStatus { HTTPStatus(rawValue: 429) }
  package static var fieldsTooLarge: HTTPStatus { HTTPStatus(rawValue: 431) }
  package static var internalServerError: HTTPStatus { HTTPStatus(rawValue: 500) }
  package static var notImplemented: HTTPStatus { HTTPStatus(rawValue: 501) }
  package static var serviceUnavailable: HTTPStatus { HTTPStatus(rawValue: 503) }
  package static var versionNotSupported: HTTPStatus { HTTPStatus(rawValue: 505) }
  package static var insufficientStorage: HTTPStatus { HTTPStatus(rawValue: 507) }

  /// The reason phrase of the IANA registry, empty when the code is not in the list.
  package var reason: String {
    switch rawValue {
    case 100: "Continue"
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 303: "See Other"
    case 304: "Not Modified"
    case 307: "Temporary Redirect"
    case 308: "Permanent Redirect"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 406: "Not Acceptable"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 410: "Gone"
    case 412: "Precondition Failed"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 415: "Unsupported Media Type"
    case 417: "Expectation Failed"
    case 422: "Unprocessable Content"
    case 428: "Precondition Required"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 503: "Service Unavailable"
    case 505: "HTTP Version Not Supported"
    case 507: "Insufficient Storage"
    default: ""
    }
  }

  /// Whether a response with this status never has content (RFC 9110 §6.4.1).
  var forbidsContent: Bool {
    rawValue < 200 || rawValue == 204 || rawValue == 304
  }
}
