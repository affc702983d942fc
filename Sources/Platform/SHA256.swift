import CPlatform

/// SHA-256 (FIPS 180-4): one-shot, or fed piece by piece; with the processor's own instructions if it has them.
///
/// Nothing but the array of `digest` and `finalize` is made on the heap.
package struct SHA256: Sendable {
  typealias State = InlineArray<8, UInt32>

  private var state: State = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  /// The bytes of a block that is not full yet.
  private var pending = InlineArray<64, UInt8>(repeating: 0)
  private var pendingCount = 0
  private var byteCount: UInt64 = 0
  private let usesInstructions: Bool

  package init() {
    self.init(usesInstructions: Self.hasInstructions)
  }

  /// Only tests choose; instructions that the processor does not have end the process.
  init(usesInstructions: Bool) {
    self.usesInstructions = usesInstructions
  }

  static let hasInstructions = cplatform_has_sha256() != 0

  /// The 32 bytes for one message.
  package static func digest(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var hasher = SHA256()
    hasher.update(bytes)
    return hasher.finalize()
  }

  /// The 32 bytes for one message.
  package static func digest(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { digest($0) }
  }

  /// Feeds the next bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard var next = bytes.baseAddress else { return }
    var rest = bytes.count
    byteCount &+= UInt64(rest)
    if pendingCount > 0 {
      let taken = min(64 - pendingCount, rest)
      keep(next, taken)
      guard pendingCount == 64 else { return }
      compressPending()
      next += taken
      rest -= taken
    }
    let whole = rest & ~63
    if whole > 0 { compress(next, blocks: whole / 64) }
    keep(next + whole, rest - whole)
  }

  /// The 32 bytes for all that was fed; the hasher must not be fed after it.
  package mutating func finalize() -> [UInt8] {
    let digest = finalizeDigest()
    return digest.withBytes { [UInt8]($0) }
  }

  /// The digest of all that was fed; the hasher must not be fed after it.
  package mutating func finalizeDigest() -> Digest256 {
    pending[pendingCount] = 0x80
    pendingCount += 1
    if pendingCount > 56 {
      clearPending(to: 64)
      compressPending()
    }
    clearPending(to: 56)
    withUnsafeMutableBytes(of: &pending) {
      $0.storeBytes(of: (byteCount &* 8).bigEndian, toByteOffset: 56, as: UInt64.self)
    }
    compressPending()
    return Digest256(state)
  }

  /// Keeps bytes that do not fill a block; `count` and what is pending are 64 at most.
  private mutating func keep(_ bytes: UnsafeRawPointer, _ count: Int) {
    guard count > 0 else { return }
    withUnsafeMutableBytes(of: &pending) {
      $0[pendingCount...].copyBytes(from: UnsafeRawBufferPointer(start: bytes, count: count))
    }
    pendingCount += count
  }

  /// Pads with zeros up to `end`.
  private mutating func clearPending(to end: Int) {
    for index in pendingCount..<end { pending[index] = 0 }
  }

  private mutating func compressPending() {
    let block = pending
    withUnsafeBytes(of: block) {
      if let base = $0.baseAddress { compress(base, blocks: 1) }
    }
    pendingCount = 0
  }

  /// Feeds whole blocks of 64 bytes into the state.
  private mutating func compress(_ base: UnsafeRawPointer, blocks: Int) {
    guard usesInstructions else { return Self.compressByWords(&state, base, blocks: blocks) }
    withUnsafeMutableBytes(of: &state) {
      cplatform_sha256($0.assumingMemoryBound(to: UInt32.self).baseAddress, base, blocks)
    }
  }
}
