import HTTP
import Platform

/// A connection without a socket: parser and test handler, fed with bytes.
struct ParserDriver {
  private(set) var outcome = Outcome()
  private(set) var requests: [HTTPRequest] = []
  private(set) var error: HTTPError?
  private var parser = RequestParser()
  private var head: HTTPRequestHead?
  private let limits: HTTPLimits

  init(limits: HTTPLimits = .default) {
    self.limits = limits
  }

  mutating func feed(_ bytes: some Sequence<UInt8>) {
    Array(bytes).withUnsafeBytes { input in
      var offset = 0
      while !outcome.isClosed {
        switch parser.parse(input, from: &offset, limits: limits) {
        case .needsMore:
          if parser.isInBody, parser.receivedBodyBytes == 0, outcome.interim == 0,
            head?[.expect] != nil, head?.isHTTP10 == false
          {
            outcome.interim += 1
          }
          precondition(offset == input.count, "a parser that needs more has consumed its input")
          return
        case .head(let head):
          self.head = head
        case .body(let body):
          guard let head else { preconditionFailure("a body comes after a head") }
          let request = HTTPRequest(head: head, body: body, peer: .unixSocket)
          requests.append(request)
          outcome.statuses.append(TestHandler.response(to: request).status.rawValue)
          outcome.isClosed = head.asksToClose
          self.head = nil
        case .failed(let error):
          self.error = error
          outcome.statuses.append(error.status.rawValue)
          outcome.isClosed = true
        }
      }
    }
  }

  static func run(_ pieces: [ArraySlice<UInt8>], limits: HTTPLimits = .default) -> ParserDriver {
    var driver = ParserDriver(limits: limits)
    for piece in pieces { driver.feed(piece) }
    return driver
  }

  static func run(_ text: String, limits: HTTPLimits = .default) -> ParserDriver {
    run([Array(text.utf8)[...]], limits: limits)
  }
}
