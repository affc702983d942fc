import Platform

/// The rules of one connection without its I/O: bytes and events go in, actions come out.
///
/// Requests are handled one at a time, in order: while one is handled or its answer is being sent, the bytes after it
/// wait. The owner of the descriptor carries the actions out, and may encrypt the bytes on their way. This is a class
/// because inside another class each use of a value would be checked for exclusive access at run time.
final class ConnectionState {
  /// Whose requests these are: the peer, or the client that a proxy named.
  private(set) var client: PeerAddress
  /// How the answer to the current request is written.
  private(set) var context = ResponseWriter.Context()
  /// How many requests the handler was given; an answer to an earlier one is stale.
  private(set) var handled = 0
  /// Monotonic nanoseconds after which `deadlinePassed` is due.
  var deadline = UInt64.max
  private(set) var stage: Stage
  var wait = Wait.nothing
  var waitStart: UInt64 = 0

  private var parser = RequestParser()
  private var pending: [UInt8] = []
  private var pendingOffset = 0
  private let isGuest: Bool
  private var answered = 0
  private var peerAskedToClose = false
  private var peerHasFinished = false

  /// - Parameters:
  ///   - expectsProxyHeader: whether the connection begins with a PROXY protocol header.
  ///   - isGuest: whether it has a reserved place: one answer, and only to a request without a body.
  init(peer: PeerAddress, expectsProxyHeader: Bool = false, isGuest: Bool = false) {
    client = peer
    self.isGuest = isGuest
    stage = expectsProxyHeader ? .proxyHeader([]) : .idle
  }

  // MARK: What holds now

  var isClosed: Bool {
    if case .closed = stage { return true }
    return false
  }

  var isSending: Bool {
    if case .sending = stage { return true }
    return false
  }

  /// The use of bytes that the peer has sent.
  var reading: Reading {
    if case .lingering = stage { return .drop }
    return wantsBytes ? .parse : .nothing
  }

  /// Whether the handler has a request or an answer is not sent yet.
  var isBusy: Bool {
    switch stage {
    case .handling, .sending: true
    case .proxyHeader, .idle, .head, .body, .discarding, .lingering, .closed: false
    }
  }

  /// Whether closing now takes nothing from the peer: it has sent no part of a request that is not answered.
  var isIdle: Bool {
    switch stage {
    case .proxyHeader, .idle: wantsBytes
    case .head, .body, .discarding, .handling, .sending, .lingering, .closed: false
    }
  }

  /// Whether the connection gives way to a new one.
  var precedence: Precedence {
    switch stage {
    case .proxyHeader, .idle: !wantsBytes ? .none : isFresh ? .halfOpen : .idle
    case .head: wantsBytes ? .halfOpen : .none
    case .lingering: .lingering
    case .body, .discarding, .handling, .sending, .closed: .none
    }
  }

  /// Whether bytes should be read from the peer.
  var wantsBytes: Bool { stage.isReceiving && pending.isEmpty && !peerHasFinished }

  /// Whether bytes that arrived earlier can be parsed now.
  var hasWork: Bool { !pending.isEmpty && stage.isReceiving }

  /// Whether the peer has sent all it will and is owed nothing.
  var isFinished: Bool { peerHasFinished && stage.isReceiving && pending.isEmpty }

  /// Bytes of an unfinished body that are in memory.
  var heldBytes: Int {
    switch stage {
    case .body, .sending(then: .body): parser.receivedBodyBytes
    default: 0
    }
  }

  /// Bytes of the current body, kept or dropped.
  var bodyBytes: Int { parser.receivedBodyBytes }

  var hasPending: Bool { !pending.isEmpty }

  /// Whether no request was answered yet.
  var isFresh: Bool { answered == 0 }

  // MARK: Bytes

  /// The next action that `input` from `offset` on leads to; consumes what it used. Called again until it returns
  /// `read` or `wait`; then `keep` stores the remaining bytes.
  func next(
    _ input: UnsafeRawBufferPointer, from offset: inout Int, limits: HTTPLimits
  ) -> Action {
    while true {
      switch stage {
      case .idle, .head, .body, .discarding:
        switch parser.parse(input, from: &offset, limits: limits) {
        case .needsMore:
          return needMore(limits)
        case .head(let head):
          begin(head)
          if isGuest && head.hasBody {
            return fail(.tooManyConnections(limit: limits.maxConnections))
          }
          let bytesHere = input.count - offset
          if !isComplete(head, bytesHere) { return .judge(head, bytesHere: bytesHere) }
        case .body(let body):
          if let head = finish() { return .handle(head, body: body) }
        case .failed(let error):
          return fail(error)
        }
      case .proxyHeader(let before):
        if let action = introduce(before, input, &offset) { return action }
      case .handling, .sending, .lingering, .closed:
        return .wait
      }
    }
  }

  /// Keeps bytes that `next` did not use for later.
  func keep(_ bytes: UnsafeRawBufferPointer.SubSequence) {
    if case .closed = stage { return }
    pending = Array(bytes)
    pendingOffset = 0
  }

  /// The bytes that wait and where they begin; `used` says how far they were used.
  var waiting: (bytes: [UInt8], offset: Int) { (pending, pendingOffset) }

  /// Drops the bytes that wait up to `offset`.
  func used(upTo offset: Int) {
    pendingOffset = offset
    guard offset >= pending.count else { return }
    pending = []
    pendingOffset = 0
  }

  /// The same for a connection whose other bytes are encrypted: reads the header of a proxy if one is awaited; nil once it
  /// is complete.
  func readProxyHeader(_ input: UnsafeRawBufferPointer, from offset: inout Int) -> Action? {
    guard case .proxyHeader(let before) = stage else { return nil }
    return introduce(before, input, &offset)
  }

  /// Reads the header of a proxy; nil once it is complete.
  private func introduce(
    _ before: [UInt8], _ input: UnsafeRawBufferPointer, _ offset: inout Int
  ) -> Action? {
    let fresh = input[offset...].prefix(ProxyHeader.maxBytes - before.count)
    let bytes = before + fresh
    do throws(HTTPError) {
      guard let header = try ProxyHeader.parse(bytes[...]) else {
        stage = .proxyHeader(bytes)
        offset += fresh.count
        return .read(held: 0)
      }
      if let client = header.client { self.client = client }
      stage = .idle
      offset += header.length - before.count
      return nil
    } catch {
      offset = input.count
      return fail(error)
    }
  }

  /// The action when all bytes have been parsed and the request is not complete.
  private func needMore(_ limits: HTTPLimits) -> Action {
    switch stage {
    case .idle where !parser.isBetweenRequests:
      stage = .head
    case .body(let head, invites: true):
      stage = .body(head, invites: false)
      // RFC 9110 §10.1.1: the invitation may be omitted when the body is on its way already.
      if parser.receivedBodyBytes == 0 { return .invite }
    case .discarding where parser.receivedBodyBytes > limits.maxDiscardedBodyBytes:
      stage = .sending(then: .close)
      return .wait
    default:
      break
    }
    return .read(held: heldBytes)
  }

  private func begin(_ head: HTTPRequestHead) {
    peerAskedToClose = head.asksToClose
    context = ResponseWriter.Context(
      omitsContent: head.method == .head, closes: peerAskedToClose, isHTTP10: head.isHTTP10)
    stage = .body(head, invites: head.storage.framing.expectsContinue)
  }

  private func isComplete(_ head: HTTPRequestHead, _ bytesHere: Int) -> Bool {
    head.contentLength.map { $0 <= bytesHere } ?? !head.hasBody
  }

  /// The head of the request whose body is complete; nil if it is answered already.
  private func finish() -> HTTPRequestHead? {
    wait = .nothing
    guard case .body(let head, _) = stage else {
      stage = .idle
      return nil
    }
    stage = .handling
    handled += 1
    return head
  }

  // MARK: Answers

  /// The handler refuses the request whose head was judged; its body is dropped as it arrives.
  ///
  /// - Parameter bytesHere: how many bytes after the head have arrived.
  func refuse(_ head: HTTPRequestHead, bytesHere: Int, limits: HTTPLimits) {
    // A peer that waits for an invitation may or may not send the body: only closing is unambiguous.
    let bodyMayNotCome = head.storage.framing.expectsContinue && bytesHere == 0
    if bodyMayNotCome || (head.contentLength ?? 0) > limits.maxDiscardedBodyBytes { context.closes = true }
    parser.discardBody()
    stage = .discarding
  }

  /// Whether the answer to the request with this number is still awaited.
  func awaits(_ number: Int) -> Bool {
    switch stage {
    case .handling, .sending(then: .handling): number == handled
    default: false
    }
  }

  /// The handler answers the request with this number; how its answer is written, nil if it is not awaited any more.
  ///
  /// - Parameter isLast: whether the server wants to close the connection after it.
  func reply(
    _ response: HTTPResponse, to number: Int, isLast: Bool, limits: HTTPLimits
  ) -> ResponseWriter.Context? {
    awaits(number) ? reply(response, isLast: isLast, limits: limits) : nil
  }

  /// The server answers by itself; how its answer is written.
  func reply(_ response: HTTPResponse, isLast: Bool, limits: HTTPLimits) -> ResponseWriter.Context {
    answered += 1
    if isLast || isGuest || answered >= limits.maxRequestsPerConnection { context.closes = true }
    // RFC 9112 §6.3: without the chunked coding only the end of the connection ends the content.
    if context.isHTTP10, response.isStream { context.closes = true }
    if context.closes {
      stage = .sending(then: .close)
      return context
    }
    switch stage {
    case .discarding: break
    case .sending: stage = .sending(then: .request)
    case .proxyHeader, .idle, .head, .body, .handling, .lingering, .closed: stage = .idle
    }
    return context
  }

  /// Ends the connection, with an error answer if the peer can still receive one.
  func fail(_ error: HTTPError) -> Action {
    switch stage {
    case .discarding:
      // The request was answered before its body came: a second answer would be read as the next request's.
      stage = .sending(then: .close)
      return .wait
    case .lingering, .closed:
      return .wait
    case .proxyHeader, .idle, .head:
      context = ResponseWriter.Context()
    case .body, .handling, .sending:
      break
    }
    context.closes = true
    peerAskedToClose = false
    return .answer(error)
  }

  // MARK: Sending

  /// The socket does not take all bytes; it must until `moment`.
  func blocked(until moment: UInt64) {
    deadline = moment
    switch stage {
    case .proxyHeader, .idle, .head: stage = .sending(then: .request)
    case .body(let head, let invites): stage = .sending(then: .body(head, invites: invites))
    case .discarding: stage = .sending(then: .restOfBody)
    case .handling: stage = .sending(then: .handling)
    case .sending, .lingering, .closed: break
    }
  }

  /// Everything written is sent.
  func sent() -> Ending {
    guard case .sending(let next) = stage else { return .none }
    switch next {
    case .request: stage = parser.isBetweenRequests ? .idle : .head
    case .body(let head, let invites): stage = .body(head, invites: invites)
    case .restOfBody: stage = .discarding
    case .handling: stage = .handling
    case .close: return peerHasFinished || peerAskedToClose && pending.isEmpty ? .close : .linger
    }
    return .none
  }

  // MARK: The end

  /// The turn is over and what was written is sent or, if not `isSent`, blocked; arms the deadline.
  func endTurn(isSent: Bool, limits: HTTPLimits, clock: () -> UInt64) -> TurnEnd {
    var ending = isSent && isSending ? sent() : .none
    if isFinished { ending = .close }
    armDeadline(limits: limits, clock: clock)
    return TurnEnd(ending: ending, wantsBytes: wantsBytes, hasWork: hasWork, heldBytes: heldBytes)
  }

  /// The peer sends nothing more.
  func finishInput() {
    peerHasFinished = true
  }

  /// Closing with unread input makes the kernel send RST, which can destroy the answer on its way.
  func linger(until moment: UInt64, limits: HTTPLimits) {
    stage = .lingering(budget: limits.maxLingerBytes)
    deadline = moment
    pending = []
    pendingOffset = 0
  }

  /// Counts bytes that were dropped; whether more may come.
  func drop(_ count: Int) -> Bool {
    guard case .lingering(let budget) = stage, count < budget else { return false }
    stage = .lingering(budget: budget - count)
    return true
  }

  func close() {
    stage = .closed
    pending = []
    pendingOffset = 0
  }
}
