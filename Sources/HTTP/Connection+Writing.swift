import Platform

extension Connection {
  private static let inlineLimit = 32 * 1024
  private static let flushLimit = 64 * 1024

  /// Writes a response; a large or streamed content follows as the socket takes it.
  func write(_ response: HTTPResponse) {
    served += 1
    if loop.isDraining || served >= loop.server.limits.maxRequestsPerConnection { context.closes = true }
    // RFC 9112 §6.3: without the chunked coding only the end of the connection ends the content.
    if context.isHTTP10, case .stream = response.body { context.closes = true }
    if context.closes { phase = .closing }
    switch loop.writer.write(response, context, inlineLimit: Self.inlineLimit) {
    case .empty:
      if loop.writer.bytes.count > Self.flushLimit { flush() }
    case .bytes(let content):
      flush(with: content)
    case .stream(let producer):
      self.producer = producer
      streamStart = 0
      streamedBytes = 0
      pump()
    }
  }

  /// Sends what the loop's writer holds; what the socket does not take becomes the backlog.
  func flush() {
    let count = loop.writer.bytes.count
    guard count > 0 else { return }
    let sent = loop.writer.bytes.withUnsafeBytes { Socket.send(descriptor, $0) }
    if case .bytes(count) = sent {
      // All of it went out: the usual case, without another reference to the bytes.
    } else {
      keep(rest: loop.writer.bytes, after: sent)
    }
    loop.writer.removeAll()
  }

  /// Sends the head and a large content in one call, without copying the content.
  private func flush(with content: [UInt8]) {
    let head = loop.writer.bytes
    let sent = head.withUnsafeBytes { first in
      content.withUnsafeBytes { second in Socket.send(descriptor, first, second) }
    }
    loop.writer.removeAll()
    switch sent {
    case .bytes(let count) where count >= head.count:
      keep(rest: content, after: .bytes(count - head.count))
    case .bytes, .wouldBlock:
      keep(rest: head + content, after: sent)
    case .failed:
      close()
    }
  }

  private func keep(rest bytes: [UInt8], after sent: Socket.Transfer) {
    switch sent {
    case .bytes(let count) where count >= bytes.count:
      return
    case .bytes(let count):
      block(bytes, count)
    case .wouldBlock:
      block(bytes, 0)
    case .failed:
      close()
    }
  }

  private func block(_ bytes: [UInt8], _ offset: Int) {
    backlog = bytes
    backlogOffset = offset
    startWriteDeadline(bytes.count - offset)
    setInterest(.write)
  }

  /// The peer must take `bytes` in their time and, of a stream, all that was written before in its time too.
  private func startWriteDeadline(_ bytes: Int) {
    let now = loop.refreshClock()
    let seconds = loop.server.limits.writeSeconds
    deadline = now &+ time(seconds, bytes: bytes)
    guard isStreaming else { return }
    if streamStart == 0 { streamStart = now }
    deadline = min(deadline, streamStart &+ time(seconds, bytes: streamedBytes))
  }

  /// The socket takes bytes again.
  func writable() {
    if !backlog.isEmpty {
      let sent = backlog.withUnsafeBytes { bytes in
        Socket.send(descriptor, UnsafeRawBufferPointer(rebasing: bytes[backlogOffset...]))
      }
      switch sent {
      case .bytes(let count): backlogOffset += count
      case .wouldBlock: return
      case .failed: return close()
      }
      guard backlogOffset == backlog.count else { return }
      backlog = []
      backlogOffset = 0
    }
    if isStreaming { pump() }
    continueParsing()
  }

  /// Takes pieces from the producer until the socket is full, the body ends or the turn is over.
  private func pump() {
    var written = 0
    while let producer, backlog.isEmpty, phase != .closed {
      guard written < loop.server.limits.maxStreamedBytesPerTurn else {
        startWriteDeadline(0)
        return setInterest(.write)
      }
      do {
        if let piece = try producer.nextPiece() {
          loop.writer.writePiece(piece, isChunked: !context.isHTTP10)
          written += piece.count + 1024
          streamedBytes += piece.count
        } else {
          loop.writer.writeEnd(isChunked: !context.isHTTP10)
          self.producer = nil
        }
      } catch {
        // The peer must not take a cut body for a whole one.
        Socket.resetOnClose(descriptor)
        return close()
      }
      flush()
    }
  }
}
