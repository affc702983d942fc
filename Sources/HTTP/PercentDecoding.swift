/// Percent-decoding (RFC 3986 §2.1), done exactly once.
package enum PercentDecoding {
  /// The segments of a raw path that starts with `/`: split first, then decoded, so `%2F` is data.
  ///
  /// `/Users/a%2Fb` gives `["Users", "a/b"]`; `/` gives `[""]`.
  package static func segments(
    of path: ArraySlice<UInt8>
  ) throws(PercentDecodingError) -> [String] {
    var segments: [String] = []
    segments.reserveCapacity(4)
    let bytes = path.first == UInt8(ascii: "/") ? path.dropFirst() : path
    var start = bytes.startIndex
    while true {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.endIndex
      segments.append(try text(of: bytes[start..<end], plusIsSpace: false))
      guard end < bytes.endIndex else { return segments }
      start = end + 1
    }
  }

  /// The text of one path segment or query component; `plusIsSpace` is the form encoding of queries.
  package static func text(
    of bytes: ArraySlice<UInt8>, plusIsSpace: Bool
  ) throws(PercentDecodingError) -> String {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == UInt8(ascii: "%") {
        guard bytes.endIndex - index > 2, let high = Octet.hexadecimal(bytes[index + 1]),
          let low = Octet.hexadecimal(bytes[index + 2])
        else { throw .malformedEscape }
        decoded.append(high << 4 | low)
        index += 3
      } else {
        decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        index += 1
      }
    }
    guard !decoded.contains(0) else { throw .containsNUL }
    guard let text = String(validating: decoded, as: UTF8.self) else { throw .invalidUTF8 }
    return text
  }

  /// `text` with every byte outside RFC 3986 "unreserved" escaped; safe as a path segment or query value.
  package static func encoded(_ text: String) -> String {
    var encoded: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
      if isUnreserved(byte) {
        encoded.append(byte)
      } else {
        encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    let letter = (byte | 0x20) &- UInt8(ascii: "a")
    return letter < 26 || Octet.isDigit(byte)
      || [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~")].contains(byte)
  }
}
