import CPlatform
import Glibc

/// An epoll set: descriptors with tokens, and which of them are ready.
///
/// `@unchecked Sendable`: the descriptor is constant, and `tokens` and `events` are touched by `wait` and `event`
/// alone, which one thread at a time may call.
package final class Epoll: @unchecked Sendable {
  /// The events to wait for, or those that are ready; `error` and `hangUp` are always reported.
  package struct Interest: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package static let read = Interest(rawValue: CPLATFORM_EPOLLIN)
    package static let write = Interest(rawValue: CPLATFORM_EPOLLOUT)
    package static let error = Interest(rawValue: CPLATFORM_EPOLLERR)
    package static let hangUp = Interest(rawValue: CPLATFORM_EPOLLHUP)
    /// Only one waiter is woken if several sets share a listener.
    package static let exclusive = Interest(rawValue: CPLATFORM_EPOLLEXCLUSIVE)
    /// Reported once for every change (edge-triggered).
    package static let edge = Interest(rawValue: CPLATFORM_EPOLLET)

    // Called for every event: the set algebra would run unspecialized in other modules.
    package var isReadable: Bool { rawValue & CPLATFORM_EPOLLIN != 0 }
    package var isWritable: Bool { rawValue & CPLATFORM_EPOLLOUT != 0 }
    /// Both directions are shut.
    package var isGone: Bool { rawValue & (CPLATFORM_EPOLLERR | CPLATFORM_EPOLLHUP) != 0 }
  }

  package let descriptor: CInt
  private let tokens: UnsafeMutablePointer<UInt64>
  private let events: UnsafeMutablePointer<UInt32>
  /// Maximum descriptors reported by one call of `wait`.
  package static let capacity = 256

  package init() throws(SystemError) {
    descriptor = try SystemError.retrying("epoll_create1") { epoll_create1(0x80000) }
    tokens = .allocate(capacity: Self.capacity)
    events = .allocate(capacity: Self.capacity)
  }

  deinit {
    close(descriptor)
    tokens.deallocate()
    events.deallocate()
  }

  /// - Parameter token: returned by `event` when the descriptor is ready; any number of the caller's.
  package func add(_ number: CInt, _ interest: Interest, token: UInt64) throws(SystemError) {
    try control(CPLATFORM_EPOLL_ADD, number, interest, token)
  }

  package func modify(_ number: CInt, _ interest: Interest, token: UInt64) throws(SystemError) {
    try control(CPLATFORM_EPOLL_MODIFY, number, interest, token)
  }

  /// Harmless for a descriptor that is not in the set.
  package func remove(_ number: CInt) {
    _ = cplatform_epoll_control(descriptor, CPLATFORM_EPOLL_DELETE, number, 0, 0)
  }

  /// Waits at most so long for a descriptor to become ready; how many there are.
  package func wait(milliseconds: Int) -> Int {
    let timeout = CInt(clamping: milliseconds)
    return max(0, Int(cplatform_epoll_wait(descriptor, tokens, events, CInt(Self.capacity), timeout)))
  }

  /// One of the ready descriptors that the last `wait` counted.
  package func event(_ index: Int) -> (token: UInt64, ready: Interest) {
    precondition(index >= 0 && index < Self.capacity, "an event that wait counted")
    return (tokens[index], Interest(rawValue: events[index]))
  }

  private func control(
    _ operation: CInt, _ number: CInt, _ interest: Interest, _ token: UInt64
  ) throws(SystemError) {
    let result = cplatform_epoll_control(descriptor, operation, number, interest.rawValue, token)
    if result != 0 { throw .current("epoll_ctl") }
  }
}
