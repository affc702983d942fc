extension ConnectionState {
  /// The stages of a connection; it is always in exactly one.
  ///
  ///     proxyHeader -> idle -> head -> body -> handling -> idle ...
  ///                              \---> discarding -------> idle ...
  ///     any of these -> sending -> the next one, or lingering -> closed
  enum Stage {
    /// The PROXY protocol header is arriving; its bytes so far.
    case proxyHeader([UInt8])
    /// Between requests: no byte of the next one has arrived.
    case idle
    /// Part of a request head has arrived.
    case head
    /// The head is complete and its body is arriving; `invites` until `100 Continue` was sent or is not needed.
    case body(HTTPRequestHead, invites: Bool)
    /// The request is refused already; the rest of its body is read and dropped.
    case discarding
    /// The handler has the request; input waits.
    case handling
    /// The socket does not take all bytes yet, or the last answer is on its way; input waits until all is sent.
    case sending(then: Next)
    /// The last answer is sent; input up to `budget` bytes is dropped until the peer has read the answer.
    case lingering(budget: Int)
    case closed
  }

  /// The next stage once all bytes are sent.
  enum Next {
    case request
    case body(HTTPRequestHead, invites: Bool)
    case restOfBody
    /// The handler has the next request already, which arrived together with the one before.
    case handling
    case close
  }

  /// The action for the owner of the connection.
  enum Action {
    /// Everything received is used: wait for more bytes until the deadline. `held` bytes of a body are in memory.
    case read(held: Int)
    /// Nothing; another event continues.
    case wait
    /// Send `100 Continue`.
    case invite
    /// Ask the handler whether it refuses the head before its body is awaited; `refuse` if so. `bytesHere` is how many
    /// bytes follow the head already.
    case judge(HTTPRequestHead, bytesHere: Int)
    /// Passes the request to the handler; `reply` receives its answer.
    case handle(HTTPRequestHead, body: [UInt8])
    /// Answer with an error; the connection ends with it.
    case answer(HTTPError)
    case close
  }

  /// The next action after an answer is sent.
  enum Ending {
    case none
    /// Shut the sending direction down, then `linger`.
    case linger
    case close
  }

  /// How a turn of the connection ends.
  struct TurnEnd {
    let ending: Ending
    let wantsBytes: Bool
    /// Whether bytes that arrived earlier can be parsed now.
    let hasWork: Bool
    /// Bytes of an unfinished body that are in memory.
    let heldBytes: Int
  }

  /// Which connections give way to a new one first; among equals, the one whose deadline is next.
  enum Precedence: Int, Comparable {
    /// No complete request head has arrived.
    case halfOpen
    case idle
    /// Only the peer's closing is awaited.
    case lingering
    /// A request is under way: it does not give way.
    case none

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// The use of bytes from the peer.
  enum Reading {
    case parse, drop, nothing
  }
}

extension ConnectionState.Stage {
  /// Whether bytes from the peer are parsed.
  var isReceiving: Bool {
    switch self {
    case .proxyHeader, .idle, .head, .body, .discarding: true
    case .handling, .sending, .lingering, .closed: false
    }
  }
}
