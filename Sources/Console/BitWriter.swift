/// Bits of a deflate stream, the lowest bit of each byte first (RFC 1951 §3.1.1).
struct BitWriter {
  var bytes: [UInt8] = []
  private var pending: UInt64 = 0
  private var count = 0

  mutating func write(_ bits: Int, _ width: Int) {
    pending |= UInt64(bits) << UInt64(count)
    count += width
    while count >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      count -= 8
    }
  }

  /// Fills the last byte.
  mutating func flush() {
    if count > 0 { write(0, 8 - count) }
  }

  /// Codes are written from their highest bit.
  private mutating func code(_ bits: Int, _ width: Int) {
    for bit in (0..<width).reversed() { write(bits >> bit & 1, 1) }
  }

  /// A symbol of the fixed literal and length alphabet (RFC 1951 §3.2.6).
  mutating func literal(_ symbol: UInt16) {
    let symbol = Int(symbol)
    switch symbol {
    case 0...143: code(0x30 + symbol, 8)
    case 144...255: code(0x190 + symbol - 144, 9)
    case 256...279: code(symbol - 256, 7)
    default: code(0xC0 + symbol - 280, 8)
    }
  }

  mutating func match(length: Int, distance: Int) {
    let (symbol, lengthBits, lengthBase) = Self.place(of: length, in: Self.lengths)
    literal(UInt16(257 + symbol))
    write(length - lengthBase, lengthBits)
    let (far, distanceBits, distanceBase) = Self.place(of: distance, in: Self.distances)
    code(far, 5)
    write(distance - distanceBase, distanceBits)
  }

  /// The last row that begins at or below a value: its number, how many extra bits it has, and where it begins.
  private static func place(
    of value: Int, in rows: [(bits: Int, base: Int)]
  ) -> (number: Int, bits: Int, base: Int) {
    let number = (rows.firstIndex { $0.base > value } ?? rows.count) - 1
    return (number, rows[number].bits, rows[number].base)
  }

  /// RFC 1951 §3.2.5; the longest match has a row of its own.
  private static let lengths: [(bits: Int, base: Int)] = {
    var rows: [(bits: Int, base: Int)] = []
    var base = 3
    for bits in [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5] {
      rows.append((bits, base))
      base += 1 << bits
    }
    return rows + [(0, 258)]
  }()

  private static let distances: [(bits: Int, base: Int)] = {
    var rows: [(bits: Int, base: Int)] = []
    var base = 1
    for number in 0..<30 {
      let bits = max(0, number / 2 - 1)
      rows.append((bits, base))
      base += 1 << bits
    }
    return rows
  }()
}
