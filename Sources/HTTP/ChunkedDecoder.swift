/// Removes the chunked transfer coding (RFC 9112 §7.1); extensions and trailers are checked and dropped.
struct ChunkedDecoder {
  private enum State {
    case size, extensions, sizeLineFeed, data, dataReturn, dataLineFeed
    case trailer, trailerLineFeed
  }

  private var state = State.size
  private var remaining = 0
  private var digits = 0
  private var extensions = ChunkExtensions()
  private var lineBytes = 0
  private var overhead = 0
  private var trailerLine: [UInt8] = []
  private var trailerBytes = 0

  /// Consumes bytes from `offset` on and appends content to `body` unless it is dropped.
  ///
  /// - Returns: whether the last byte of the message was consumed.
  mutating func decode(
    _ input: UnsafeBufferPointer<UInt8>, _ offset: inout Int, into body: inout BodyBuffer,
    limits: HTTPLimits
  ) throws(HTTPError) -> Bool {
    while offset < input.count {
      if state == .data {
        let count = min(remaining, input.count - offset)
        body.append(input.part(offset, offset + count))
        offset += count
        remaining -= count
        if remaining == 0 { state = .dataReturn }
        continue
      }
      let byte = input[offset]
      offset += 1
      overhead += 1
      guard overhead - limits.maxChunkOverheadBytes <= limits.maxBodyBytes else {
        throw .chunkOverheadTooLarge(limit: limits.maxChunkOverheadBytes)
      }
      if try step(byte, body: body, limits: limits) { return true }
    }
    return false
  }

  /// One byte outside of chunk data; true after the last byte of the body.
  private mutating func step(
    _ byte: UInt8, body: borrowing BodyBuffer, limits: HTTPLimits
  ) throws(HTTPError) -> Bool {
    switch state {
    case .size, .extensions:
      try sizeLine(byte, received: body.count, limits: limits)
    case .sizeLineFeed:
      guard byte == UInt8(ascii: "\n") else { throw .malformedChunk }
      lineBytes = 0
      digits = 0
      state = remaining == 0 ? .trailer : .data
    case .dataReturn:
      guard byte == UInt8(ascii: "\r") else { throw .malformedChunk }
      state = .dataLineFeed
    case .dataLineFeed:
      guard byte == UInt8(ascii: "\n") else { throw .malformedChunk }
      state = .size
    case .trailer, .trailerLineFeed:
      return try trailer(byte, limits: limits)
    case .data:
      break
    }
    return false
  }

  /// `chunk-size [ chunk-ext ] CR`; the declared size counts against the limit at once.
  private mutating func sizeLine(
    _ byte: UInt8, received: Int, limits: HTTPLimits
  ) throws(HTTPError) {
    lineBytes += 1
    guard lineBytes <= limits.maxChunkLineBytes else { throw .malformedChunk }
    if byte == UInt8(ascii: "\r") {
      guard state == .size ? digits > 0 : extensions.isComplete else { throw .malformedChunk }
      state = .sizeLineFeed
      return
    }
    if state == .size, let digit = Octet.hexadecimal(byte) {
      digits += 1
      let (product, overflow) = remaining.multipliedReportingOverflow(by: 16)
      remaining = product | Int(digit)
      guard !overflow, remaining <= limits.maxBodyBytes - received else {
        throw .bodyTooLarge(limit: limits.maxBodyBytes)
      }
      return
    }
    guard digits > 0 else { throw .malformedChunk }
    if state == .size {
      extensions = ChunkExtensions()
      state = .extensions
    }
    guard extensions.accept(byte) else { throw .malformedChunk }
  }

  /// Collects one trailer line at a time and checks it as a field; true after the empty line.
  private mutating func trailer(_ byte: UInt8, limits: HTTPLimits) throws(HTTPError) -> Bool {
    trailerBytes += 1
    guard trailerBytes <= limits.maxTrailerBytes + 2 else {
      throw .trailersTooLarge(limit: limits.maxTrailerBytes)
    }
    guard state == .trailerLineFeed else {
      if byte == UInt8(ascii: "\r") {
        state = .trailerLineFeed
      } else {
        guard byte != UInt8(ascii: "\n") else { throw .malformedTrailer }
        trailerLine.append(byte)
      }
      return false
    }
    guard byte == UInt8(ascii: "\n") else { throw .malformedTrailer }
    if trailerLine.isEmpty { return true }
    let isField = trailerLine.withUnsafeBufferPointer { line in
      (try? HeadParser.split(line, 0, line.count)) != nil
    }
    guard isField else { throw .malformedTrailer }
    trailerLine.removeAll(keepingCapacity: true)
    state = .trailer
    return false
  }
}
