import JSON
import Platform

// Journals of format 1, which older versions wrote. A line is
//
//     {"seq":7,"synced":5,"prev":"9a3b5c11",<the members of the payload>,"crc":"0f9a3b77"}
//
// where `prev` is the `crc` of the record before, as 8 hexadecimal digits; `00000000` for record 1. In memory the 4
// bytes of such a checksum are the first of a hash whose other bytes are zero; record 1 of format 2 that follows a
// journal of format 1 has that as its `prev`. A segment whose values were removed was written with other checksums. Its
// header says where it ends, with the `crc` that its last record had before:
// {...,"rewritten":{"last":120,"crc":"9a3b5c11"},"crc":"d01a3f2c"}
extension RecordLine {
  /// Nil for a line whose checksum or form is wrong.
  init?(format1 line: UnsafeRawBufferPointer) {
    guard let crc = SealedLine.check(line), let (seq, synced, start) = Self.numbers(line),
      let prev = SealedLine.hex(line, at: start)
    else { return nil }
    var offset = start + 9
    let end = line.count - SealedLine.sealBytes
    guard offset <= end, line[offset - 1] == UInt8(ascii: "\"") else { return nil }
    if offset < end {
      guard line[offset] == UInt8(ascii: ",") else { return nil }
      offset += 1
    }
    self.init(
      seq: seq, synced: synced, prev: Digest256(checksum: prev), hash: Digest256(checksum: crc),
      members: offset..<end)
  }

  /// Appends the line of a payload `{...}` with its LF; returns what the next record repeats.
  static func appendFormat1(
    to bytes: inout [UInt8], seq: UInt64, synced: UInt64, prev: Digest256, payload: [UInt8]
  ) -> Digest256 {
    let start = bytes.count
    bytes.append(text: seqName)
    appendDigits(seq, to: &bytes)
    bytes.append(text: syncedName)
    appendDigits(synced, to: &bytes)
    bytes.append(text: prevName)
    SealedLine.appendHex(prev.checksum, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
    if payload.count > 2 {
      bytes.append(UInt8(ascii: ","))
      bytes.append(contentsOf: payload[1..<(payload.count - 1)])
    }
    return Digest256(checksum: SealedLine.seal(&bytes, from: start))
  }
}

extension Digest256 {
  /// The checksum of a record of format 1.
  init(checksum: UInt32) {
    var bytes = [UInt8](repeating: 0, count: 32)
    for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: checksum >> (24 - 8 * UInt32(index))) }
    self = Digest256(bytes: bytes) ?? .zero
  }

  /// The first 4 bytes.
  var checksum: UInt32 { withBytes { $0.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) } } }
}
