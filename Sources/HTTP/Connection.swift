import Platform

/// One connection: reads, parses, hands requests to the handler one at a time, writes the answers.
///
/// `@unchecked Sendable`: everything mutable is touched on the loop's queue alone.
final class Connection: @unchecked Sendable {
  enum Phase {
    case open
    /// The last response is being written; nothing more is parsed.
    case closing
    /// The last response is written; input is dropped until the peer has read it.
    case lingering
    case closed
  }

  /// What the deadline is about.
  private enum Waiting {
    case nothing, idle, head, body
  }

  let loop: EventLoop
  let peer: PeerAddress
  /// Whose requests these are: the peer, or the client that a proxy named.
  private var client: PeerAddress
  let descriptor: CInt
  var token: UInt64 = 0
  var deadline = UInt64.max
  var phase = Phase.open
  var context = ResponseWriter.Context()
  var served = 0

  var backlog: [UInt8] = []
  var backlogOffset = 0
  var producer: (any HTTPBodyProducer)? {
    didSet { isStreaming = producer != nil }
  }
  /// What every event asks for; to look at `producer` copies it.
  private(set) var isStreaming = false
  /// When the stream first had to wait for the peer, 0 before; and the bytes its producer has made.
  var streamStart: UInt64 = 0
  var streamedBytes = 0

  private let isRefused: Bool
  private var interest = Epoll.Interest.read
  private var waiting = Waiting.nothing
  private var waitingSince: UInt64 = 0
  /// What came of the proxy's header; nil where none is expected any more.
  private var introduction: [UInt8]?
  private var parser = RequestParser()
  private var pending: [UInt8] = []
  private var pendingOffset = 0
  private var head: HTTPRequestHead?
  private var sequence = 0
  private var isInFlight = false
  private var isParsing = false
  private var isDiscarding = false
  private var needsInvitation = false
  private var peerAskedToClose = false
  private var peerFinished = false
  private var lingerBudget = 0
  /// Bytes of the unfinished body that the server has counted.
  private var chargedBytes = 0

  private static let maxReads = 4

  init(loop: EventLoop, descriptor: CInt, peer: PeerAddress, isRefused: Bool) {
    self.loop = loop
    self.descriptor = descriptor
    self.peer = peer
    client = peer
    if loop.server.proxiesSendHeader, loop.server.proxies.contains(peer.text) { introduction = [] }
    self.isRefused = isRefused
    waitingSince = loop.refreshClock()
    deadline = waitingSince &+ loop.nanoseconds(loop.server.limits.headSeconds)
  }

  private var limits: HTTPLimits { loop.server.limits }
  private var hasOutput: Bool { isStreaming || !backlog.isEmpty }
  private var canParse: Bool { phase == .open && !isInFlight && !hasOutput }
  private var canRead: Bool { canParse && pending.isEmpty && !peerFinished }

  // MARK: Turns

  /// Runs `body` as the connection whose turn it is, then sends what was written.
  func takeTurn(_ body: (Connection) -> Void) {
    guard phase != .closed else { return }
    loop.current = self
    body(self)
    finishTurn()
    loop.current = nil
  }

  func isReady(_ ready: Epoll.Interest) {
    takeTurn { $0.react(to: ready) }
  }

  private func react(to ready: Epoll.Interest) {
    // Both directions are shut: an answer could not be delivered any more.
    let isGone = ready.isGone
    if isGone && (isInFlight || hasOutput) { return close() }
    if ready.isWritable { writable() }
    if isGone || ready.isReadable { readable() }
  }

  private func finishTurn() {
    if phase != .closed { flush() }
    if phase == .closing && !hasOutput { finishClosing() }
    if phase == .open && peerFinished && canParse && pending.isEmpty { close() }
    guard phase == .open else {
      loop.writer.removeAll()
      return
    }
    if canRead && interest != .read { setInterest(.read) }
    updateDeadline()
  }

  func setInterest(_ interest: Epoll.Interest) {
    guard interest != self.interest, phase != .closed else { return }
    self.interest = interest
    if (try? loop.epoll.modify(descriptor, interest, token: token)) == nil { close() }
  }

  // MARK: Reading

  /// Takes what has come.
  func readable() {
    if phase == .lingering { return discardInput() }
    for _ in 0..<Self.maxReads {
      // Input waits in the kernel while a request is in flight: order and back-pressure for free.
      guard canRead else {
        if phase != .closed { setInterest(interest.subtracting(.read)) }
        return
      }
      switch Socket.receive(descriptor, loop.readBuffer) {
      case .bytes(0):
        peerFinished = true
        return setInterest(interest.subtracting(.read))
      case .bytes(let count):
        let input = UnsafeRawBufferPointer(rebasing: loop.readBuffer[..<count])
        let used = process(input)
        if used < count && phase != .closed {
          pending = Array(input[used...])
          pendingOffset = 0
        }
        if count < loop.readBuffer.count { return }
      case .wouldBlock: return
      case .failed: return close()
      }
    }
  }

  /// Goes on with input that was read before, once the request before it is answered.
  func continueParsing() {
    guard canParse, !pending.isEmpty else { return }
    let input = pending
    let used = input.withUnsafeBytes { process(UnsafeRawBufferPointer(rebasing: $0[pendingOffset...])) }
    pendingOffset += used
    if pendingOffset == input.count {
      pending = []
      pendingOffset = 0
    }
  }

  /// Serves the requests in `input`; returns how many bytes of it are done with.
  private func process(_ input: UnsafeRawBufferPointer) -> Int {
    isParsing = true
    defer { isParsing = false }
    var offset = introduction == nil ? 0 : introduce(input)
    if introduction != nil { return offset }
    var requests = 0
    while canParse {
      guard requests < limits.maxPipelinedRequestsPerTurn else {
        loop.resume(self)
        break
      }
      switch parser.parse(input, from: &offset, limits: limits) {
      case .needsMore:
        needMoreInput()
        return offset
      case .head(let head):
        begin(head, bytesHere: input.count - offset)
      case .body(let body):
        finish(body)
        requests += 1
      case .failed(let error):
        fail(error)
      }
    }
    return offset
  }

  /// Reads the header of a proxy; how many bytes of `input` belong to it.
  private func introduce(_ input: UnsafeRawBufferPointer) -> Int {
    let before = introduction ?? []
    let bytes = before + input.prefix(ProxyHeader.maxBytes - before.count)
    do throws(HTTPError) {
      guard let header = try ProxyHeader.parse(bytes[...]) else {
        introduction = bytes
        return input.count
      }
      if let client = header.client { self.client = client }
      introduction = nil
      return header.length - before.count
    } catch {
      fail(error)
      return input.count
    }
  }

  private func needMoreInput() {
    guard chargeBody() else { return fail(.tooManyBodyBytes(limit: limits.maxUnfinishedBodyBytes)) }
    if isDiscarding && parser.receivedBodyBytes > limits.maxDiscardedBodyBytes { phase = .closing }
    guard needsInvitation, parser.isInBody else { return }
    needsInvitation = false
    // RFC 9110 §10.1.1: the invitation may be omitted when the body is on its way already.
    if parser.receivedBodyBytes == 0 { loop.writer.writeContinue() }
  }

  /// Counts the bytes of the body that came since the last time; false when all connections together hold too many.
  private func chargeBody() -> Bool {
    let bytes = isDiscarding || !parser.isInBody ? 0 : parser.receivedBodyBytes
    guard bytes != chargedBytes else { return true }
    let isFine = loop.server.charge(bytes - chargedBytes)
    chargedBytes = bytes
    return isFine
  }

  private func releaseBody() {
    guard chargedBytes > 0 else { return }
    _ = loop.server.charge(-chargedBytes)
    chargedBytes = 0
  }

  /// `bytesHere` is how many bytes follow the head already.
  private func begin(_ head: HTTPRequestHead, bytesHere: Int) {
    let framing = head.storage.framing
    peerAskedToClose = head.asksToClose
    context = ResponseWriter.Context(
      omitsContent: head.method == .head, closes: peerAskedToClose, isHTTP10: head.isHTTP10)
    let bodyIsHere = framing.contentLength.map { $0 <= bytesHere } ?? !head.hasBody
    guard !bodyIsHere, let refusal = loop.server.handler.refusal(of: head, peer: client) else {
      self.head = head
      needsInvitation = framing.expectsContinue
      return
    }
    // A peer that waits for an invitation may or may not send the body: only closing is unambiguous.
    let bodyMayNotCome = framing.expectsContinue && bytesHere == 0
    if bodyMayNotCome || (framing.contentLength ?? 0) > limits.maxDiscardedBodyBytes {
      context.closes = true
    }
    isDiscarding = true
    parser.discardBody()
    write(refusal)
  }

  private func finish(_ body: [UInt8]) {
    needsInvitation = false
    waiting = .nothing
    releaseBody()
    guard !isDiscarding, let head else {
      isDiscarding = false
      return
    }
    self.head = nil
    guard loop.server.beginRequest() else {
      return write(response(to: .tooManyRequestsInFlight(limit: limits.maxRequestsInFlight)))
    }
    sequence += 1
    isInFlight = true
    loop.server.handler.handle(
      HTTPRequest(head: head, body: body, peer: client),
      reply: HTTPReply(exchange: Exchange(connection: self, sequence: sequence)))
  }

  // MARK: Answering

  func receive(_ delivery: EventLoop.Delivery) {
    guard phase == .open, isInFlight, sequence == delivery.sequence else { return }
    isInFlight = false
    guard let response = delivery.response else { return close() }
    write(response)
    if !isParsing { continueParsing() }
  }

  /// Answers with an error of the HTTP layer and closes.
  func fail(_ error: HTTPError) {
    // The request was answered before its body came: a second answer would be taken for the next one's.
    if isDiscarding {
      phase = .closing
      return
    }
    context.closes = true
    peerAskedToClose = false
    releaseBody()
    write(response(to: error))
  }

  private func response(to error: HTTPError) -> HTTPResponse {
    var response = loop.server.handler.response(to: error)
    if error.status == .serviceUnavailable, response.fields[.retryAfter] == nil {
      response.fields.append(.retryAfter, String(limits.retryAfterSeconds))
    }
    return response
  }

  // MARK: Time

  private func updateDeadline() {
    if isInFlight {
      waiting = .nothing
      deadline = .max
    } else if hasOutput || !pending.isEmpty {
      return
    } else if parser.isInBody {
      wait(.body)
      deadline = waitingSince &+ time(limits.bodySeconds, bytes: parser.receivedBodyBytes)
    } else if parser.isBetweenRequests {
      wait(.idle)
      let seconds = served > 0 ? limits.idleSeconds : limits.headSeconds
      deadline = waitingSince &+ loop.nanoseconds(seconds)
    } else {
      wait(.head)
      deadline = waitingSince &+ loop.nanoseconds(limits.headSeconds)
    }
  }

  private func wait(_ waiting: Waiting) {
    guard waiting != self.waiting else { return }
    self.waiting = waiting
    // The handler may have taken its time since the round began.
    waitingSince = loop.refreshClock()
  }

  /// `seconds` and the time `bytes` take at the slowest transfer that is waited for.
  func time(_ seconds: Double, bytes: Int) -> UInt64 {
    loop.nanoseconds(seconds + Double(bytes) / Double(max(1, limits.minBytesPerSecond)))
  }

  func deadlinePassed() {
    guard phase == .open, !hasOutput else { return close() }
    switch waiting {
    case .head: fail(.headTimeout)
    case .body: fail(.bodyTimeout)
    case .idle, .nothing: close()
    }
  }

  // MARK: Closing

  /// The server drains: an idle connection closes now, any other with its next response.
  func drain() {
    if canRead && parser.isBetweenRequests { readable() }
    if canRead && parser.isBetweenRequests { close() }
  }

  /// Closing with unread input makes the kernel send RST, which can destroy the response on its way.
  private func finishClosing() {
    if peerFinished || peerAskedToClose && pending.isEmpty { return close() }
    Socket.shutdownWrite(descriptor)
    phase = .lingering
    pending = []
    lingerBudget = limits.maxLingerBytes
    deadline = loop.refreshClock() &+ loop.nanoseconds(limits.lingerSeconds)
    setInterest(.read)
  }

  private func discardInput() {
    for _ in 0..<Self.maxReads {
      switch Socket.receive(descriptor, loop.readBuffer) {
      case .bytes(let count) where count > 0:
        lingerBudget -= count
        if lingerBudget <= 0 { return close() }
        if count < loop.readBuffer.count { return }
      case .wouldBlock: return
      case .bytes, .failed: return close()
      }
    }
  }

  /// Closes the descriptor, once.
  func close() {
    guard phase != .closed else { return }
    phase = .closed
    producer = nil
    head = nil
    pending = []
    backlog = []
    releaseBody()
    Socket.close(descriptor)
    loop.server.leave(peer, wasRefused: isRefused)
    loop.remove(self)
  }
}
