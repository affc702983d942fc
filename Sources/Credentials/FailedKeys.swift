import Platform

/// How often each address presents a key that is refused: a bucket of twice a minute's allowance, refilled steadily.
///
/// It spares the log and the processor; 256 bits are not guessed. Memory is bounded: there are two generations of
/// buckets, and when the younger is full the older is forgotten.
final class FailedKeys: Sendable {
  private struct Buckets {
    /// When the bucket of an address will be full again, in nanoseconds of the monotonic clock.
    var young: [PeerAddress.Network: UInt64] = [:]
    var old: [PeerAddress.Network: UInt64] = [:]
  }

  /// Addresses of one generation.
  static let capacity = 5000

  /// Nanoseconds until one more failure is forgiven.
  private let interval: UInt64
  /// How far a bucket may be below full, in nanoseconds, so that it still allows one more failure.
  private let tolerance: UInt64
  private let clock: @Sendable () -> UInt64
  private let buckets = Locked(Buckets())

  /// - Parameter perMinute: failures per minute that one address may have, at least 1.
  init(perMinute: Int, clock: @escaping @Sendable () -> UInt64) {
    precondition(perMinute > 0, "an allowance")
    interval = 60_000_000_000 / UInt64(perMinute)
    tolerance = interval * (2 * UInt64(perMinute) - 1)
    self.clock = clock
  }

  /// Counts one failure. The seconds to wait if there were too many; nil if this one is still allowed.
  func count(from address: PeerAddress.Network) -> Int? {
    let now = clock()
    return buckets.withLock { buckets in
      let full = max(buckets.young[address] ?? buckets.old[address] ?? 0, now)
      if full - now > tolerance { return Int((full - now - tolerance - 1) / 1_000_000_000) + 1 }
      if buckets.young.count >= Self.capacity, buckets.young[address] == nil {
        buckets.old = buckets.young
        buckets.young = [:]
      }
      buckets.young[address] = full + interval
      return nil
    }
  }

  /// Addresses that are remembered.
  var addresses: Int { buckets.withLock { $0.young.count + $0.old.count } }
}
