/// Where records are in the files of a log, so that a reader who continues after one need not read all before it.
///
/// A bookmark is only a hint: the file may have been rewritten since.
struct LogBookmarks: Sendable {
  struct Place: Sendable {
    /// The number in the name of the segment.
    let segment: UInt64
    /// The file that had this name.
    let inode: UInt64
    /// The line of the next record begins here.
    let offset: Int
  }

  /// Readers that continue at the same time; the oldest bookmarks are dropped.
  private static let limit = 1024

  private var places: [UInt64: Place] = [:]
  private var order: [UInt64] = []

  /// The place behind a record, if it is marked.
  func place(behind seq: UInt64) -> Place? { places[seq] }

  mutating func mark(_ place: Place, behind seq: UInt64) {
    if places.updateValue(place, forKey: seq) == nil { order.append(seq) }
    guard order.count > Self.limit else { return }
    for old in order.prefix(Self.limit / 2) { places[old] = nil }
    order.removeFirst(Self.limit / 2)
  }
}
