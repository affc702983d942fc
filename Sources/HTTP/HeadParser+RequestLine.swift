extension HeadParser {
  /// `method SP target SP HTTP/1.x` (RFC 9112 §3); one space, nothing before or after.
  mutating func parseRequestLine(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, limits: HTTPLimits
  ) throws(HTTPError) {
    let methodEnd = try methodEnd(bytes, start, end, limits: limits)
    guard end - start <= limits.maxRequestLineBytes else {
      throw .requestLineTooLong(limit: limits.maxRequestLineBytes)
    }
    let version = end - 8
    guard methodEnd + 2 < version, bytes[version - 1] == UInt8(ascii: " ") else {
      throw .malformedRequestLine
    }
    try parseVersion(bytes.part(version, end))
    guard let method = HTTPMethod.known(bytes.part(start, methodEnd)) else { throw .unsupportedMethod }
    line.method = method
    line.target = methodEnd + 1..<version - 1
    try parseTarget(bytes, line.target)
  }

  /// Any minor version of HTTP/1 (RFC 9112 §2.3); another major version is refused.
  private mutating func parseVersion(_ text: UnsafeBufferPointer<UInt8>) throws(HTTPError) {
    guard text.part(0, 5).equals("HTTP/"), Octet.isDigit(text[5]), text[6] == UInt8(ascii: "."),
      Octet.isDigit(text[7])
    else { throw .malformedRequestLine }
    guard text[5] == UInt8(ascii: "1") else { throw .unsupportedVersion }
    framing.minorVersion = text[7] - UInt8(ascii: "0")
  }

  /// RFC 9112 §3.2: the origin form, `*` for OPTIONS, or the absolute form.
  private mutating func parseTarget(
    _ bytes: UnsafeBufferPointer<UInt8>, _ target: Range<Int>
  ) throws(HTTPError) {
    if bytes[target.lowerBound] == UInt8(ascii: "/") {
      return try parsePath(bytes, target)
    }
    if target.count == 1, bytes[target.lowerBound] == UInt8(ascii: "*"), line.method == .options {
      line.path = target
      return
    }
    // RFC 9112 §3.2.2: the absolute form must be accepted, and its authority replaces Host.
    guard let start = authorityStart(bytes, target) else { throw .malformedTarget }
    let end =
      (start..<target.upperBound).first {
        bytes[$0] == UInt8(ascii: "/") || bytes[$0] == UInt8(ascii: "?")
      } ?? target.upperBound
    guard Self.isAuthority(bytes.part(start, end)) else { throw .malformedTarget }
    line.authority = start..<end
    try parsePath(bytes, end..<target.upperBound)
  }

  /// Where the authority of an absolute form begins; nil for another form.
  private func authorityStart(_ bytes: UnsafeBufferPointer<UInt8>, _ target: Range<Int>) -> Int? {
    let start = target.lowerBound
    if target.count > 7, bytes.part(start, start + 7).equalsIgnoringCase("http://") { return start + 7 }
    if target.count > 8, bytes.part(start, start + 8).equalsIgnoringCase("https://") { return start + 8 }
    return nil
  }

  /// Splits path and query; a byte that neither allows is refused.
  private mutating func parsePath(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) throws(HTTPError) {
    var index = range.lowerBound
    while index < range.upperBound, Octet.isPathByte(bytes[index]) { index += 1 }
    line.path = range.lowerBound..<index
    guard index < range.upperBound else { return }
    guard bytes[index] == UInt8(ascii: "?") else { throw .malformedTarget }
    let start = index + 1
    index = start
    while index < range.upperBound, Octet.isQueryByte(bytes[index]) { index += 1 }
    guard index == range.upperBound else { throw .malformedTarget }
    line.query = start..<index
  }

  /// `uri-host [ ":" port ]` (RFC 9110 §7.2), not empty, without user information.
  static func isAuthority(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    if text.first == UInt8(ascii: "[") {
      guard let close = text.firstIndex(of: UInt8(ascii: "]")), close > 2 else { return false }
      for byte in text.part(1, close)
      where Octet.hexadecimal(byte) == nil && byte != UInt8(ascii: ":") && byte != UInt8(ascii: ".") {
        return false
      }
      index = close + 1
    } else {
      while index < text.count, Octet.isHostByte(text[index]) { index += 1 }
      guard index > 0 else { return false }
    }
    guard index < text.count else { return true }
    guard text[index] == UInt8(ascii: ":"), text.count - index <= 6 else { return false }
    return text.part(index + 1, text.count).allSatisfy(Octet.isDigit)
  }
}
