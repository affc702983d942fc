import CPlatform
import Glibc

/// An eventfd that ends the waiting of an epoll set, from any thread.
package final class WakeSignal: Sendable {
  private let file: Descriptor

  package init() throws(SystemError) {
    file = Descriptor(owning: try SystemError.retrying("eventfd") { eventfd(0, CInt(0x80000 | 0x800)) })
  }

  /// For an epoll set; with `edge` it needs no reading.
  package var descriptor: CInt { file.number }

  /// Safe from any thread; several calls before the set wakes count as one.
  package func send() {
    var one: UInt64 = 1
    while write(file.number, &one, 8) < 0, errno == EINTR {}
  }
}
