/// The name of a header field, ASCII-case-insensitive (RFC 9110 §5.1).
package struct FieldName: Hashable, Sendable, CustomStringConvertible {
  /// The name as it is written to the wire.
  package let text: String

  /// `text` must be a token (RFC 9110 §5.6.2).
  package init(_ text: String) {
    precondition(!text.isEmpty && text.utf8.allSatisfy(Octet.isTokenByte), "a field name is a token")
    self.text = text
  }

  private init(constant: String) {
    text = constant
  }

  package static func == (one: FieldName, other: FieldName) -> Bool {
    one.text.utf8.elementsEqual(other.text.utf8) { Octet.lowercased($0) == Octet.lowercased($1) }
  }

  package func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(Octet.lowercased(byte)) }
  }

  package var description: String { text }

  package static var accept: FieldName { FieldName(constant: "Accept") }
  package static var allow: FieldName { FieldName(constant: "Allow") }
  package static var authorization: FieldName { FieldName(constant: "Authorization") }
  package static var cacheControl: FieldName { FieldName(constant: "Cache-Control") }
  package static var connection: FieldName { FieldName(constant: "Connection") }
  package static var contentEncoding: FieldName { FieldName(constant: "Content-Encoding") }
  package static var contentLength: FieldName { FieldName(constant: "Content-Length") }
  package static var contentType: FieldName { FieldName(constant: "Content-Type") }
  package static var contentLocation: FieldName { FieldName(constant: "Content-Location") }
  package static var contentDisposition: FieldName { FieldName(constant: "Content-Disposition") }
  package static var date: FieldName { FieldName(constant: "Date") }
  package static var etag: FieldName { FieldName(constant: "ETag") }
  package static var expect: FieldName { FieldName(constant: "Expect") }
  package static var host: FieldName { FieldName(constant: "Host") }
  package static var ifMatch: FieldName { FieldName(constant: "If-Match") }
  package static var ifNoneMatch: FieldName { FieldName(constant: "If-None-Match") }
  package static var lastModified: FieldName { FieldName(constant: "Last-Modified") }
  package static var link: FieldName { FieldName(constant: "Link") }
  package static var location: FieldName { FieldName(constant: "Location") }
  package static var origin: FieldName { FieldName(constant: "Origin") }
  package static var forwardedProto: FieldName { FieldName(constant: "X-Forwarded-Proto") }
  package static var forwardedHost: FieldName { FieldName(constant: "X-Forwarded-Host") }
  package static var forwardedFor: FieldName { FieldName(constant: "X-Forwarded-For") }
  package static var requestId: FieldName { FieldName(constant: "X-Request-Id") }
  package static var retryAfter: FieldName { FieldName(constant: "Retry-After") }
  package static var transferEncoding: FieldName { FieldName(constant: "Transfer-Encoding") }
  package static var userAgent: FieldName { FieldName(constant: "User-Agent") }
  package static var vary: FieldName { FieldName(constant: "Vary") }
  package static var wwwAuthenticate: FieldName { FieldName(constant: "WWW-Authenticate") }
}
