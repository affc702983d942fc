import Platform

/// The segments of a damaged log in order, and how each continues the one before it.
struct SegmentChain {
  private(set) var segments: [SegmentSalvage]
  /// The place of the snapshot that is sound and newest.
  let base: LogPoint?

  /// The position of the record after a segment; for the last one, after its last good record.
  func border(after index: Int) -> UInt64 {
    if index + 1 < segments.count { return segments[index + 1].first }
    let segment = segments[index]
    return (segment.end?.seq ?? segment.good.last ?? segment.first - 1) + 1
  }

  /// The hash with which the file after a segment continues.
  func link(after index: Int) -> Digest256 {
    let next = index + 1 < segments.count ? segments[index + 1].header?.prev : nil
    if let hash = next ?? snapshotHash(before: border(after: index)) ?? segments[index].end?.hash {
      return hash
    }
    return border(after: index) == segments[index].first ? link(before: index) : .zero
  }

  /// The hash that a segment continues from.
  func link(before index: Int) -> Digest256 {
    if let prev = segments[index].header?.prev { return prev }
    return index > 0 ? link(after: index - 1) : snapshotHash(before: segments[index].first) ?? .zero
  }

  /// The hash with which a record continues, according to the state's snapshot.
  private func snapshotHash(before seq: UInt64) -> Digest256? {
    base.flatMap { $0.seq == seq - 1 ? $0.hash : nil }
  }

  func needsRewriting(_ index: Int) -> Bool { segments[index].end?.hash != link(after: index) }

  /// Maximum missing records at one place of a damaged segment.
  func missing(in index: Int) -> UInt64 {
    let segment = segments[index]
    return segment.end == nil ? border(after: index) - segment.first - UInt64(segment.good.count) : 0
  }

  /// The numbers of the records that are lost.
  var lost: [ClosedRange<UInt64>] {
    var lost: [ClosedRange<UInt64>] = []
    func lose(_ from: UInt64, _ to: UInt64) {
      if from <= to { lost.append(from...to) }
    }
    if base == nil, let first = segments.first?.first, first > 1 { lose(1, first - 1) }
    for (index, segment) in segments.enumerated() where segment.end == nil {
      var expected = segment.first
      for seq in segment.good {
        lose(expected, seq - 1)
        expected = seq + 1
      }
      lose(expected, border(after: index) - 1)
    }
    return lost
  }

  /// The damage of each file.
  var damage: [(file: String, reason: String)] {
    segments.indices.compactMap { index in
      let segment = segments[index]
      if let damage = segment.damage { return (segment.path, damage) }
      guard index + 1 < segments.count, let next = segments[index + 1].header, next.prev != segment.end?.hash
      else { return nil }
      return (segment.path, "the next file does not continue from its last record")
    }
  }

  /// Without the segments up to that one.
  func dropping(through index: Int) -> SegmentChain {
    SegmentChain(segments: Array(segments[(index + 1)...]), base: base)
  }
}
