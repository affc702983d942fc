import Glibc

/// One record of the journal as a line of its file. This is the format of the journal:
///
/// A directory's journal is a row of files `journal-<first>.jsonl`, `<first>` being the number of the first record
/// in it. Every line is a JSON object and ends with LF. The first line is the header:
///
///     {"scimd":"journal","format":1,"directory":"default","first":1,"prev":"00000000","crc":"d01a3f2c"}
///
/// Each line after it is one record, one change of state, whole or not there at all:
///
///     {"seq":7,"synced":5,"prev":"9a3b5c11",<the members of the payload>,"crc":"0f9a3b77"}
///
/// - `seq` counts records from 1, over all files, without a gap.
/// - `synced` is the last record that was known to be on disk when this one was written. A damaged record that a
///   later one calls synced was lost from the disk; one that no later record calls synced was never acknowledged.
/// - `prev` is the `crc` of the record before, in whatever file; `00000000` for record 1. In the header it is the
///   `crc` of the last record of the file before. A line cannot vanish, repeat or change places unnoticed.
/// - `crc` is the CRC32C of the line's bytes before `,"crc":`, as 8 lower-case hexadecimal digits.
///
/// A segment out of which values were taken (see `LogErasure`) was written anew, with other checksums. Its header says so
/// and up to which record it goes, with the `crc` that this one had before, so that the files around it stay as they are:
///
///     {...,"first":1,"prev":"00000000","rewritten":{"last":120,"crc":"9a3b5c11"},"crc":"d01a3f2c"}
///
/// Lines are appended in batches: one write, one sync, and only then the callers are told. What a crash can leave
/// is therefore an incomplete last batch in the last file, and `LogReader` cuts that off.
struct RecordLine {
  /// The longest line, LF not counted.
  static let maxBytes = 64 << 20
  /// No record is this much longer than its payload.
  static let overhead = 96

  /// The bytes that the line of a payload is charged for; it takes no more.
  static func charge(for payload: [UInt8]) -> Int { payload.count + overhead }

  let seq: UInt64
  let synced: UInt64
  let prev: UInt32
  let crc: UInt32
  /// Where in the line the payload's members are, between the two commas around them; empty for none.
  let members: Range<Int>

  private static let seqName = StaticString("{\"seq\":")
  private static let syncedName = StaticString(",\"synced\":")
  private static let prevName = StaticString(",\"prev\":\"")

  /// Appends the line with its LF; `payload` is a JSON object `{...}`. Returns the line's checksum.
  static func append(
    to bytes: inout [UInt8], seq: UInt64, synced: UInt64, prev: UInt32, payload: [UInt8]
  ) -> UInt32 {
    let start = bytes.count
    SealedLine.append(seqName, to: &bytes)
    appendDigits(seq, to: &bytes)
    SealedLine.append(syncedName, to: &bytes)
    appendDigits(synced, to: &bytes)
    SealedLine.append(prevName, to: &bytes)
    SealedLine.appendHex(prev, to: &bytes)
    bytes.append(0x22)
    if payload.count > 2 {
      bytes.append(0x2C)
      bytes.append(contentsOf: payload[1..<(payload.count - 1)])
    }
    return SealedLine.seal(&bytes, from: start)
  }

  /// The record on this line without its LF; nil unless every byte of the frame is as `append` makes it.
  init?(_ line: UnsafeRawBufferPointer) {
    guard let crc = SealedLine.check(line), SealedLine.matches(line, at: 0, Self.seqName) else { return nil }
    var offset = 7
    guard let seq = Self.digits(line, &offset), SealedLine.matches(line, at: offset, Self.syncedName) else {
      return nil
    }
    offset += 10
    guard let synced = Self.digits(line, &offset), SealedLine.matches(line, at: offset, Self.prevName),
      let prev = SealedLine.hex(line, at: offset + 9), seq > synced
    else { return nil }
    offset += 18
    let end = line.count - SealedLine.sealBytes
    guard offset <= end, line[offset - 1] == 0x22 else { return nil }
    if offset < end {
      guard line[offset] == 0x2C else { return nil }
      offset += 1
    }
    self.seq = seq
    self.synced = synced
    self.prev = prev
    self.crc = crc
    members = offset..<end
  }

  /// The record that is some part of the line, from behind its start to its end: two lines run together.
  static func hidden(in line: UnsafeRawBufferPointer) -> RecordLine? { findHidden(in: line)?.record }

  /// The same with where it begins.
  static func findHidden(in line: UnsafeRawBufferPointer) -> (offset: Int, record: RecordLine)? {
    guard let base = line.baseAddress else { return nil }
    var offset = 1
    var tries = 64
    while tries > 0, offset < line.count, let found = memchr(base + offset, 0x7B, line.count - offset) {
      offset = UnsafeRawPointer(found) - base
      if SealedLine.matches(line, at: offset, seqName) {
        if let record = RecordLine(UnsafeRawBufferPointer(rebasing: line[offset...])) {
          return (offset, record)
        }
        tries -= 1
      }
      offset += 1
    }
    return nil
  }

  private static func appendDigits(_ number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    let first = bytes.count
    repeat {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    bytes[first...].reverse()
  }

  /// Decimal digits without a needless zero, fewer than would overflow; `offset` moves behind them.
  private static func digits(_ line: UnsafeRawBufferPointer, _ offset: inout Int) -> UInt64? {
    let start = offset
    var value: UInt64 = 0
    while offset < line.count, offset - start < 19, line[offset] &- 0x30 <= 9 {
      value = value &* 10 &+ UInt64(line[offset] &- 0x30)
      offset += 1
    }
    let count = offset - start
    return count == 0 || (count > 1 && line[start] == 0x30) ? nil : value
  }
}
