import Platform

/// One connection: owns the descriptor, reads and writes it, and carries out the actions of its state.
///
/// `@unchecked Sendable`: all mutable state is used only on the loop's queue.
final class Connection: @unchecked Sendable {
  let loop: EventLoop
  let peer: PeerAddress
  let descriptor: CInt
  var token: UInt64 = 0
  let state: ConnectionState
  /// Nil for plain HTTP.
  var secure: SecureLink?
  var output = ConnectionOutput()

  /// Nil if the connection only gets an error because the limit is reached.
  let place: ServerState.Place?
  private var interest = Epoll.Interest.read
  /// Bytes of the unfinished body that the server has counted.
  private var chargedBytes = 0
  /// The same for output that the peer does not read.
  var countedUnsent = 0

  private static let maxReads = 4

  /// - Parameters:
  ///   - place: nil for a connection that only gets a refusal.
  ///   - secure: nil for plain HTTP.
  init(
    loop: EventLoop, descriptor: CInt, peer: PeerAddress, place: ServerState.Place?, secure: SecureLink?
  ) {
    self.secure = secure
    self.loop = loop
    self.descriptor = descriptor
    self.peer = peer
    self.place = place
    let server = loop.server
    state = ConnectionState(
      peer: peer, expectsProxyHeader: server.proxiesSendHeader && server.proxies.contains(peer.text),
      isGuest: place == .kept)
  }

  private var limits: HTTPLimits { loop.server.limits }

  var deadline: UInt64 { state.deadline }

  // MARK: Turns

  /// Runs `body` as the current connection's turn, then sends its output.
  func takeTurn(_ body: (Connection) -> Void) {
    guard !state.isClosed else { return }
    loop.current = self
    body(self)
    finishTurn()
    loop.current = nil
  }

  /// The descriptor became ready.
  func handle(_ ready: Epoll.Interest) {
    takeTurn { $0.react(to: ready) }
  }

  /// Writes before it reads: an answer under way comes first.
  private func react(to ready: Epoll.Interest) {
    // Both directions are shut: an answer could not be delivered any more.
    let isGone = ready.isGone
    if isGone && state.isBusy { return close() }
    if ready.isWritable { writable() }
    if isGone || ready.isReadable { readable() }
  }

  /// Sends what was produced, and asks epoll for what the connection waits for now.
  private func finishTurn() {
    flush()
    let end = state.endTurn(isSent: !output.isPending, limits: limits) { loop.refreshClock() }
    if chargedBytes != end.heldBytes { releaseBody() }
    if end.hasWork { loop.resume(self) }
    finish(end.ending)
    if end.wantsBytes {
      if interest != .read { setInterest(.read) }
    } else if interest == .write && !output.isPending {
      // A writable socket would be reported again and again while the handler works.
      setInterest([])
    }
  }

  /// All output is sent: handles the next request, or closes the connection.
  func finishSending() {
    if state.isSending && !output.isPending { finish(state.sent()) }
  }

  private func finish(_ ending: ConnectionState.Ending) {
    switch ending {
    case .none: break
    case .linger: linger()
    case .close: close()
    }
  }

  /// Changes what epoll reports; without a change it costs nothing.
  func setInterest(_ interest: Epoll.Interest) {
    guard interest != self.interest, !state.isClosed else { return }
    self.interest = interest
    if (try? loop.epoll.modify(descriptor, interest, token: token)) == nil { close() }
  }

  // MARK: Reading

  /// Reads what has arrived.
  func readable() {
    for _ in 0..<Self.maxReads {
      switch state.reading {
      case .parse: break
      case .drop: return discardInput()
      // Input waits in the kernel while a request is handled, which gives order and back-pressure.
      case .nothing: return setInterest(interest.subtracting(.read))
      }
      switch Socket.receive(descriptor, loop.readBuffer) {
      // Without `close_notify` too: a request is complete by its own framing, or dropped.
      case .bytes(0): return finishInput()
      case .bytes(let count):
        let input = UnsafeRawBufferPointer(rebasing: loop.readBuffer[..<count])
        if secure == nil { receive(input) } else { decrypt(input) }
        if count < loop.readBuffer.count { return }
      case .wouldBlock: return
      case .failed: return close()
      }
    }
  }

  /// The peer sends nothing more.
  func finishInput() {
    state.finishInput()
    setInterest(interest.subtracting(.read))
  }

  /// Handles plain bytes.
  func receive(_ input: UnsafeRawBufferPointer) {
    let used = process(input, from: 0)
    if used < input.count { state.keep(input[used...]) }
  }

  /// Continues with bytes that arrived earlier, once the previous request is answered.
  func continueParsing() {
    guard state.hasWork else { return }
    let (input, start) = state.waiting
    state.used(upTo: input.withUnsafeBytes { process($0, from: start) })
  }

  /// Serves the requests in `input`; returns how many bytes of it are used.
  private func process(_ input: UnsafeRawBufferPointer, from start: Int) -> Int {
    var offset = start
    var requests = 0
    while requests < limits.maxPipelinedRequestsPerTurn {
      let action = state.next(input, from: &offset, limits: limits)
      switch action {
      case .wait: return offset
      case .read(let held):
        if !chargeBody(held) { fail(.tooManyBodyBytes(limit: limits.maxUnfinishedBodyBytes)) }
        return offset
      case .handle(let head, let body):
        requests += 1
        handle(head, body)
        // The usual end of a turn: nothing follows the request.
        if offset == input.count { return offset }
        continue
      case .invite, .judge, .answer, .close: break
      }
      perform(action)
    }
    return offset
  }

  /// Counts the body bytes received since the last call; false if all connections together hold too many.
  private func chargeBody(_ bytes: Int) -> Bool {
    guard bytes != chargedBytes else { return true }
    let isFine = loop.server.charge(bytes - chargedBytes)
    chargedBytes = bytes
    return isFine
  }

  /// Returns the bytes of a body to the budget of all connections.
  private func releaseBody() {
    guard chargedBytes > 0 else { return }
    _ = loop.server.charge(-chargedBytes)
    chargedBytes = 0
  }

  // MARK: Actions

  /// Carries out what the state asks for.
  func perform(_ action: ConnectionState.Action) {
    switch action {
    case .read, .wait: break
    case .invite: loop.writer.writeContinue()
    case .judge(let head, let bytesHere):
      let known = withCertificate(head)
      guard let refusal = loop.server.handler.refusal(of: known, peer: state.client) else { return }
      state.refuse(head, bytesHere: bytesHere, limits: limits)
      write(refusal)
    case .handle(let head, let body): handle(head, body)
    case .answer(let error): write(response(to: error))
    case .close: close()
    }
  }

  /// Passes a whole request to the handler, or refuses it if too many are in flight.
  private func handle(_ head: HTTPRequestHead, _ body: [UInt8]) {
    releaseBody()
    guard loop.server.beginRequest() else {
      return write(response(to: .tooManyRequestsInFlight(limit: limits.maxRequestsInFlight)))
    }
    loop.server.handler.handle(
      HTTPRequest(head: withCertificate(head), body: body, peer: state.client),
      reply: HTTPReply(exchange: Exchange(connection: self, sequence: state.handled)))
  }

  private func withCertificate(_ head: HTTPRequestHead) -> HTTPRequestHead {
    guard let secure, let subject = secure.clientSubject else { return head }
    var head = head
    head.clientCertificate = subject
    return head
  }

  /// The handler's answer; none if the reply was dropped.
  func answer(_ delivery: EventLoop.Delivery) {
    guard let response = delivery.response else {
      if state.awaits(delivery.sequence) { close() }
      return
    }
    let context = state.reply(
      response, to: delivery.sequence, isLast: loop.isDraining, limits: limits)
    if let context { write(response, context) }
  }

  /// Answers with an error of the HTTP layer and closes.
  func fail(_ error: HTTPError) {
    perform(state.fail(error))
  }

  /// The handler's answer to an error of HTTP, with Retry-After for 503.
  private func response(to error: HTTPError) -> HTTPResponse {
    loop.server.counters.countRefusedRequest()
    var response = loop.server.handler.response(to: error, peer: peer)
    if error.status == .serviceUnavailable, response.fields[.retryAfter] == nil {
      response.fields.append(.retryAfter, String(limits.retryAfterSeconds))
    }
    return response
  }

  func deadlinePassed() {
    perform(state.deadlinePassed())
  }

  // MARK: Closing

  /// The server drains: an idle connection closes now, any other with its next response.
  func drain() {
    if state.isIdle { readable() }
    if state.isIdle { close() }
  }

  /// Closes this connection to make room for a new one, unless a request has arrived meanwhile.
  func giveWay() {
    if state.precedence != .lingering { readable() }
    if state.precedence != .none { close() }
  }

  /// Shuts the write side and reads on for a while, so that the peer gets the answer before a reset (RFC 9112 §9.6).
  func linger() {
    sayGoodbye()
    Socket.shutdownWrite(descriptor)
    state.linger(until: loop.refreshClock() &+ limits.nanoseconds(limits.lingerSeconds), limits: limits)
    setInterest(.read)
  }

  /// Reads and drops what a lingering peer still sends, a limited amount per turn.
  private func discardInput() {
    for _ in 0..<Self.maxReads {
      switch Socket.receive(descriptor, loop.readBuffer) {
      case .bytes(let count) where count > 0:
        if !state.drop(count) { return close() }
        if count < loop.readBuffer.count { return }
      case .wouldBlock: return
      case .bytes, .failed: return close()
      }
    }
  }

  /// Closes the descriptor, once.
  func close() {
    guard !state.isClosed else { return }
    sayGoodbye()
    state.close()
    output.removeAll()
    countUnsent()
    if loop.current === self { loop.writer.removeAll() }
    releaseBody()
    Socket.close(descriptor)
    loop.server.leave(peer, from: place)
    loop.remove(self)
  }
}
