import Platform

/// The bytes that the journal may still write, taken from the disk before they are needed.
///
/// `credit` has its own lock that is never held over a system call; `reservation` is held while blocks are taken.
/// Where the file system cannot reserve, free space is looked up instead and a margin kept.
final class JournalSpace: Sendable {
  /// Blocks are taken in steps of this many bytes, 8,000 records of 500 bytes.
  static let step = 4 << 20
  /// The writer takes the next step when fewer bytes than this are left.
  static let lowWater = 1 << 20

  /// Bytes that only what takes access away may use, some 200 deletions: on a full disk nobody can be added, but people
  /// who leave can still be deleted.
  static let kept = 256 << 10

  private struct Reservation {
    var file: File?
    /// The offset in the file up to which blocks are taken.
    var end = 0
  }

  private let io: LogIO
  private let credit = Locked(0)
  private let reservation = Locked(Reservation())

  init(io: LogIO) {
    self.io = io
  }

  /// Takes the bytes from what is left, but for what is `kept`; false, and nothing taken, where there is less.
  func spend(_ bytes: Int, usesKept: Bool = false) -> Bool {
    credit.withLock { credit in
      guard credit >= bytes + (usesKept ? 0 : Self.kept) else { return false }
      credit -= bytes
      return true
    }
  }

  /// Gives back what was spent and not used.
  func refund(_ bytes: Int) {
    credit.withLock { $0 += bytes }
  }

  /// Takes blocks for `bytes` and spends them.
  func grow(by bytes: Int, usesKept: Bool = false) throws(SystemError) {
    try reservation.withLock { (reservation) throws(SystemError) in
      while !spend(bytes, usesKept: usesKept) {
        let needed = bytes + (usesKept ? 0 : Self.kept) - credit.withLock { $0 }
        try extend(&reservation, by: max(needed, 1))
      }
    }
  }

  /// Takes the next step when little is left; a full disk is left for `grow` to report.
  func growAhead() {
    guard credit.withLock({ $0 < Self.lowWater }) else { return }
    reservation.withLock { reservation in
      try? extend(&reservation, by: Self.step)
    }
  }

  /// Starts over on another file that has `size` bytes. `unwritten` bytes that were spent will go there too.
  func move(to file: File, size: Int, unwritten: () -> Int) throws(SystemError) {
    try reservation.withLock { (reservation) throws(SystemError) in
      var next = Reservation(file: file, end: size)
      while true {
        let wanted = unwritten()
        let length = max(size + wanted + Self.lowWater - next.end, Self.lowWater)
        try take(&next, length)
        let moved = credit.withLock { credit in
          let left = next.end - size - unwritten()
          if left >= 0 { credit = left }
          return left >= 0
        }
        if moved { break }
      }
      reservation = next
    }
  }

  /// Starts on a file that has `size` bytes, with nothing taken yet.
  func adopt(_ file: File, size: Int) {
    reservation.withLock { $0 = Reservation(file: file, end: size) }
  }

  /// A step, or on a nearly full disk just what is needed.
  private func extend(_ reservation: inout Reservation, by bytes: Int) throws(SystemError) {
    let before = reservation.end
    do {
      try take(&reservation, max(bytes, Self.step))
    } catch {
      guard LogIO.isFull(error), bytes < Self.step else { throw error }
      try take(&reservation, bytes)
    }
    refund(reservation.end - before)
  }

  private func take(_ reservation: inout Reservation, _ length: Int) throws(SystemError) {
    guard let file = reservation.file else { return }
    do {
      try io.reserve(file, reservation.end, length)
    } catch {
      guard LogIO.isUnsupported(error) else { throw error }
      let free = try io.freeSpace(file)
      guard free >= length + Self.step else { throw SystemError(call: "fallocate", code: LogIO.noSpace) }
    }
    reservation.end += length
  }
}
