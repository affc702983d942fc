import Dispatch
import Platform

extension RequestRing {
  /// New requests from now on, as a body of server-sent events.
  ///
  /// - Parameter selection: called on the ring's queue with every entry.
  package func watch(_ selection: @escaping RequestWatch.Selection) -> RequestWatch {
    let watch = RequestWatch(selection)
    let isFirst = watchers.withLock { watchers in
      defer { watchers.append(Watcher(watch: watch)) }
      return watchers.isEmpty
    }
    // The reader sees at once that it is connected.
    watch.beat()
    if isFirst { beatLater() }
    return watch
  }

  /// Ends what readers get, so that their connections can be closed.
  package func endWatches() {
    for watcher in watchers.withLock({ $0 }) { watcher.watch?.end() }
  }

  /// Whether somebody reads new requests.
  var isWatched: Bool { watchers.withLock { !$0.isEmpty } }

  func offer(_ directory: String, _ line: ArraySlice<UInt8>) {
    for watcher in watchers.withLock({ $0 }) { watcher.watch?.offer(directory, line) }
  }

  private func beatLater() {
    queue.asyncAfter(deadline: .now() + Self.beatInterval) { @Sendable [weak self] in
      guard let self else { return }
      let remaining = watchers.withLock { watchers in
        watchers.removeAll { $0.watch == nil }
        return watchers
      }
      guard !remaining.isEmpty else { return }
      for watcher in remaining { watcher.watch?.beat() }
      beatLater()
    }
  }

  private static let beatInterval = DispatchTimeInterval.seconds(15)

  /// Goes with its connection.
  struct Watcher {
    weak var watch: RequestWatch?
  }
}
