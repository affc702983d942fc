import Glibc
import JSON

/// Everything the journal of a directory still records about one resource.
package struct ResourceHistory: Sendable {
  /// Oldest first.
  package let events: [HistoryEvent]
  /// The number of the oldest record still kept; nil without records.
  package let oldest: UInt64?
  /// The time of that record, as text.
  package let oldestTime: String?

  /// Whether the resource is older than what is kept.
  package var isIncomplete: Bool {
    guard let oldest, oldest > 1 else { return false }
    if case .created? = events.first?.effects.first { return false }
    return true
  }

  /// Reads all kept segments, and changes nothing; a server may run meanwhile.
  init(of id: ResourceID, folder: String, directory: String) throws(LogError) {
    let text = id.text
    let needle = Array(text.utf8)
    var events: [HistoryEvent] = []
    var oldestTime: String?
    var history = try LogHistory(folder: folder, directory: directory)
    var isFirst = true
    while let entry = try history.next() {
      guard isFirst || Self.contains(entry.bytes, needle) else { continue }
      let record: JSONValue
      do throws(LogCorruption) { record = try entry.record() } catch { throw .corrupt(error) }
      if isFirst { oldestTime = record["time"]?.stringValue }
      isFirst = false
      if let event = HistoryEvent(entry.seq, record, of: text) { events.append(event) }
    }
    oldest = history.oldest
    self.events = events
    self.oldestTime = oldestTime
  }

  /// Whether an id's text is somewhere in the bytes; found by its first dash, which is rarer than a digit.
  static func contains(_ bytes: UnsafeRawBufferPointer, _ id: [UInt8]) -> Bool {
    let dash = 8
    guard let base = bytes.baseAddress, bytes.count >= id.count else { return false }
    var offset = dash
    let end = bytes.count - id.count + dash + 1
    while offset < end, let found = memchr(base + offset, CInt(UInt8(ascii: "-")), end - offset) {
      let place = UnsafeRawPointer(found) - base
      if memcmp(base + place - dash, id, id.count) == 0 { return true }
      offset = place + 1
    }
    return false
  }
}
