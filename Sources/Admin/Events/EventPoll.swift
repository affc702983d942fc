import Feed
import HTTP
import JSON
import Platform
import Storage

/// The answer to a request that waits for the next event: one page, empty if none came in time.
final class EventPoll: HTTPBodyProducer, EventReader {
  private struct State {
    var cursor: EventID
    var waiter: Int?
    var isOver = false
  }

  private let feed: Feed
  private let source: DirectoryFeed
  private let types: Set<EventType>
  private let limit: Int
  private let seconds: Double
  private let body = EventStreamBody()
  private let render: @Sendable (FeedPage) -> JSONValue
  private let state: Locked<State>

  /// - Parameters:
  ///   - types: those wanted; empty for all.
  ///   - render: makes the answer; called once, where files may be read.
  init(
    _ feed: Feed, _ directory: Directory, after cursor: EventID, types: Set<EventType>, limit: Int,
    seconds: Double, render: @escaping @Sendable (FeedPage) -> JSONValue
  ) {
    self.feed = feed
    source = feed.of(directory)
    self.types = types
    self.render = render
    self.limit = limit
    self.seconds = seconds
    state = Locked(State(cursor: cursor))
  }

  deinit { source.forget(state.withLock { $0.waiter }) }

  func begin() {
    feed.enqueue(after: seconds) { [weak self] in self?.end() }
    wait()
  }

  /// Answers with what there is: nothing.
  func end() { finish(FeedPage(next: state.withLock { $0.cursor })) }

  private func wait() {
    let waiter = source.whenWritten(after: state.withLock { $0.cursor.seq }) { [weak self] in
      guard let self else { return }
      state.withLock { $0.waiter = nil }
      feed.enqueue { [weak self] in self?.read() }
    }
    state.withLock { $0.waiter = waiter }
  }

  private func read() {
    while !state.withLock({ $0.isOver }) {
      let cursor = state.withLock { $0.cursor }
      // The cursor was good a moment ago: what fails now is said to the next request.
      guard let page = try? source.page(after: cursor, types: types, limit: limit) else {
        return end()
      }
      state.withLock { $0.cursor = page.next }
      guard page.events.isEmpty else { return finish(page) }
      if page.isAtEnd { return wait() }
    }
  }

  private func finish(_ page: FeedPage) {
    let isFirst = state.withLock { state in
      defer { state.isOver = true }
      return !state.isOver
    }
    guard isFirst else { return }
    body.add(render(page).serialized())
    body.end()
  }

  // MARK: HTTPBodyProducer

  func nextPiece() -> [UInt8]? { body.nextPiece() }

  var heldBytes: Int { body.heldBytes }

  func whenReady(_ wake: @escaping @Sendable () -> Void) -> Bool { body.whenReady(wake) }
}
