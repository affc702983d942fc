import Glibc
import Platform

/// The files of one directory's ring. A start, and a write that failed, begin a new file, so that a torn line is only
/// ever the last of its file; readers skip it.
///
/// `@unchecked Sendable`: it is touched only on the queue of its ring.
final class RingShelf: @unchecked Sendable {
  let name: String
  let folder: String
  private let limits: RingLimits
  private(set) var segments: [RingSegment] = []
  /// Whether `next` is known and the last segment is one of this process.
  private var isOpen = false
  /// The number of the next entry.
  private(set) var next: UInt64 = 1
  /// Lines that wait to be written, and how many they are.
  private var lines: [UInt8] = []
  private var count = 0

  init(name: String, folder: String, limits: RingLimits) {
    self.name = name
    self.folder = folder
    self.limits = limits
    segments = (try? Self.segments(in: folder)) ?? []
  }

  /// Those of a folder, oldest first.
  static func segments(in folder: String) throws(SystemError) -> [RingSegment] {
    guard FileSystem.isDirectory(folder) else { return [] }
    var found: [RingSegment] = []
    for name in try FileSystem.list(folder) {
      guard let first = RingSegment.first(in: name) else { continue }
      let file = try File.open("\(folder)/\(name)", .read)
      found.append(RingSegment(first: first, bytes: try file.size, newest: try file.modified))
    }
    return found
  }

  var bytes: Int { segments.reduce(0) { $0 + $1.bytes } }

  func path(_ segment: RingSegment) -> String { "\(folder)/\(RingSegment.name(first: segment.first))" }

  // MARK: Writing

  /// Whether no line waits.
  var isEmpty: Bool { count == 0 }

  func add(_ line: [UInt8]) {
    lines += line
    count += 1
  }

  /// Writes the waiting lines; returns how many were lost because that failed.
  func write(now: Int64) -> (lost: Int, error: SystemError?) {
    guard count > 0 else { return (0, nil) }
    let (bytes, written) = (lines, count)
    lines.removeAll(keepingCapacity: lines.capacity < 1 << 20)
    count = 0
    do throws(SystemError) {
      try prepare(now: now)
      let last = segments.count - 1
      let file = try File.open(path(segments[last]), .append(create: true))
      try file.writeAll(bytes)
      segments[last].bytes += bytes.count
      segments[last].newest = now
      next += UInt64(written)
      return (0, nil)
    } catch {
      // The next line must not continue one that is torn.
      isOpen = false
      return (written, error)
    }
  }

  /// Sees to it that the last segment takes more lines.
  private func prepare(now: Int64) throws(SystemError) {
    if isOpen, let last = segments.last, last.bytes < limits.bytes / RingLimits.files,
      next - last.first < UInt64(max(1, limits.entries / RingLimits.files))
    {
      return
    }
    // A data folder that was deleted must not come back, half empty.
    guard FileSystem.isDirectory(FileSystem.parent(of: FileSystem.parent(of: folder))) else {
      throw SystemError(call: "mkdir", code: ENOENT)
    }
    try FileSystem.createDirectory(folder)
    // The folder may have been removed with its directory, or files by an administrator.
    segments = try Self.segments(in: folder)
    if !isOpen, let last = segments.last {
      next = max(next, last.first + UInt64(RingLines(try FileSystem.readFile(path(last))).count))
    }
    try retire(now: now)
    // The last file has only a torn line.
    if let last = segments.last, last.first == next { next += 1 }
    segments.append(RingSegment(first: next, bytes: 0, newest: now))
    isOpen = true
  }

  // MARK: Forgetting

  /// Removes what is too old or too much.
  func retire(now: Int64) throws(SystemError) {
    let allowedEntries = UInt64(limits.entries - limits.entries / RingLimits.files)
    let allowedBytes = limits.bytes - limits.bytes / RingLimits.files
    while let oldest = segments.first {
      let isExpired = oldest.newest < now - limits.age
      let isTooMany = next > oldest.first && next - oldest.first > allowedEntries
      guard isExpired || isTooMany || bytes > allowedBytes else { return }
      try removeOldest()
    }
  }

  /// Removes the oldest file.
  func removeOldest() throws(SystemError) {
    guard let oldest = segments.first else { return }
    if segments.count == 1 { isOpen = false }
    segments.removeFirst()
    if FileSystem.exists(path(oldest)) { try FileSystem.unlink(path(oldest)) }
  }

  /// A file got other contents.
  func rewrote(_ segment: RingSegment, bytes: Int) {
    for index in segments.indices where segments[index].first == segment.first {
      segments[index].bytes = bytes
    }
  }
}
