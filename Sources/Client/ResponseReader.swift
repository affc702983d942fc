/// Reads one answer off a connection (RFC 9112 §6.3); interim answers are skipped.
struct ResponseReader {
  let connection: ClientConnection
  /// In bytes; `stream` applies it only to answers that it returns with their body.
  let bodyLimit: Int

  /// Length of one line and of all field lines together.
  private static let headLimit = 64 << 10

  /// The answer, and whether the connection may carry another request.
  func read(toHead: Bool) throws(ClientError) -> (response: ClientResponse, keep: Bool) {
    while true {
      let (status, persists) = try statusLine()
      let fields = try fieldLines()
      if (100..<200).contains(status) && status != 101 { continue }
      let framing = try framing(status: status, fields: fields, toHead: toHead)
      let body = try body(framing)
      let closing = values(of: "connection", in: fields).contains { $0.lowercased().contains("close") }
      let response = ClientResponse(status: status, fields: fields, body: body)
      return (response, persists && !closing && framing != .untilClose)
    }
  }

  /// Status, fields and the first `bodyLimit` bytes of the body, as far as they come.
  func brief() throws(ClientError) -> ClientResponse {
    while true {
      let (status, _) = try statusLine()
      let fields = try fieldLines()
      if (100..<200).contains(status) && status != 101 { continue }
      var body: [UInt8] = []
      let limit = bodyLimit
      let take: (ArraySlice<UInt8>) -> Bool = { piece in
        body += piece.prefix(limit - body.count)
        return body.count < limit
      }
      // The status is the answer, whatever becomes of the body.
      switch try? framing(status: status, fields: fields, toHead: false) {
      case .length(let length)?: try? pass(.length(min(length, limit)), take)
      case .chunked?: try? pass(.chunked, take)
      case .untilClose?, nil: body = ((try? connection.rest(limit: limit)) ?? []).prefix(limit) + []
      }
      return ClientResponse(status: status, fields: fields, body: body)
    }
  }

  /// As `read`, but the body of a success goes to `sink` piece by piece, whatever its length.
  func stream(_ sink: (ArraySlice<UInt8>) -> Bool) throws(ClientError) -> ClientResponse {
    while true {
      let (status, _) = try statusLine()
      let fields = try fieldLines()
      if (100..<200).contains(status) && status != 101 { continue }
      let framing = try framing(status: status, fields: fields, toHead: false)
      guard (200..<300).contains(status), framing != .untilClose else {
        return ClientResponse(status: status, fields: fields, body: try body(framing))
      }
      try pass(framing, sink)
      return ClientResponse(status: status, fields: fields, body: [])
    }
  }

  /// Hands a body on in pieces of at most 64 KiB.
  private func pass(_ framing: Framing, _ sink: (ArraySlice<UInt8>) -> Bool) throws(ClientError) {
    guard case .length(var rest) = framing else {
      while try chunk(sink) {}
      return
    }
    while rest > 0 {
      let piece = try connection.bytes(min(rest, 64 << 10))
      rest -= piece.count
      guard sink(piece) else { throw .connectionLost(nil) }
    }
  }

  /// Hands one chunk on; false at the last one, whose trailer fields are dropped.
  private func chunk(_ sink: (ArraySlice<UInt8>) -> Bool) throws(ClientError) -> Bool {
    let size = try chunkSize()
    if size == 0 {
      _ = try fieldLines()
      return false
    }
    try pass(.length(size), sink)
    guard try connection.line(limit: 2).isEmpty else { throw .malformedResponse("no end of chunk") }
    return true
  }

  /// How the end of a body is found (RFC 9112 §6.3).
  private enum Framing: Equatable {
    case length(Int)
    case chunked
    case untilClose
  }

  /// The status, and whether the connection outlives the answer: that of HTTP/1.0 does not (RFC 9112 §9.3).
  private func statusLine() throws(ClientError) -> (status: Int, persists: Bool) {
    let line = String(decoding: try connection.line(limit: Self.headLimit), as: UTF8.self)
    let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), parts[1].utf8.count == 3,
      let status = Int(parts[1]), (100...999).contains(status)
    else { throw .malformedResponse("status line \"\(line.prefix(80))\"") }
    return (status, parts[0] != "HTTP/1.0")
  }

  /// The field lines up to the empty line; throws `malformedResponse` for a folded line (obs-fold) too.
  private func fieldLines() throws(ClientError) -> [(name: String, value: String)] {
    var fields: [(name: String, value: String)] = []
    var room = Self.headLimit
    while true {
      let line = try connection.line(limit: room)
      room -= line.count + 2
      if line.isEmpty { return fields }
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0, line[0] != UInt8(ascii: " "),
        line[0] != UInt8(ascii: "\t")
      else { throw .malformedResponse("field line \"\(String(decoding: line.prefix(80), as: UTF8.self))\"") }
      let value = line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      let end =
        value.lastIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }.map { $0 + 1 }
        ?? value.startIndex
      fields.append(
        (
          String(decoding: line[..<colon], as: UTF8.self),
          String(decoding: value[value.startIndex..<end], as: UTF8.self)
        ))
    }
  }

  /// RFC 9112 §6.3; only `chunked` is understood as a transfer coding, and never together with a length.
  private func framing(
    status: Int, fields: [(name: String, value: String)], toHead: Bool
  ) throws(ClientError) -> Framing {
    if toHead || status < 200 || status == 204 || status == 304 { return .length(0) }
    let codings = values(of: "transfer-encoding", in: fields)
    let lengths = values(of: "content-length", in: fields)
    if !codings.isEmpty {
      guard codings.count == 1, codings[0].lowercased() == "chunked", lengths.isEmpty else {
        throw .malformedResponse("transfer coding \"\(codings.joined(separator: ", "))\"")
      }
      return .chunked
    }
    guard let first = lengths.first else { return .untilClose }
    guard lengths.allSatisfy({ $0 == first }),
      first.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let length = Int(first)
    else { throw .malformedResponse("content length \"\(lengths.joined(separator: ", "))\"") }
    return .length(length)
  }

  /// The whole body; throws `responseTooLarge` before reading more than the limit.
  private func body(_ framing: Framing) throws(ClientError) -> [UInt8] {
    switch framing {
    case .length(let length):
      guard length <= bodyLimit else { throw .responseTooLarge(limit: bodyLimit) }
      return Array(try connection.bytes(length))
    case .chunked: return try chunks()
    case .untilClose: return try connection.rest(limit: bodyLimit)
    }
  }

  /// RFC 9112 §7.1; trailer fields are read and dropped.
  private func chunks() throws(ClientError) -> [UInt8] {
    var body: [UInt8] = []
    while true {
      let size = try chunkSize()
      if size == 0 {
        _ = try fieldLines()
        return body
      }
      guard body.count + size <= bodyLimit else { throw .responseTooLarge(limit: bodyLimit) }
      body.append(contentsOf: try connection.bytes(size))
      guard try connection.line(limit: 2).isEmpty else { throw .malformedResponse("no end of chunk") }
    }
  }

  /// The size of the next chunk; chunk extensions are ignored.
  private func chunkSize() throws(ClientError) -> Int {
    let line = String(decoding: try connection.line(limit: 4096), as: UTF8.self)
    let digits = line.prefix { $0.isHexDigit }
    guard let size = Int(digits, radix: 16), digits.utf8.count <= 15,
      digits.endIndex == line.endIndex || [";", " ", "\t"].contains(line[digits.endIndex])
    else { throw .malformedResponse("chunk size \"\(line.prefix(80))\"") }
    return size
  }

  /// The values of all fields with this name, given in lower case.
  private func values(of name: String, in fields: [(name: String, value: String)]) -> [String] {
    fields.filter { $0.name.lowercased() == name }.map(\.value)
  }
}
