import Platform
import XCTest

@testable import HTTP

/// Streams that have nothing to send for a while.
final class QuietStreamTests: ServerTestCase {
  /// Sends what it is given, when it is given.
  private final class Source: HTTPBodyProducer {
    private struct State {
      var waiting: [UInt8] = []
      var isEnded = false
      var wake: (@Sendable () -> Void)?
      var rests = 0
    }

    private let state = Locked(State())

    /// How often it had nothing.
    var rests: Int { state.withLock { $0.rests } }

    func give(_ text: String, isLast: Bool = false) {
      let wake = state.withLock { state in
        state.waiting += Array(text.utf8)
        state.isEnded = isLast
        return state.wake.take()
      }
      wake?()
    }

    func nextPiece() -> [UInt8]? {
      state.withLock { state in
        defer { state.waiting = [] }
        return state.waiting.isEmpty && state.isEnded ? nil : state.waiting
      }
    }

    func whenReady(_ wake: @escaping @Sendable () -> Void) -> Bool {
      let isReady = state.withLock { state in
        state.rests += 1
        let isReady = !state.waiting.isEmpty || state.isEnded
        state.wake = isReady ? nil : wake
        return isReady
      }
      if isReady { wake() }
      return true
    }
  }

  private static func streaming(_ source: Source) -> TestHandler {
    TestHandler(answers: { _, reply in
      reply.send(HTTPResponse(status: .ok, body: .stream(source)))
      return true
    })
  }

  func testStream_ThatHasNothingForAWhileGoesOnWhenItHas() throws {
    let source = Source()
    let client = try RawClient(port: start(Self.streaming(source)).port)
    client.get("/ok")
    for text in ["one ", "two ", "three "] {
      let rests = source.rests
      eventually({ source.rests > rests || source.rests > 0 })
      source.give(text)
    }
    source.give("end", isLast: true)
    XCTAssertEqual(String(decoding: try client.response().body, as: UTF8.self), "one two three end")
    // The connection serves the next request, whose stream has ended already.
    client.get("/ok")
    XCTAssertEqual(try client.response().status, 200)
  }

  func testStream_ThatHasNothingForTooLongIsCutOffAndNeverLooksComplete() throws {
    var limits = HTTPLimits.default
    limits.quietSeconds = 0.2
    let client = try RawClient(port: start(Self.streaming(Source()), limits: limits).port)
    client.get("/ok")
    XCTAssertThrowsError(try client.response())
  }

  func testStream_WhosePeerHasLeftEndsWithTheNextPieces() throws {
    weak var left: Source?
    var client: RawClient?
    try {
      let source = Source()
      left = source
      let given = Locked<Source?>(source)
      let handler = TestHandler(answers: { _, reply in
        if let source = given.withLock({ $0.take() }) {
          reply.send(HTTPResponse(status: .ok, body: .stream(source)))
        }
        return true
      })
      client = try RawClient(port: start(handler).port)
      client?.get("/ok")
      eventually({ source.rests > 0 })
    }()
    client?.reset()
    eventually({
      left?.give("more")
      return left == nil
    })
  }
}
