import Platform

extension Connection {
  private static let inlineLimit = 32 * 1024
  private static let flushLimit = 64 * 1024

  /// Writes an answer of the HTTP layer or a refusal.
  func write(_ response: HTTPResponse) {
    let limits = loop.server.limits
    write(response, state.reply(response, isLast: loop.isDraining, limits: limits))
  }

  /// Writes a response; a large or streamed content follows as the socket takes it.
  func write(_ response: HTTPResponse, _ context: ResponseWriter.Context) {
    switch loop.writer.write(response, context, inlineLimit: Self.inlineLimit) {
    case .empty:
      if loop.writer.bytes.count > Self.flushLimit { flush() }
    case .bytes(let content):
      flush(with: content)
    case .stream(let producer):
      output.begin(producer)
      pump()
    }
  }

  /// Sends the output of the loop's writer; bytes the socket does not accept become the backlog.
  func flush() {
    let count = loop.writer.bytes.count
    guard count > 0 else { return flushRecords() }
    guard output.backlog.isEmpty else {
      // The answer before this one is not sent yet.
      block(loop.writer.bytes, 0)
      return loop.writer.removeAll()
    }
    let sent = loop.writer.bytes.withUnsafeBytes { transmit($0) }
    // Usually all of it goes out, without another reference to the bytes.
    if case .bytes(count) = sent { return loop.writer.removeAll() }
    keep(rest: loop.writer.bytes, after: sent)
    loop.writer.removeAll()
  }

  /// Sends the head and a large content in one call, without copying the content.
  private func flush(with content: [UInt8]) {
    let head = loop.writer.bytes
    guard output.backlog.isEmpty else {
      block(head + content, 0)
      return loop.writer.removeAll()
    }
    if let secure {
      loop.writer.removeAll()
      guard secure.encrypt(head: head) else { return close() }
      return keep(rest: content, after: content.withUnsafeBytes { transmit($0) })
    }
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

  /// Keeps what the socket did not take, until it is writable.
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

  func block(_ bytes: [UInt8], _ offset: Int) {
    output.keep(bytes, from: offset)
    awaitWritable(output.backlogBytes)
  }

  /// The peer must take `bytes`, and the pieces before them, in their time.
  private func awaitWritable(_ bytes: Int) {
    let now = loop.refreshClock()
    state.blocked(until: output.deadline(bytes, now: now, limits: loop.server.limits))
    setInterest(.write)
    countUnsent()
  }

  /// Tells the server how much waits for the peer; the one for whom most waits is cut off if all is too much.
  func countUnsent() {
    let server = loop.server
    guard
      let largest = server.unsent.set(
        output.heldBytes, of: self, limit: server.limits.maxUnsentBytes)
    else { return }
    largest.loop.cutOff(largest)
  }

  /// The socket takes bytes again.
  func writable() {
    // Without a backlog only records of TLS are pending.
    if output.isPending, !output.isStreaming || !output.backlog.isEmpty {
      let sent = output.backlog.withUnsafeBytes { bytes in
        transmit(UnsafeRawBufferPointer(rebasing: bytes[output.offset...]))
      }
      switch sent {
      case .bytes(let count): guard output.took(count) else { return }
      case .wouldBlock: return
      case .failed: return close()
      }
    }
    if output.isStreaming { pump() }
    guard !output.isPending else { return }
    countUnsent()
    finishSending()
    continueParsing()
  }

  /// Whether the producer has nothing now; its connection gets a turn when it has.
  private func waits(for producer: any HTTPBodyProducer) -> Bool {
    let isQuiet = producer.whenReady { [weak self] in
      guard let self else { return }
      loop.wake(self)
    }
    guard isQuiet else { return false }
    flush()
    guard output.backlog.isEmpty, !state.isClosed else { return true }
    output.rest()
    let limits = loop.server.limits
    state.blocked(until: loop.refreshClock() &+ limits.nanoseconds(limits.quietSeconds))
    setInterest([])
    return true
  }

  /// Takes pieces from the producer until the socket is full, the body ends or the turn is over.
  private func pump() {
    var written = 0
    while let producer = output.producer, output.backlog.isEmpty, !state.isClosed {
      guard written < loop.server.limits.maxStreamedBytesPerTurn else { return awaitWritable(0) }
      do {
        if let piece = try producer.nextPiece() {
          if piece.isEmpty, waits(for: producer) { return }
          loop.writer.writePiece(piece, isChunked: !state.context.isHTTP10)
          written += piece.count + 1024
          output.count(piece: piece.count)
        } else {
          loop.writer.writeEnd(isChunked: !state.context.isHTTP10)
          output.endStream()
        }
      } catch {
        // The peer must not mistake a truncated body for a complete one.
        Socket.resetOnClose(descriptor)
        return close()
      }
      flush()
    }
  }
}
