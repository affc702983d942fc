import JSON
import Platform
import Storage

/// The files of all directories.
///
/// `@unchecked Sendable`: it is touched only on the queue of its ring.
final class RingFiles: @unchecked Sendable {
  private let folder: String
  private let limits: RingLimits
  private var shelves: [String: RingShelf] = [:]
  /// The one of the last entry: mostly that of the next one too.
  private var recent: RingShelf?
  /// Those with waiting lines.
  private var changed: [RingShelf] = []
  private var writer: EntryWriter
  private var isListed = false
  /// Milliseconds since 1970.
  var pausedUntil = Int64.min
  /// Whether the last write failed.
  var isFailing = false

  init(folder: String, limits: RingLimits, mask: ValueMask) {
    self.folder = folder
    self.limits = limits
    writer = EntryWriter(mask)
  }

  func shelf(_ name: String) -> RingShelf {
    if let recent, recent.name.hasSameBytes(as: name) { return recent }
    let shelf = shelves[name] ?? RingShelf(name: name, folder: "\(folder)/\(name)", limits: limits)
    shelves[name] = shelf
    recent = shelf
    return shelf
  }

  // MARK: Writing

  /// Returns the line.
  func add(_ request: any ObservedRequest, _ answer: ObservedAnswer) -> [UInt8] {
    let shelf = shelf(request.observedDirectory)
    writer.begin()
    request.describe(to: &writer, answer)
    writer.end()
    if shelf.isEmpty { changed.append(shelf) }
    shelf.add(writer.line)
    return writer.line
  }

  /// Writes the waiting lines of all directories; returns how many were lost, and why.
  func write(now: Int64) -> (lost: Int, error: SystemError?) {
    var (lost, failure): (Int, SystemError?) = (0, nil)
    for shelf in changed {
      let (count, error) = shelf.write(now: now)
      lost += count
      if let error { failure = error }
    }
    changed.removeAll(keepingCapacity: true)
    do throws(SystemError) { try shrink() } catch { failure = failure ?? error }
    return (lost, failure)
  }

  /// The largest directory gives way while all together are too large.
  private func shrink() throws(SystemError) {
    try list()
    while shelves.values.reduce(0, { $0 + $1.bytes }) > limits.totalBytes {
      guard let largest = shelves.values.max(by: { $0.bytes < $1.bytes }), !largest.segments.isEmpty else {
        return
      }
      try largest.removeOldest()
    }
  }

  /// Finds the directories that have a ring from an earlier run.
  private func list() throws(SystemError) {
    guard !isListed else { return }
    isListed = true
    guard FileSystem.isDirectory(folder) else { return }
    for name in try FileSystem.list(folder) { _ = shelf(name) }
  }

  func tidy(now: Int64) {
    try? list()
    for shelf in shelves.values { try? shelf.retire(now: now) }
  }
}
