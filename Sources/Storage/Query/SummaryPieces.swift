import JSON
import Platform
import SCIM

/// The resources of one type as `ResourceSummary` lines with LF, in pieces; made from a capture, so that changes
/// meanwhile do not show.
package final class SummaryPieces: Sendable {
  private static let pieceBytes = 60 << 10

  private let capture: Capture
  private let type: ResourceType
  private let number: UInt8
  private let isDeleted: Bool
  private let now: Int64
  private let position: Locked<Slot>

  /// `now`, in milliseconds since 1970, decides which deleted resources are still kept.
  init(_ capture: Capture, _ type: ResourceType, number: UInt8, deleted isDeleted: Bool, now: Int64) {
    self.capture = capture
    self.type = type
    self.number = number
    self.isDeleted = isDeleted
    self.now = now
    position = Locked(isDeleted ? capture.tombstones.range.lowerBound : 0)
  }

  /// The next piece; nil after the last.
  package func next() -> [UInt8]? {
    position.withLock { position in
      let end = isDeleted ? capture.tombstones.range.upperBound : capture.entries.end
      var bytes: [UInt8] = []
      while position < end, bytes.count < Self.pieceBytes {
        if let summary = summary(at: position) {
          bytes.append(contentsOf: summary.json.serialized())
          bytes.append(UInt8(ascii: "\n"))
        }
        position += 1
      }
      return bytes.isEmpty ? nil : bytes
    }
  }

  /// Nil for a slot of another type, and for a deleted resource that has expired.
  private func summary(at position: Slot) -> ResourceSummary? {
    if isDeleted {
      let tombstones = capture.tombstones
      guard let tombstone = tombstones[position], tombstone.type == number,
        !tombstones.isExpired(tombstone, at: now)
      else { return nil }
      return ResourceSummary(tombstone, type, retention: tombstones.retention)
    }
    guard let entry = capture.entries[position], entry.type == number else { return nil }
    return ResourceSummary(entry, type)
  }
}
