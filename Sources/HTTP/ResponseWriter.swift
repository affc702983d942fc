/// Serialises responses into one buffer (RFC 9112 §4, §6); does no I/O.
///
/// Adds the fields that belong to the HTTP layer: Date, Content-Length or Transfer-Encoding, Connection.
package struct ResponseWriter {
  /// The requirements of the request and the connection for the response.
  package struct Context: Sendable {
    /// HEAD: the fields of GET without the content (RFC 9110 §9.3.2).
    package var omitsContent = false
    package var closes = false
    /// An HTTP/1.0 client does not know chunked coding, and needs an explicit keep-alive.
    package var isHTTP10 = false

    package init(omitsContent: Bool = false, closes: Bool = false, isHTTP10: Bool = false) {
      self.omitsContent = omitsContent
      self.closes = closes
      self.isHTTP10 = isHTTP10
    }
  }

  package private(set) var bytes: [UInt8] = []
  private var dateLine: [UInt8] = []
  private var dateSecond = Int64.min
  private var statusLine: [UInt8] = []
  private var lastStatus: HTTPStatus?

  package init() {}

  /// Sets the Date of the responses to come; formats it once a second.
  package mutating func setTime(milliseconds: Int64) {
    let second = milliseconds / 1000
    guard second != dateSecond else { return }
    dateSecond = second
    dateLine = Array("Date: \(HTTPDate.text(second: second))\r\n".utf8)
  }

  /// Forgets what was written, keeps the memory unless one response made it large.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: bytes.capacity <= 256 * 1024)
  }

  /// Writes status line and fields, and the content if it is in memory and not larger than `inlineLimit`.
  ///
  /// - Returns: the content that was not written: too large to copy, or a stream.
  package mutating func write(
    _ response: HTTPResponse, _ context: Context, inlineLimit: Int = .max
  ) -> HTTPBody {
    startLine(response.status)
    bytes.append(contentsOf: dateLine)
    bytes.append(contentsOf: response.fields.wire)
    var rest = HTTPBody.empty
    switch response.body {
    case .empty:
      if !response.status.forbidsContent { contentLength(0) }
      endFields(context)
    case .bytes(let content):
      if !response.status.forbidsContent { contentLength(content.count) }
      endFields(context)
      if context.omitsContent || response.status.forbidsContent { break }
      if content.count > inlineLimit { rest = response.body } else { bytes.append(contentsOf: content) }
    case .stream:
      if !context.isHTTP10 && !response.status.forbidsContent { append("Transfer-Encoding: chunked\r\n") }
      endFields(context)
      if !context.omitsContent && !response.status.forbidsContent { rest = response.body }
    }
    return rest
  }

  /// The interim response that invites the body (RFC 9110 §15.2.1).
  package mutating func writeContinue() {
    append("HTTP/1.1 100 Continue\r\n\r\n")
  }

  /// One chunk of the chunked coding, or bare bytes for an HTTP/1.0 client; an empty piece is nothing.
  package mutating func writePiece(_ piece: [UInt8], isChunked: Bool) {
    guard !piece.isEmpty else { return }
    guard isChunked else {
      bytes.append(contentsOf: piece)
      return
    }
    bytes.append(contentsOf: String(piece.count, radix: 16).utf8)
    append("\r\n")
    bytes.append(contentsOf: piece)
    append("\r\n")
  }

  /// The last chunk, without trailers.
  package mutating func writeEnd(isChunked: Bool) {
    if isChunked { append("0\r\n\r\n") }
  }

  /// Most responses of a connection have the status of the one before.
  private mutating func startLine(_ status: HTTPStatus) {
    if status != lastStatus {
      lastStatus = status
      statusLine = Array("HTTP/1.1 \(status.rawValue) \(status.reason)\r\n".utf8)
    }
    bytes.append(contentsOf: statusLine)
  }

  /// Writes the digits without a String, as every answer has them.
  private mutating func contentLength(_ count: Int) {
    append("Content-Length: ")
    var unit = 1
    while count / unit >= 10 { unit *= 10 }
    while unit > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: count / unit % 10))
      unit /= 10
    }
    append("\r\n")
  }

  /// An HTTP/1.0 client stays connected only if the answer says so (RFC 9112 §9.3).
  private mutating func endFields(_ context: Context) {
    if context.closes {
      append("Connection: close\r\n\r\n")
    } else if context.isHTTP10 {
      append("Connection: keep-alive\r\n\r\n")
    } else {
      append("\r\n")
    }
  }

  @inline(__always)
  private mutating func append(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
