/// Compresses small files (RFC 1951, RFC 1952): matches by hashes of three bytes, fixed Huffman codes. About as good as
/// the fast levels of other compressors, and enough for the pages, each compressed once.
enum Gzip {
  private static let windowSize = 32_768
  private static let longestMatch = 258
  private static let shortestMatch = 3
  /// Earlier places with the same three bytes that are compared.
  private static let attempts = 64

  static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    var output = BitWriter()
    // Magic, deflate, no flags, no time, slowest, unknown system.
    output.bytes = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255]
    deflate(bytes, to: &output)
    output.flush()
    for value in [crc32(bytes), UInt32(truncatingIfNeeded: bytes.count)] {
      for shift in [0, 8, 16, 24] { output.bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
    }
    return output.bytes
  }

  /// One final block with fixed codes.
  private static func deflate(_ bytes: [UInt8], to output: inout BitWriter) {
    output.write(0b011, 3)
    var places: [UInt32: [Int]] = [:]
    var index = 0
    while index < bytes.count {
      let match = longest(at: index, bytes, places)
      if let match {
        output.match(length: match.length, distance: match.distance)
      } else {
        output.literal(UInt16(bytes[index]))
      }
      let next = index + (match?.length ?? 1)
      while index < next {
        if let hash = key(at: index, bytes) { places[hash, default: []].append(index) }
        index += 1
      }
    }
    output.literal(256)
  }

  /// The next three bytes; nil near the end.
  private static func key(at index: Int, _ bytes: [UInt8]) -> UInt32? {
    guard index + 2 < bytes.count else { return nil }
    return UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
  }

  private static func longest(
    at index: Int, _ bytes: [UInt8], _ places: [UInt32: [Int]]
  ) -> (length: Int, distance: Int)? {
    guard let hash = key(at: index, bytes), let earlier = places[hash] else { return nil }
    var best: (length: Int, distance: Int)?
    for place in earlier.suffix(attempts).reversed() {
      guard index - place <= windowSize else { break }
      var length = shortestMatch
      while length < longestMatch, index + length < bytes.count,
        bytes[place + length] == bytes[index + length]
      {
        length += 1
      }
      if length > best?.length ?? 0 { best = (length, index - place) }
    }
    return best
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }
}
