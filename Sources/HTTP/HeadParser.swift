import Glibc

/// Parses a request head line by line as its bytes arrive (RFC 9112 §2-5). A line is read once, when its LF has
/// arrived; limits and the first bytes are checked before. Strict on purpose: a proxy in front may read a lenient
/// message in another way (RFC 9112 §11.2).
struct HeadParser {
  var line = HTTPRequestHead.Line()
  var framing = HTTPRequestHead.Framing()
  var fields: [HTTPRequestHead.Field] = []
  var seen: Seen = []
  private var lineStart = 0
  private var scanned = 0
  private var emptyLines = 0
  private var hasRequestLine = false

  /// Fields that may come once.
  struct Seen: OptionSet {
    let rawValue: UInt8
    static let host = Seen(rawValue: 1)
    static let contentLength = Seen(rawValue: 2)
    static let transferEncoding = Seen(rawValue: 4)
    static let authorization = Seen(rawValue: 8)
    static let contentType = Seen(rawValue: 16)
    static let badExpectation = Seen(rawValue: 32)
  }

  /// Continues with `bytes`, which start where the head starts and only ever grow.
  ///
  /// - Returns: the length of the head once it is complete.
  mutating func advance(
    _ bytes: UnsafeBufferPointer<UInt8>, limits: HTTPLimits
  ) throws(HTTPError) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    while true {
      guard scanned < bytes.count,
        let found = memchr(base + scanned, CInt(UInt8(ascii: "\n")), bytes.count - scanned)
      else {
        scanned = bytes.count
        try checkUnfinished(bytes, limits: limits)
        return nil
      }
      let end = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      let endsWell = end > lineStart && base[end - 1] == UInt8(ascii: "\r")
      if !endsWell || end > limits.maxHeadBytes || isTooLong(end - 1 - lineStart, limits) {
        // The error that the incomplete line would have caused on its own.
        try checkUnfinished(bytes.part(0, end), limits: limits)
      }
      guard endsWell else { throw .malformedLineEnd }
      let isEmpty = end - 1 == lineStart
      if isEmpty {
        if hasRequestLine && end < limits.maxHeadBytes { return end + 1 }
        emptyLines += 1
        guard emptyLines <= limits.maxLeadingEmptyLines else { throw .malformedRequestLine }
      } else if hasRequestLine {
        try parseField(bytes, lineStart, end - 1, limits: limits)
      } else {
        try parseRequestLine(bytes, lineStart, end - 1, limits: limits)
        hasRequestLine = true
      }
      guard end < limits.maxHeadBytes else { throw .headTooLarge(limit: limits.maxHeadBytes) }
      scanned = end + 1
      lineStart = end + 1
    }
  }

  private func isTooLong(_ content: Int, _ limits: HTTPLimits) -> Bool {
    content > (hasRequestLine ? limits.maxFieldLineBytes : limits.maxRequestLineBytes)
  }

  /// The limits, and the first bytes, of a line whose end has not come: the limit exceeded first is reported, so that
  /// the answer does not depend on how the bytes were cut.
  private func checkUnfinished(
    _ bytes: UnsafeBufferPointer<UInt8>, limits: HTTPLimits
  ) throws(HTTPError) {
    let length = bytes.count - lineStart
    guard length > 0 else { return }
    let endsWithReturn = bytes[bytes.count - 1] == UInt8(ascii: "\r")
    let content = endsWithReturn ? length - 1 : length
    if !hasRequestLine, content > 0 {
      // Only the next byte says whether this is TLS.
      if lineStart == 0, content == 1, bytes[0] == Self.tlsHandshake.0 { return }
      _ = try methodEnd(bytes, lineStart, lineStart + content, limits: limits)
    }
    let maxLine = hasRequestLine ? limits.maxFieldLineBytes : limits.maxRequestLineBytes
    let isLineFirst = passing(bytes, lineStart, maxLine) <= limits.maxHeadBytes
    if content > maxLine, isLineFirst {
      throw hasRequestLine ? .fieldLineTooLong(limit: maxLine) : .requestLineTooLong(limit: maxLine)
    }
    guard bytes.count <= limits.maxHeadBytes else { throw .headTooLarge(limit: limits.maxHeadBytes) }
  }

  /// The offset of the byte that makes the line at `start` longer than `limit`: a CR there may still end it.
  private func passing(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ limit: Int) -> Int {
    let (offset, overflow) = start.addingReportingOverflow(limit)
    guard !overflow, offset < bytes.count else { return .max }
    return bytes[offset] == UInt8(ascii: "\r") ? offset + 1 : offset
  }

  /// The first bytes of a ClientHello: a record of type handshake, TLS 1.x (RFC 8446 §5.1).
  private static let tlsHandshake: (UInt8, UInt8) = (0x16, 0x03)

  /// Where the method token ends; `end` when the separator has not come.
  func methodEnd(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, limits: HTTPLimits
  ) throws(HTTPError) -> Int {
    if start == 0, end >= 2, bytes[0] == Self.tlsHandshake.0, bytes[1] == Self.tlsHandshake.1 {
      throw .tlsOnPlainPort
    }
    var index = start
    while index < end, bytes[index] != UInt8(ascii: " ") {
      guard Octet.isTokenByte(bytes[index]) else { throw .malformedRequestLine }
      index += 1
      guard index - start <= limits.maxMethodBytes else { throw .unsupportedMethod }
    }
    guard index > start else { throw .malformedRequestLine }
    return index
  }

  /// Checks the rules that need the complete head, and creates it.
  mutating func finish(
    _ bytes: UnsafeBufferPointer<UInt8>, limits: HTTPLimits
  ) throws(HTTPError) -> HTTPRequestHead.Storage {
    // RFC 9112 §3.2: a request without Host is an HTTP/1.0 request or an error.
    guard seen.contains(.host) || framing.minorVersion == 0 else { throw .missingHost }
    if seen.contains(.transferEncoding) {
      // RFC 9112 §6.1, §6.3: both lengths, or the coding in HTTP/1.0, is a sign of smuggling.
      guard !seen.contains(.contentLength) else { throw .lengthWithTransferEncoding }
      guard framing.minorVersion > 0 else { throw .transferEncodingBeforeHTTP11 }
      guard framing.isChunked else { throw .unsupportedTransferEncoding }
    }
    if let length = framing.contentLength, length > limits.maxBodyBytes {
      throw .bodyTooLarge(limit: limits.maxBodyBytes)
    }
    // RFC 9110 §10.1.1: an HTTP/1.0 client's expectation is ignored.
    if framing.minorVersion == 0 {
      framing.expectsContinue = false
    } else if seen.contains(.badExpectation) {
      throw .unsupportedExpectation
    }
    return HTTPRequestHead.Storage(
      bytes: Array(bytes), fields: fields, line: line, framing: framing)
  }
}
