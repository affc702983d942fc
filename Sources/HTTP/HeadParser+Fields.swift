extension HeadParser {
  /// `name ":" OWS value OWS` (RFC 9112 §5); white space before the colon and folds are refused.
  mutating func parseField(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, limits: HTTPLimits
  ) throws(HTTPError) {
    guard end - start <= limits.maxFieldLineBytes else {
      throw .fieldLineTooLong(limit: limits.maxFieldLineBytes)
    }
    guard fields.count < limits.maxFields else { throw .tooManyFields(limit: limits.maxFields) }
    let field = try Self.split(bytes, start, end)
    if fields.isEmpty { fields.reserveCapacity(12) }
    fields.append(field)
    try interpret(
      bytes.part(start, Int(field.nameEnd)),
      bytes.part(Int(field.valueStart), Int(field.valueEnd)), at: Int(field.valueStart))
  }

  /// Name and value of one field line; every byte is checked.
  static func split(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
  ) throws(HTTPError) -> HTTPRequestHead.Field {
    // RFC 9112 §5.2: a fold in a request is refused.
    if bytes[start] == UInt8(ascii: " ") || bytes[start] == UInt8(ascii: "\t") { throw .foldedField }
    var colon = start
    while colon < end, Octet.isTokenByte(bytes[colon]) { colon += 1 }
    guard colon > start, colon < end, bytes[colon] == UInt8(ascii: ":") else { throw .malformedField }
    var first = colon + 1
    var last = end
    while first < last, bytes[first] == UInt8(ascii: " ") || bytes[first] == UInt8(ascii: "\t") { first += 1 }
    while last > first, bytes[last - 1] == UInt8(ascii: " ") || bytes[last - 1] == UInt8(ascii: "\t") {
      last -= 1
    }
    var isClean = true
    for index in first..<last { isClean = isClean && Octet.isFieldByte(bytes[index]) }
    guard isClean else { throw .malformedField }
    return HTTPRequestHead.Field(
      nameStart: UInt32(truncatingIfNeeded: start), nameEnd: UInt32(truncatingIfNeeded: colon),
      valueStart: UInt32(truncatingIfNeeded: first), valueEnd: UInt32(truncatingIfNeeded: last))
  }

  /// The fields that decide framing and connection; the length of the name sorts out the others.
  private mutating func interpret(
    _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>, at offset: Int
  ) throws(HTTPError) {
    switch name.count {
    case 4 where name.equalsIgnoringCase("host"):
      try once(.host, "Host")
      guard Self.isAuthority(value) else { throw .malformedHost }
      if line.authority == nil { line.authority = offset..<offset + value.count }
    case 6 where name.equalsIgnoringCase("expect"):
      framing.expectsContinue = value.equalsIgnoringCase("100-continue")
      if !framing.expectsContinue { seen.insert(.badExpectation) }
    case 10 where name.equalsIgnoringCase("connection"):
      interpretConnection(value)
    case 12 where name.equalsIgnoringCase("content-type"):
      try once(.contentType, "Content-Type")
    case 13 where name.equalsIgnoringCase("authorization"):
      try once(.authorization, "Authorization")
    case 14 where name.equalsIgnoringCase("content-length"):
      try once(.contentLength, "Content-Length")
      framing.contentLength = try Self.length(value)
    case 17 where name.equalsIgnoringCase("transfer-encoding"):
      try once(.transferEncoding, "Transfer-Encoding")
      framing.isChunked = try Self.isChunked(value)
    default:
      break
    }
  }

  private mutating func once(_ field: Seen, _ name: String) throws(HTTPError) {
    guard seen.insert(field).inserted else { throw .duplicateField(name) }
  }

  /// Digits only; a number too large for `Int` becomes `Int.max`, which every limit refuses.
  private static func length(_ value: UnsafeBufferPointer<UInt8>) throws(HTTPError) -> Int {
    guard !value.isEmpty else { throw .malformedContentLength }
    var length = 0
    for byte in value {
      guard Octet.isDigit(byte) else { throw .malformedContentLength }
      let (product, overflow) = length.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      length = overflow || carry ? .max : sum
    }
    return length
  }

  /// Whether the one coding is chunked; another well-formed list is not supported (RFC 9112 §6.1).
  private static func isChunked(_ value: UnsafeBufferPointer<UInt8>) throws(HTTPError) -> Bool {
    if value.equalsIgnoringCase("chunked") { return true }
    var rest = value
    while true {
      let isLast: Bool
      (rest, isLast) = try coding(rest)
      if isLast { return false }
    }
  }

  /// Reads `token *( OWS ";" OWS token "=" token )` up to the comma or the end. Chunked with a parameter or before the
  /// end of the list leaves the length unknown: 400 (RFC 9112 §6.3, §7.1).
  private static func coding(
    _ text: UnsafeBufferPointer<UInt8>
  ) throws(HTTPError) -> (rest: UnsafeBufferPointer<UInt8>, isLast: Bool) {
    var index = 0
    func skip(while matches: (UInt8) -> Bool) -> Int {
      let start = index
      while index < text.count, matches(text[index]) { index += 1 }
      return index - start
    }
    func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    _ = skip(while: isBlank)
    let start = index
    guard skip(while: Octet.isTokenByte) > 0 else { throw .malformedTransferEncoding }
    let isChunked = text.part(start, index).equalsIgnoringCase("chunked")
    while true {
      _ = skip(while: isBlank)
      guard index < text.count else { break }
      let separator = text[index]
      index += 1
      // Chunked is the last coding or nothing, and a second one after it is no better.
      if isChunked { throw .malformedTransferEncoding }
      if separator == UInt8(ascii: ",") { return (text.part(index, text.count), false) }
      guard separator == UInt8(ascii: ";") else { throw .malformedTransferEncoding }
      _ = skip(while: isBlank)
      guard skip(while: Octet.isTokenByte) > 0, index < text.count, text[index] == UInt8(ascii: "=") else {
        throw .malformedTransferEncoding
      }
      index += 1
      guard skip(while: Octet.isTokenByte) > 0 else { throw .malformedTransferEncoding }
    }
    return (text.part(text.count, text.count), true)
  }

  /// The connection options `close` and `keep-alive` (RFC 9110 §7.6.1).
  private mutating func interpretConnection(_ value: UnsafeBufferPointer<UInt8>) {
    var start = 0
    while start <= value.count {
      var end = start
      while end < value.count, value[end] != UInt8(ascii: ",") { end += 1 }
      var first = start
      var last = end
      while first < last, value[first] == UInt8(ascii: " ") || value[first] == UInt8(ascii: "\t") {
        first += 1
      }
      while last > first, value[last - 1] == UInt8(ascii: " ") || value[last - 1] == UInt8(ascii: "\t") {
        last -= 1
      }
      let option = value.part(first, last)
      if option.equalsIgnoringCase("close") { framing.asksToClose = true }
      if option.equalsIgnoringCase("keep-alive") { framing.asksToKeepAlive = true }
      start = end + 1
    }
  }
}
