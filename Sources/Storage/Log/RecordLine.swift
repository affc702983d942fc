import Glibc
import JSON
import Platform

/// One record of the journal as a line of its file. This is the format of the journal:
///
/// A directory's journal is a row of files `journal-<first>.jsonl`, `<first>` being the number of the first record
/// in it. Every line is a JSON object and ends with LF. The first line is the header:
///
///     {"scimd":"journal","format":2,"directory":"default","first":1,"incarnation":"4gT0aZk9","prev":"<64 zeros>",
///      "crc":"d01a3f2c"}
///
/// Each line after it is one record, one change of state, whole or not there at all:
///
///     {"seq":7,"synced":5,"prev":"<64 hex digits>",<frame>,"salt":"<32 hex digits>","payload":{...},"crc":"0f9a3b77"}
///
/// - `seq` counts records from 1, over all files, without a gap.
/// - `synced` is the last record that was known to be on disk when this one was written. A damaged record that a
///   later one calls synced was lost from the disk; one that no later record calls synced was never acknowledged.
/// - `prev` is the chained hash of the record before, in whatever file; zeros for record 1. In the header it is that of
///   the last record of the file before. A line cannot vanish, repeat, change or move unnoticed.
/// - The frame, members such as `time` and `actor`, holds what must survive an erasure; the payload what may hold a
///   person's values. See `ChangeRecord` for both.
/// - `crc` is the CRC32C of the line's bytes before `,"crc":`, as 8 lower-case hexadecimal digits. It finds a disk's
///   faults; the chain finds a person's.
///
/// The chained hash of a record is SHA-256(`prev`, frame, commitment): `prev` and commitment as 32 bytes; frame as the
/// text `{"seq":7,` and the text of the frame's members; commitment = SHA-256(salt as 16 bytes, text of the payload).
/// `synced` is outside, as it belongs to the file and not to the record. A record whose values were removed keeps its
/// commitment, so that the chain stays valid, and loses its salt, so that nobody can test guesses of the values:
///
///     {"seq":7,"synced":5,"prev":"...",<frame>,"commitment":"<64 hex digits>","payload":{...},"crc":"0f9a3b77"}
/// Its new payload is trusted only because a later record, of kind `erasure`, names its digest.
///
/// A segment that a repair put together has a header with `"rewritten":{"last":120,"hash":"..."}`: where it ends and
/// how the next file continues from there. It is trusted only because a later record, of kind `repair`, names the hash
/// of its last record. Lines are appended in batches: one write, one sync, and only then the callers are notified. What
/// a crash can leave is therefore an incomplete last batch in the last file, and `LogRecovery` cuts that off.
///
/// Files of format 1 are read too; see `RecordLine+Format1`.
struct RecordLine {
  /// The longest line, LF not counted.
  static let maxBytes = 64 << 20
  /// No line is this much longer than its frame and payload.
  static let overhead = 224

  let seq: UInt64
  let synced: UInt64
  /// The hash of the record before.
  let prev: Digest256
  /// The hash that the next record repeats.
  let hash: Digest256
  /// Where in the line the members of frame and payload are, between the two commas around them; empty for none.
  let members: Range<Int>
  /// Where the payload is, braces included; nil in format 1, whose members are all one.
  let payload: Range<Int>?
  /// Where the frame's members are; empty in format 1.
  let frame: Range<Int>
  /// The payload's hash in the chain; zeros in format 1.
  let commitment: Digest256
  /// Whether the payload differs from the committed one because values were removed.
  let isRewritten: Bool

  static let seqName = StaticString("{\"seq\":")
  static let syncedName = StaticString(",\"synced\":")
  static let prevName = StaticString(",\"prev\":\"")
  private static let saltName = StaticString(",\"salt\":\"")
  private static let commitmentName = StaticString(",\"commitment\":\"")
  private static let payloadName = StaticString(",\"payload\":")

  init(
    seq: UInt64, synced: UInt64, prev: Digest256, hash: Digest256, members: Range<Int>,
    payload: Range<Int>? = nil,
    frame: Range<Int> = 0..<0, commitment: Digest256 = .zero, isRewritten: Bool = false
  ) {
    self.seq = seq
    self.synced = synced
    self.prev = prev
    self.hash = hash
    self.members = members
    self.payload = payload
    self.frame = frame
    self.commitment = commitment
    self.isRewritten = isRewritten
  }

  // MARK: Writing

  /// Appends the line with its LF; returns the record's hash.
  static func append(
    to bytes: inout [UInt8], seq: UInt64, synced: UInt64, prev: Digest256, _ record: JournalRecord
  ) -> Digest256 {
    let start = bytes.count
    let commitment = record.commitment
    let hash = head(to: &bytes, seq, synced, prev, record.frame, commitment)
    bytes.append(text: saltName)
    for byte in record.salt { SealedLine.appendHexByte(byte, to: &bytes) }
    bytes.append(UInt8(ascii: "\""))
    tail(to: &bytes, record.payload, start)
    return hash
  }

  /// The same for a record whose values were removed, or one that replaces a lost record.
  static func append(
    to bytes: inout [UInt8], seq: UInt64, synced: UInt64, prev: Digest256, frame: [UInt8],
    commitment: Digest256, payload: [UInt8]
  ) -> Digest256 {
    let start = bytes.count
    let hash = head(to: &bytes, seq, synced, prev, frame, commitment)
    bytes.append(text: commitmentName)
    commitment.appendHex(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
    tail(to: &bytes, payload, start)
    return hash
  }

  /// The same for an unchanged line with another `prev`.
  static func append(
    to bytes: inout [UInt8], _ record: RecordLine, _ line: UnsafeRawBufferPointer, prev: Digest256
  ) -> Digest256 {
    let start = bytes.count
    // The digits of `prev` end with the quote and the comma before the members.
    let digits = record.members.lowerBound - 2 - 64
    bytes.append(contentsOf: line[..<digits])
    prev.appendHex(to: &bytes)
    bytes.append(contentsOf: line[(digits + 64)..<record.members.upperBound])
    _ = SealedLine.seal(&bytes, from: start)
    let head = 0..<(seqName.utf8CodeUnitCount + digitCount(record.seq))
    return hash(
      prev, UnsafeRawBufferPointer(rebasing: line[head]),
      UnsafeRawBufferPointer(rebasing: line[record.frame]),
      record.commitment)
  }

  /// Appends the members before the payload, and returns the hash of the record.
  private static func head(
    to bytes: inout [UInt8], _ seq: UInt64, _ synced: UInt64, _ prev: Digest256, _ frame: [UInt8],
    _ commitment: Digest256
  ) -> Digest256 {
    let start = bytes.count
    bytes.append(text: seqName)
    appendDigits(seq, to: &bytes)
    let head = start..<bytes.count
    bytes.append(text: syncedName)
    appendDigits(synced, to: &bytes)
    bytes.append(text: prevName)
    prev.appendHex(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ","))
    let frameStart = bytes.count
    bytes.append(contentsOf: frame)
    return bytes.withUnsafeBytes { line in
      hash(
        prev, UnsafeRawBufferPointer(rebasing: line[head]),
        UnsafeRawBufferPointer(rebasing: line[frameStart...]), commitment)
    }
  }

  /// Appends the payload, the last member before the checksum, and seals the line.
  private static func tail(to bytes: inout [UInt8], _ payload: [UInt8], _ start: Int) {
    bytes.append(text: payloadName)
    bytes.append(contentsOf: payload)
    _ = SealedLine.seal(&bytes, from: start)
  }

  /// - Parameters:
  ///   - head: `{"seq":7`.
  ///   - frame: the text of the frame's members.
  private static func hash(
    _ prev: Digest256, _ head: UnsafeRawBufferPointer, _ frame: UnsafeRawBufferPointer,
    _ commitment: Digest256
  ) -> Digest256 {
    var hash = SHA256()
    prev.withBytes { hash.update($0) }
    hash.update(head)
    withUnsafeBytes(of: UInt8(ascii: ",")) { hash.update($0) }
    hash.update(frame)
    commitment.withBytes { hash.update($0) }
    return hash.finalizeDigest()
  }

  static func appendDigits(_ number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    let first = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    bytes[first...].reverse()
  }
}

// Reading.
extension RecordLine {
  /// The record on this line without its LF; nil unless every byte around its members is as `append` makes it.
  init?(_ line: UnsafeRawBufferPointer, format: Int64) {
    guard format > 1 else {
      self.init(format1: line)
      return
    }
    guard SealedLine.check(line) != nil, let (seq, synced, offset) = Self.numbers(line),
      let prev = Self.digest(line, at: offset)
    else { return nil }
    let start = offset + 65
    let end = line.count - SealedLine.sealBytes
    guard start < end, line[offset + 64] == UInt8(ascii: "\""), line[start] == UInt8(ascii: ","),
      let frameEnd = Self.frameEnd(line, from: start)
    else { return nil }
    let frame = (start + 1)..<frameEnd
    guard let (commitment, isKept, payload) = Self.content(line, frameEnd..<end) else { return nil }
    let head = 0..<(Self.seqName.utf8CodeUnitCount + Self.digitCount(seq))
    let hash = Self.hash(
      prev, UnsafeRawBufferPointer(rebasing: line[head]), UnsafeRawBufferPointer(rebasing: line[frame]),
      commitment)
    self.init(
      seq: seq, synced: synced, prev: prev, hash: hash, members: (start + 1)..<end, payload: payload,
      frame: frame, commitment: commitment, isRewritten: isKept)
  }

  /// `seq`, `synced` and where the digits of `prev` begin.
  static func numbers(_ line: UnsafeRawBufferPointer) -> (seq: UInt64, synced: UInt64, prev: Int)? {
    guard SealedLine.matches(line, at: 0, seqName) else { return nil }
    var offset = seqName.utf8CodeUnitCount
    guard let seq = digits(line, &offset), SealedLine.matches(line, at: offset, syncedName) else {
      return nil
    }
    offset += syncedName.utf8CodeUnitCount
    guard let synced = digits(line, &offset), SealedLine.matches(line, at: offset, prevName), seq > synced
    else { return nil }
    return (seq, synced, offset + prevName.utf8CodeUnitCount)
  }

  private static func digest(_ line: UnsafeRawBufferPointer, at offset: Int) -> Digest256? {
    guard offset + 64 <= line.count else { return nil }
    return Digest256(hex: line[offset..<(offset + 64)])
  }

  /// Where the frame ends: before `salt` or `commitment`, which are its first members by these names.
  private static func frameEnd(_ line: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var scanner = JSONScanner(line)
    while let member = scanner.nextMember() {
      // The name is in quotes, after a comma.
      let comma = member.name.lowerBound - 2
      guard comma >= start else { continue }
      if SealedLine.matches(line, at: comma, saltName) || SealedLine.matches(line, at: comma, commitmentName)
      {
        return comma
      }
    }
    return nil
  }

  /// The commitment, whether it is all that is left of the payload that was there, and the payload.
  private static func content(
    _ line: UnsafeRawBufferPointer, _ range: Range<Int>
  ) -> (commitment: Digest256, isKept: Bool, payload: Range<Int>)? {
    let isKept = SealedLine.matches(line, at: range.lowerBound, commitmentName)
    let name = isKept ? commitmentName : saltName
    let digits = isKept ? 64 : 2 * JournalRecord.saltBytes
    let start = range.lowerBound + name.utf8CodeUnitCount
    let end = start + digits
    guard end < range.upperBound, line[end] == UInt8(ascii: "\""),
      SealedLine.matches(line, at: end + 1, payloadName)
    else { return nil }
    let payload = (end + 1 + payloadName.utf8CodeUnitCount)..<range.upperBound
    guard payload.count >= 2, line[payload.lowerBound] == UInt8(ascii: "{"),
      line[payload.upperBound - 1] == UInt8(ascii: "}")
    else { return nil }
    if isKept { return digest(line, at: start).map { ($0, true, payload) } }
    guard let salt = bytes(line, start..<end) else { return nil }
    var hash = SHA256()
    salt.withUnsafeBytes { hash.update($0) }
    hash.update(UnsafeRawBufferPointer(rebasing: line[payload]))
    return (hash.finalizeDigest(), false, payload)
  }

  /// Bytes as lower-case hexadecimal digits.
  private static func bytes(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> [UInt8]? {
    var bytes: [UInt8] = []
    for offset in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
      guard let high = digit(line[offset]), let low = digit(line[offset + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }

  /// A record that makes up the last part of the line: two lines were joined.
  static func hidden(in line: UnsafeRawBufferPointer, format: Int64) -> RecordLine? {
    findHidden(in: line, format: format)?.record
  }

  /// The same with where it begins.
  static func findHidden(
    in line: UnsafeRawBufferPointer, format: Int64
  ) -> (offset: Int, record: RecordLine)? {
    guard let base = line.baseAddress else { return nil }
    var offset = 1
    var tries = 64
    while tries > 0, offset < line.count,
      let found = memchr(base + offset, Int32(UInt8(ascii: "{")), line.count - offset)
    {
      offset = UnsafeRawPointer(found) - base
      if SealedLine.matches(line, at: offset, seqName) {
        if let record = RecordLine(UnsafeRawBufferPointer(rebasing: line[offset...]), format: format) {
          return (offset, record)
        }
        tries -= 1
      }
      offset += 1
    }
    return nil
  }

  /// Decimal digits without a needless zero, fewer than would overflow; `offset` moves past them.
  private static func digits(_ line: UnsafeRawBufferPointer, _ offset: inout Int) -> UInt64? {
    let start = offset
    var value: UInt64 = 0
    while offset < line.count, offset - start < 19, line[offset] &- UInt8(ascii: "0") <= 9 {
      value = value &* 10 &+ UInt64(line[offset] &- UInt8(ascii: "0"))
      offset += 1
    }
    let count = offset - start
    return count == 0 || (count > 1 && line[start] == UInt8(ascii: "0")) ? nil : value
  }

  private static func digitCount(_ number: UInt64) -> Int { String(number).utf8.count }
}
