/// Turns the bytes of one connection into requests; does no I/O.
///
/// The caller passes what it has; the parser says how much of it was consumed. After `failed` the
/// parser is finished: the connection must be closed.
package struct RequestParser {
  /// The result of a call.
  package enum Progress: Sendable {
    case needsMore
    /// The head is complete; the next call continues with the body.
    case head(HTTPRequestHead)
    /// The body is complete, and the next byte starts another request.
    case body([UInt8])
    case failed(HTTPError)
  }

  private enum State {
    case head
    case length(remaining: Int)
    case chunked
    case failed(HTTPError)
  }

  private var state = State.head
  private var headParser = HeadParser()
  private var partialHead: [UInt8] = []
  private var chunked = ChunkedDecoder()
  private var body = BodyBuffer()

  package init() {}

  /// Whether no byte of a request is waiting for the rest of it.
  package var isBetweenRequests: Bool {
    if case .head = state { return partialHead.isEmpty }
    return false
  }

  /// Whether the head is complete and the body is not.
  package var isInBody: Bool {
    switch state {
    case .length, .chunked: true
    case .head, .failed: false
    }
  }

  /// Bytes of the current body received so far.
  package var receivedBodyBytes: Int { body.count }

  /// From here on the current body is checked and counted but not kept.
  package mutating func discardBody() {
    body.discards = true
  }

  /// Consumes bytes of `input` from `offset` on.
  package mutating func parse(
    _ input: UnsafeRawBufferPointer, from offset: inout Int, limits: HTTPLimits
  ) -> Progress {
    let bytes = input.assumingMemoryBound(to: UInt8.self)
    do throws(HTTPError) {
      switch state {
      case .head:
        return try parseHead(bytes, &offset, limits: limits)
      case .length(let remaining):
        let count = min(remaining, bytes.count - offset)
        if count > 0 { body.append(bytes.part(offset, offset + count)) }
        offset += count
        if count == remaining { return finishBody() }
        state = .length(remaining: remaining - count)
        return .needsMore
      case .chunked:
        let isComplete = try chunked.decode(bytes, &offset, into: &body, limits: limits)
        return isComplete ? finishBody() : .needsMore
      case .failed(let error):
        return .failed(error)
      }
    } catch {
      state = .failed(error)
      return .failed(error)
    }
  }

  /// Parses a head in place if it arrived as a whole, otherwise together with what came before.
  private mutating func parseHead(
    _ input: UnsafeBufferPointer<UInt8>, _ offset: inout Int, limits: HTTPLimits
  ) throws(HTTPError) -> Progress {
    let fresh = input.part(offset, input.count)
    guard !fresh.isEmpty else { return .needsMore }
    if partialHead.isEmpty {
      guard let end = try headParser.advance(fresh, limits: limits) else {
        partialHead.append(contentsOf: fresh)
        offset = input.count
        return .needsMore
      }
      offset += end
      return try finishHead(fresh.part(0, end), limits: limits)
    }
    let before = partialHead.count
    partialHead.append(contentsOf: fresh.prefix(max(0, limits.maxHeadBytes + 2 - before)))
    let whole = partialHead
    let outcome: Result<HTTPRequestHead?, HTTPError> = whole.withUnsafeBufferPointer { bytes in
      do throws(HTTPError) {
        guard let end = try headParser.advance(bytes, limits: limits) else {
          offset += bytes.count - before
          return .success(nil)
        }
        offset += end - before
        let progress = try finishHead(bytes.part(0, end), limits: limits)
        guard case .head(let head) = progress else { return .success(nil) }
        return .success(head)
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get().map(Progress.head) ?? .needsMore
  }

  /// Takes over a complete head and prepares for its body.
  private mutating func finishHead(
    _ bytes: UnsafeBufferPointer<UInt8>, limits: HTTPLimits
  ) throws(HTTPError) -> Progress {
    let storage = try headParser.finish(bytes, limits: limits)
    headParser = HeadParser()
    partialHead = []
    state = storage.framing.isChunked ? .chunked : .length(remaining: storage.framing.contentLength ?? 0)
    return .head(HTTPRequestHead(storage: storage))
  }

  /// Returns the body and prepares for the next request.
  private mutating func finishBody() -> Progress {
    let bytes = body.bytes
    body = BodyBuffer()
    if case .chunked = state { chunked = ChunkedDecoder() }
    state = .head
    return .body(bytes)
  }
}
