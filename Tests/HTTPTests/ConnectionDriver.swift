import Platform

@testable import HTTP

/// A connection without a socket: its state and the test handler, fed with bytes and events.
struct ConnectionDriver {
  let state: ConnectionState
  private(set) var outcome = Outcome()
  private(set) var requests: [HTTPRequest] = []
  private(set) var errors: [HTTPError] = []
  /// How the last answer was written.
  private(set) var context = ResponseWriter.Context()
  private(set) var lingers = false
  let limits: HTTPLimits
  /// Whether requests are kept until `reply`.
  var defers = false
  /// Whether the socket takes nothing.
  var isBlocked = false
  var isDraining = false
  var refusal: HTTPResponse?
  var now: UInt64 = 0

  init(limits: HTTPLimits = .default, expectsProxyHeader: Bool = false, isGuest: Bool = false) {
    self.limits = limits
    state = ConnectionState(peer: .unixSocket, expectsProxyHeader: expectsProxyHeader, isGuest: isGuest)
  }

  static func run(_ pieces: [ArraySlice<UInt8>]) -> ConnectionDriver {
    var driver = ConnectionDriver()
    for piece in pieces { driver.feed(piece) }
    return driver
  }

  mutating func feed(_ text: String) { feed(Array(text.utf8)[...]) }

  mutating func feed(_ bytes: ArraySlice<UInt8>) {
    guard state.wantsBytes else { return }
    bytes.withUnsafeBytes { input in
      let offset = process(input, from: 0)
      if offset < input.count { state.keep(input[offset...]) }
    }
    finishTurn()
  }

  mutating func reply(to number: Int? = nil, _ response: HTTPResponse = HTTPResponse(status: .ok)) {
    let context = state.reply(
      response, to: number ?? state.handled, isLast: isDraining, limits: limits)
    if let context { write(response, context) }
    continueParsing()
    finishTurn()
  }

  /// The socket takes everything again.
  mutating func unblock() {
    isBlocked = false
    finish(state.sent())
    continueParsing()
    finishTurn()
  }

  mutating func finishInput() {
    state.finishInput()
    finishTurn()
  }

  mutating func passDeadline() {
    perform(state.deadlinePassed())
    finishTurn()
  }

  mutating func fail(_ error: HTTPError) {
    perform(state.fail(error))
    finishTurn()
  }

  // MARK: As a shell does

  private mutating func finishTurn() {
    if isBlocked && !requests.isEmpty { state.blocked(until: .max) }
    let now = now
    finish(state.endTurn(isSent: !isBlocked, limits: limits) { now }.ending)
  }

  private mutating func continueParsing() {
    while state.hasWork {
      let (bytes, start) = state.waiting
      bytes.withUnsafeBytes { state.used(upTo: process($0, from: start)) }
    }
  }

  private mutating func process(_ input: UnsafeRawBufferPointer, from start: Int) -> Int {
    var offset = start
    while true {
      let action = state.next(input, from: &offset, limits: limits)
      switch action {
      case .wait: return offset
      case .read:
        precondition(offset == input.count, "a connection that wants bytes has used those it had")
        return offset
      case .invite, .judge, .handle, .answer, .close: perform(action)
      }
    }
  }

  private mutating func perform(_ action: ConnectionState.Action) {
    switch action {
    case .read, .wait: break
    case .invite: outcome.interim += 1
    case .judge(let head, let bytesHere):
      guard let refusal else { return }
      state.refuse(head, bytesHere: bytesHere, limits: limits)
      write(refusal)
    case .handle(let head, let body):
      let request = HTTPRequest(head: head, body: body, peer: state.client)
      requests.append(request)
      if !defers { write(TestHandler.response(to: request)) }
    case .answer(let error):
      errors.append(error)
      write(HTTPResponse(status: error.status))
    case .close: finish(.close)
    }
  }

  private mutating func finish(_ ending: ConnectionState.Ending) {
    switch ending {
    case .none: return
    case .linger:
      lingers = true
      state.linger(until: now, limits: limits)
    case .close: state.close()
    }
    outcome.isClosed = true
  }

  private mutating func write(_ response: HTTPResponse) {
    write(response, state.reply(response, isLast: isDraining, limits: limits))
  }

  private mutating func write(_ response: HTTPResponse, _ context: ResponseWriter.Context) {
    self.context = context
    outcome.statuses.append(response.status.rawValue)
  }
}
