import Feed
import HTTP
import JSON
import Platform
import Storage

/// Events as server-sent events, for one reader, who gets no more than it takes:
///
///     id: evt_4gT0aZk9_42_0
///     event: user.deactivated
///     data: {"id": "evt_4gT0aZk9_42_0", ...}
///
/// A comment every 15 seconds shows that the connection is alive. If the reader falls behind what is kept, the stream ends
/// with `event: gone` and the problem.
final class EventFollower: HTTPBodyProducer, EventReader {
  private struct State {
    var cursor: EventID
    /// Whether the log has more than the reader took.
    var hasMore = false
    var waiter: Int?
    var isEnded = false
  }

  private static let beatSeconds = 15.0
  private static let pageSize = 100

  private let feed: Feed
  private let source: DirectoryFeed
  private let selection: EventSelection
  private let body = EventStreamBody()
  private let state: Locked<State>

  init(_ feed: Feed, _ directory: Directory, after cursor: EventID, _ selection: EventSelection) {
    self.feed = feed
    source = feed.of(directory)
    self.selection = selection
    state = Locked(State(cursor: cursor))
  }

  deinit { source.forget(state.withLock { $0.waiter }) }

  func begin() {
    // The reader sees at once that it is connected.
    body.beat()
    beatLater()
    feed.enqueue { [weak self] in self?.read() }
  }

  func end() {
    state.withLock { $0.isEnded = true }
    body.end()
  }

  private func beatLater() {
    feed.enqueue(after: Self.beatSeconds) { [weak self] in
      guard let self, !state.withLock({ $0.isEnded }) else { return }
      body.beat()
      beatLater()
    }
  }

  /// Sends what is there; then waits for the reader or for the log.
  private func read() {
    while !state.withLock({ $0.isEnded }) {
      let page: FeedPage
      do throws(FeedError) {
        page = try source.page(
          after: state.withLock { $0.cursor }, types: selection.types, limit: Self.pageSize)
      } catch {
        let problem = AdminProblem(error).json.serialized()
        body.add(Array("event: gone\ndata: ".utf8) + problem + Array("\n\n".utf8))
        return end()
      }
      state.withLock { $0.cursor = page.next }
      guard page.events.isEmpty else {
        state.withLock { $0.hasMore = true }
        // Nothing waits before this, so that it always fits.
        body.add(zip(page.events, selection.form.items(page.events, source)).flatMap { $0.lines($1) })
        return
      }
      if page.isAtEnd { return wait(after: page.next.seq) }
    }
  }

  private func wait(after seq: UInt64) {
    let waiter = source.whenWritten(after: seq) { [weak self] in
      guard let self else { return }
      state.withLock { $0.waiter = nil }
      feed.enqueue { [weak self] in self?.read() }
    }
    state.withLock { $0.waiter = waiter }
  }

  // MARK: HTTPBodyProducer

  func nextPiece() -> [UInt8]? {
    let piece = body.nextPiece()
    let hasMore = state.withLock { state in
      defer { state.hasMore = false }
      return state.hasMore && piece?.isEmpty == false
    }
    if hasMore { feed.enqueue { [weak self] in self?.read() } }
    return piece
  }

  var heldBytes: Int { body.heldBytes }

  func whenReady(_ wake: @escaping @Sendable () -> Void) -> Bool { body.whenReady(wake) }
}

extension Event {
  /// As a server-sent event.
  fileprivate func lines(_ json: JSONValue) -> [UInt8] {
    Array("id: \(id)\nevent: \(type.rawValue)\ndata: ".utf8) + json.serialized()
      + Array("\n\n".utf8)
  }
}
