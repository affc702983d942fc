import Platform
import TLS

extension Connection {
  /// Sends bytes as they are, or encrypted.
  @inline(__always)
  func transmit(_ bytes: UnsafeRawBufferPointer) -> Socket.Transfer {
    guard let secure else { return Socket.send(descriptor, bytes) }
    return secure.send(bytes, to: descriptor, loop.recordBuffer)
  }

  /// Handles bytes from the socket of a TLS connection. A proxy's header comes before them, unencrypted.
  func decrypt(_ input: UnsafeRawBufferPointer) {
    var offset = 0
    if let action = state.readProxyHeader(input, from: &offset) {
      if case .answer = action { secure = nil }
      return perform(action)
    }
    guard let secure, offset < input.count else { return }
    if !secure.session.hasBegun, Octet.isTokenByte(input[offset]) {
      // The client speaks HTTP: it is told so in its own language.
      self.secure = nil
      loop.server.counters.count(handshake: .failed)
      return fail(.plainOnTLSPort)
    }
    secure.session.receive(UnsafeRawBufferPointer(rebasing: input[offset...]))
    let (count, end) = secure.session.read(into: loop.plainBuffer)
    countHandshake(secure)
    if count > 0 { receive(UnsafeRawBufferPointer(rebasing: loop.plainBuffer[..<count])) }
    switch end {
    case .needsMore: break
    case .closed: finishInput()
    case .full, .failed: breakOff(secure)
    }
  }

  private func countHandshake(_ secure: SecureLink) {
    guard !secure.isCounted, secure.session.isEstablished else { return }
    secure.isCounted = true
    loop.server.counters.count(handshake: secure.session.isResumed ? .resumed : .full)
  }

  /// The peer broke the protocol: nothing after it can be believed. The alert is sent if no answer is under way.
  private func breakOff(_ secure: SecureLink) {
    guard !state.isClosed else { return }
    if !secure.isCounted { loop.server.counters.count(handshake: .failed) }
    guard !output.isPending else { return close() }
    flushRecords()
    if !state.isClosed { linger() }
  }

  /// Sends records that belong to no answer: the handshake, a change of keys, an alert.
  func flushRecords() {
    guard let secure, !output.isPending, !state.isClosed, secure.hasRecords else { return }
    switch transmit(UnsafeRawBufferPointer(start: nil, count: 0)) {
    case .bytes: break
    case .wouldBlock: block([], 0)
    case .failed: close()
    }
  }

  /// Says that nothing more will be sent (`close_notify`), unless an answer is cut short: the peer must see that.
  func sayGoodbye() {
    guard let secure, !output.isPending else { return }
    secure.session.close()
    _ = transmit(UnsafeRawBufferPointer(start: nil, count: 0))
  }
}
