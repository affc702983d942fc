import CPlatform
import Glibc

/// The external inputs of a process: time and randomness; tests pass their own.
package struct Environment: Sendable {
  /// Wall clock, milliseconds since 1970-01-01T00:00:00Z.
  package var now: @Sendable () -> Int64
  /// A clock that never goes back, nanoseconds from an arbitrary start.
  package var monotonic: @Sendable () -> UInt64
  /// The given number of unpredictable bytes.
  package var randomBytes: @Sendable (Int) -> [UInt8]

  package init(
    now: @escaping @Sendable () -> Int64,
    monotonic: @escaping @Sendable () -> UInt64,
    randomBytes: @escaping @Sendable (Int) -> [UInt8]
  ) {
    self.now = now
    self.monotonic = monotonic
    self.randomBytes = randomBytes
  }

  /// The kernel's clocks and getrandom(2).
  package static let system = Environment(
    now: { Int64(truncatingIfNeeded: time(of: CLOCK_REALTIME) / 1_000_000) },
    monotonic: { time(of: CLOCK_MONOTONIC) },
    randomBytes: { count in kernelRandom(count) })

  /// Nanoseconds.
  private static func time(of clock: clockid_t) -> UInt64 {
    var value = timespec()
    clock_gettime(clock, &value)
    return UInt64(truncatingIfNeeded: value.tv_sec) &* 1_000_000_000
      &+ UInt64(truncatingIfNeeded: value.tv_nsec)
  }

  /// Waits for the kernel's generator to be seeded; traps if getrandom(2) fails for another reason than EINTR.
  private static func kernelRandom(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = getrandom(buffer.baseAddress.map { $0 + filled }, count - filled, 0)
        precondition(got > 0 || errno == EINTR, "getrandom failed")
        if got > 0 { filled += got }
      }
    }
  }
}

extension Environment {
  /// A random UUID (RFC 9562 §5.4) in lower-case text.
  package func uuid() -> String {
    var bytes = randomBytes(16)
    precondition(bytes.count == 16, "an environment gives the bytes it is asked for")
    bytes[6] = bytes[6] & 0x0f | 0x40
    bytes[8] = bytes[8] & 0x3f | 0x80
    let digits = StaticString("0123456789abcdef")
    return String(unsafeUninitializedCapacity: 36) { text in
      var position = 0
      for (index, byte) in bytes.enumerated() {
        if index == 4 || index == 6 || index == 8 || index == 10 {
          text[position] = UInt8(ascii: "-")
          position += 1
        }
        text[position] = digits.utf8Start[Int(byte >> 4)]
        text[position + 1] = digits.utf8Start[Int(byte & 15)]
        position += 2
      }
      return position
    }
  }
}
