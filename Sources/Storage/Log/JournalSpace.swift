import Platform

/// The bytes that the journal may still write, taken from the disk before they are needed. The reserved amount grows
/// with the log, so that an empty directory costs little and a busy one seldom waits. `credit` has its own lock that is
/// never held over a system call; `reservation` is held while blocks are taken. If the file system cannot reserve, free
/// space is read instead and a margin kept.
final class JournalSpace: Sendable {
  /// Blocks are reserved in steps of at least this many bytes: 100 records of an empty directory.
  static let leastStep = 64 << 10
  /// The longest step, 8,000 records of 500 bytes.
  static let maxStep = 4 << 20
  /// The maximum reserve for changes that remove access, about 200 deletions.
  static let mostKept = 256 << 10
  /// The least amount taken on a nearly full disk: one block.
  private static let leastTaken = 4 << 10

  /// The remaining space, and how much is taken at a time.
  private struct Credit {
    var left = 0
    /// Bytes that the log holds, as far as a start reads them.
    var used: Int
    var step = JournalSpace.leastStep

    init(used: Int) {
      self.used = used
      fit()
    }

    /// Steps double while the log does.
    mutating func fit() {
      while step < used, step < JournalSpace.maxStep { step *= 2 }
    }

    /// Bytes reserved for changes that remove access: on a full disk nobody can be added, but users who leave can still
    /// be deleted. As large as the log, so that in a small directory all users can be deleted.
    var kept: Int { min(step, JournalSpace.mostKept) }

    /// The writer takes the next step when fewer bytes than this are left.
    var lowWater: Int { kept + step / 16 * 3 }

    func reserve(_ usesKept: Bool) -> Int { usesKept ? 0 : kept }
  }

  private struct Reservation {
    var file: File?
    /// The offset in the file up to which blocks are taken.
    var end = 0
  }

  private let io: LogIO
  private let credit: Locked<Credit>
  private let reservation = Locked(Reservation())

  /// - Parameter used: bytes that the log holds already.
  init(io: LogIO, used: Int = 0) {
    self.io = io
    credit = Locked(Credit(used: used))
  }

  /// Uses bytes of the remaining space, except the reserve; false, and nothing used, if there is less.
  func spend(_ bytes: Int, usesKept: Bool = false) -> Bool {
    credit.withLock { credit in
      guard credit.left >= bytes + credit.reserve(usesKept) else { return false }
      credit.left -= bytes
      return true
    }
  }

  /// Returns reserved bytes that were not used.
  func refund(_ bytes: Int) {
    credit.withLock { $0.left += bytes }
  }

  /// Takes blocks for `bytes` and spends them.
  func grow(by bytes: Int, usesKept: Bool = false) throws(SystemError) {
    try reservation.withLock { (reservation) throws(SystemError) in
      while !spend(bytes, usesKept: usesKept) {
        let needed = credit.withLock { bytes + $0.reserve(usesKept) - $0.left }
        try extend(&reservation, by: max(needed, 1))
      }
    }
  }

  /// Takes the next step when little is left after `written` bytes went to the log; a full disk is left for `grow` to
  /// report.
  func growAhead(written: Int) {
    let step = credit.withLock { credit -> Int? in
      credit.used += written
      credit.fit()
      return credit.left < credit.lowWater ? credit.step : nil
    }
    guard let step else { return }
    reservation.withLock { reservation in
      try? extend(&reservation, by: step)
    }
  }

  /// Starts over on another file that has `size` bytes. `unwritten` bytes that were spent will go there too.
  func move(to file: File, size: Int, unwritten: () -> Int) throws(SystemError) {
    try reservation.withLock { (reservation) throws(SystemError) in
      let lowWater = credit.withLock { $0.lowWater }
      var next = Reservation(file: file, end: size)
      while true {
        let wanted = unwritten()
        let length = max(size + wanted + lowWater - next.end, lowWater)
        try take(&next, length)
        let moved = credit.withLock { credit in
          let left = next.end - size - unwritten()
          if left >= 0 { credit.left = left }
          return left >= 0
        }
        if moved { break }
      }
      reservation = next
    }
  }

  /// Starts on a file of `size` bytes on a full disk, with as much as there is of what is kept.
  func adopt(_ file: File, size: Int) {
    reservation.withLock { reservation in
      reservation = Reservation(file: file, end: size)
      var length = credit.withLock { $0.kept }
      while length >= Self.leastTaken {
        if (try? take(&reservation, length)) != nil { return refund(length) }
        length /= 2
      }
    }
  }

  /// A step, or on a nearly full disk just what is needed.
  private func extend(_ reservation: inout Reservation, by bytes: Int) throws(SystemError) {
    let before = reservation.end
    let step = credit.withLock { $0.step }
    do {
      try take(&reservation, max(bytes, step))
    } catch {
      guard LogIO.isFull(error), bytes < step else { throw error }
      try take(&reservation, bytes)
    }
    refund(reservation.end - before)
  }

  /// Reserves blocks; on a file system that cannot, checks the free space instead.
  private func take(_ reservation: inout Reservation, _ length: Int) throws(SystemError) {
    guard let file = reservation.file else { return }
    do {
      try io.reserve(file, reservation.end, length)
    } catch {
      guard LogIO.isUnsupported(error) else { throw error }
      let free = try io.freeSpace(file)
      guard free >= length + Self.maxStep else { throw SystemError(call: "fallocate", code: LogIO.noSpace) }
    }
    reservation.end += length
  }
}
