import Dispatch
import JSON
import Platform

extension RequestRing {
  /// Requests that a reader who reconnects gets at most of those that it missed.
  private static let maxMissed = 1000

  /// New requests from now on, as a body of server-sent events.
  ///
  /// - Parameters:
  ///   - last: the id of the last request that the reader has seen; it gets the later ones that are kept first.
  ///   - directories: those that it reads.
  ///   - selection: called on the ring's queue with every entry.
  package func watch(
    after last: String? = nil, of directories: [String] = [],
    _ selection: @escaping RequestWatch.Selection
  ) -> RequestWatch {
    let watch = RequestWatch(selection)
    let place = last.flatMap { id in
      directories.lazy.compactMap { directory in
        (try? self.entry(id, of: directory)).flatMap { $0 }.map { Place(directory: directory, entry: $0) }
      }.first
    }
    let isFirst = onFiles { files in
      // Nothing is written between the last of these and the first new one.
      if let place {
        for (directory, line) in missed(since: place, of: directories, files) { watch.offer(directory, line) }
      }
      return watchers.withLock { watchers in
        defer { watchers.append(Watcher(watch: watch)) }
        return watchers.isEmpty
      }
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

  /// The last request that a reader has seen.
  private struct Place {
    let directory: String
    let entry: RequestEntry

    /// Of the same directory by its number, of another one by its time.
    func precedes(_ number: UInt64, at time: String, in directory: String) -> Bool {
      guard !directory.hasSameBytes(as: self.directory) else { return entry.number < number }
      let own = entry.json["time"]?.stringValue ?? ""
      return !time.utf8.lexicographicallyPrecedes(own.utf8)
    }
  }

  /// The last entries behind that place, oldest first.
  private func missed(
    since place: Place, of directories: [String], _ files: RingFiles
  ) -> [(directory: String, line: ArraySlice<UInt8>)] {
    var found: [(time: String, directory: String, line: ArraySlice<UInt8>)] = []
    for directory in directories {
      var count = 0
      newest: for segment in files.shelf(directory).segments.reversed() where count < Self.maxMissed {
        guard let lines = try? lines(of: segment, directory) else { continue }
        for index in (0..<lines.count).reversed() where count < Self.maxMissed {
          guard let json = try? JSONParser.parse(Array(lines[index])), let moment = json["time"]?.stringValue
          else { continue }
          let number = segment.first + UInt64(index)
          guard place.precedes(number, at: moment, in: directory) else { break newest }
          found.append((moment, directory, lines[index]))
          count += 1
        }
      }
    }
    // Newest first so far; those of one moment stay in their order.
    found.reverse()
    found.sort { $0.time.utf8.lexicographicallyPrecedes($1.time.utf8) }
    return found.suffix(Self.maxMissed).map { ($0.directory, $0.line) }
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
