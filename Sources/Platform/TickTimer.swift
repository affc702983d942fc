import CPlatform
import Glibc

/// A timerfd that fires again and again while it runs.
package final class TickTimer: Sendable {
  private let file: Descriptor

  package init() throws(SystemError) {
    let number = try SystemError.retrying("timerfd_create") {
      timerfd_create(CLOCK_MONOTONIC, CInt(0x80000 | 0x800))
    }
    file = Descriptor(owning: number)
  }

  /// For an epoll set.
  package var descriptor: CInt { file.number }

  /// Fires every `milliseconds`; 0 stops it.
  package func run(every milliseconds: Int) {
    let interval = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
    var setting = itimerspec(it_interval: interval, it_value: interval)
    timerfd_settime(file.number, 0, &setting, nil)
  }

  /// Clears the readiness that the last firings caused.
  package func acknowledge() {
    var count: UInt64 = 0
    _ = read(file.number, &count, 8)
  }
}
