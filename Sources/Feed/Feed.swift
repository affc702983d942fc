import Dispatch
import Platform
package import Storage

/// The logs of a store as events. A view: it reads what is on disk, and nothing waits for it.
package final class Feed: Sendable {
  package let store: Store
  private let feeds = Locked<[String: DirectoryFeed]>([:])
  /// Read for those who follow.
  private let queues = (0..<2).map { DispatchQueue(label: "scimd.feed.\($0)") }
  private let turn = Locked(0)

  package init(_ store: Store) { self.store = store }

  /// The feed of a directory; a directory that is made again under the same name has another one.
  package func of(_ directory: Directory) -> DirectoryFeed {
    feeds.withLock { feeds in
      if let feed = feeds[directory.name], feed.directory === directory { return feed }
      let feed = DirectoryFeed(directory)
      feeds[directory.name] = feed
      return feed
    }
  }

  /// Runs work that reads files, off the event loops and off the threads of requests.
  package func enqueue(after seconds: Double = 0, _ work: @escaping @Sendable () -> Void) {
    let number = turn.withLock { turn in
      turn = (turn + 1) % queues.count
      return turn
    }
    guard seconds > 0 else { return queues[number].async { @Sendable in work() } }
    queues[number].asyncAfter(deadline: .now() + seconds) { @Sendable in work() }
  }
}
