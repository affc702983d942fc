/// The 32 bytes of a SHA-256 digest as a value that is compared, hashed and kept without the heap.
package struct Digest256: Sendable, Hashable {
  /// The bytes in their order, as they lie in memory.
  private var words: (UInt64, UInt64, UInt64, UInt64)

  /// 32 zero bytes, meaning "no digest yet".
  package static let zero = Digest256()

  private init() {
    words = (0, 0, 0, 0)
  }

  /// The words of the state, each with its highest byte first (FIPS 180-4 §6.2.2).
  init(_ state: SHA256.State) {
    func pair(_ index: Int) -> UInt64 {
      (UInt64(state[index]) &<< 32 | UInt64(state[index + 1])).bigEndian
    }
    words = (pair(0), pair(2), pair(4), pair(6))
  }

  /// Nil unless there are exactly 32 bytes.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    self.init()
    withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
  }

  /// Nil unless there are exactly 64 digits, `0` to `9` and `a` to `f`.
  package init?(hex: some Collection<UInt8>) {
    guard hex.count == 64 else { return nil }
    self.init()
    let valid = withUnsafeMutableBytes(of: &words) { bytes in
      var index = 0
      for digit in hex {
        guard let value = Self.value(ofDigit: digit) else { return false }
        bytes[index / 2] = bytes[index / 2] &<< 4 | value
        index += 1
      }
      return true
    }
    guard valid else { return nil }
  }

  /// The digest of one message.
  package static func of(_ bytes: UnsafeRawBufferPointer) -> Digest256 {
    var hasher = SHA256()
    hasher.update(bytes)
    return hasher.finalizeDigest()
  }

  /// The digest of one message.
  package static func of(_ bytes: [UInt8]) -> Digest256 {
    bytes.withUnsafeBytes { of($0) }
  }

  /// 64 lower-case hexadecimal digits.
  package var text: String {
    String(unsafeUninitializedCapacity: 64) { digits in
      writeHex(to: digits)
      return 64
    }
  }

  /// Appends 64 lower-case hexadecimal digits.
  package func appendHex(to output: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { digits in
      digits.initialize(repeating: 0)
      writeHex(to: digits)
      output.append(contentsOf: digits)
    }
  }

  /// Appends the 32 bytes.
  package func append(to output: inout [UInt8]) {
    withBytes { output.append(contentsOf: $0) }
  }

  /// The 32 bytes; the buffer must not be used after `body` returns.
  package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withUnsafeBytes(of: words, body)
  }

  private func writeHex(to digits: UnsafeMutableBufferPointer<UInt8>) {
    withBytes { bytes in
      for index in 0..<32 {
        digits[2 * index] = Self.digit(bytes[index] &>> 4)
        digits[2 * index + 1] = Self.digit(bytes[index] & 15)
      }
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  /// Nil for capital letters too: a digest has one spelling.
  private static func value(ofDigit digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }

  package static func == (left: Digest256, right: Digest256) -> Bool {
    left.words == right.words
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }
}
