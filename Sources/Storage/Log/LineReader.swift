import Glibc
import Platform

/// Reads a file line by line through one buffer: never more of it in memory than a line and a chunk.
final class LineReader {
  /// A line of the file; `bytes` are without LF and valid until the next line is requested.
  struct Line {
    /// Bytes from the start of the file.
    let offset: Int
    let bytes: UnsafeMutableRawBufferPointer
    /// False if the file ends before LF, or the line is longer than allowed (then its bytes are not given).
    let isWhole: Bool
  }

  private static let chunk = 1 << 20

  let file: File
  private let maxBytes: Int
  private var buffer: UnsafeMutableRawBufferPointer
  /// The unread part of the buffer, and the file offset of its first byte.
  private var start = 0
  private var end = 0
  private var offset = 0
  private var atEnd = false

  init(_ file: File, maxBytes: Int = RecordLine.maxBytes) {
    self.file = file
    self.maxBytes = maxBytes
    buffer = .allocate(byteCount: Self.chunk + 1, alignment: 16)
  }

  /// The same from an offset on, where a line begins.
  convenience init(_ file: File, from offset: Int) throws(SystemError) {
    self.init(file)
    try file.seek(to: offset)
    self.offset = offset
  }

  deinit {
    buffer.deallocate()
  }

  /// The next line; nil at the end of the file.
  func next() throws(SystemError) -> Line? {
    var searched = 0
    while true {
      if let length = lineFeed(after: searched) { return take(length, isWhole: length <= maxBytes, skip: 1) }
      searched = end - start
      if searched > maxBytes { return try skipLongLine() }
      if atEnd { return searched == 0 ? nil : take(searched, isWhole: false, skip: 0) }
      try fill()
    }
  }

  /// How many bytes come before the next LF of what is in the buffer.
  private func lineFeed(after searched: Int) -> Int? {
    guard let base = buffer.baseAddress, end - start > searched else { return nil }
    guard let found = memchr(base + start + searched, CInt(UInt8(ascii: "\n")), end - start - searched) else {
      return nil
    }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base + start)
  }

  /// The next line, valid until the next read; `skip` is the length of the line feed.
  private func take(_ length: Int, isWhole: Bool, skip: Int) -> Line {
    let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[start..<(start + length)])
    let line = Line(offset: offset, bytes: bytes, isWhole: isWhole)
    start += length + skip
    offset += length + skip
    return line
  }

  /// Reads more; the buffer grows if one line needs it.
  private func fill() throws(SystemError) {
    if start > 0 {
      if end > start, let base = buffer.baseAddress { memmove(base, base + start, end - start) }
      end -= start
      start = 0
    }
    if buffer.count - end < Self.chunk / 2 {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count * 2, alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<end]))
      buffer.deallocate()
      buffer = larger
    }
    let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
    end += count
    atEnd = count == 0
  }

  /// Skips a line that is too long, and returns it without its bytes.
  private func skipLongLine() throws(SystemError) -> Line {
    let first = offset
    while true {
      let length = lineFeed(after: 0)
      _ = take(length ?? end - start, isWhole: false, skip: length == nil ? 0 : 1)
      if length != nil || atEnd { break }
      try fill()
    }
    return Line(offset: first, bytes: UnsafeMutableRawBufferPointer(start: nil, count: 0), isWhole: false)
  }
}
