package import Glibc

/// A value that is touched only while its pthread mutex is held; not recursive.
///
/// The only lock of the code base: `Synchronization.Mutex` is invisible to ThreadSanitizer.
/// `@unchecked Sendable` is sound because `value` is reachable through `withLock` alone. `Value` must have a size:
/// ThreadSanitizer takes the address of an empty one for the object itself.
package final class Locked<Value>: @unchecked Sendable {
  @usableFromInline let mutex: UnsafeMutablePointer<pthread_mutex_t>
  @usableFromInline var value: Value
  private let meter: LockMeter?

  /// - Parameter meter: counts waits for the lock; nil for none.
  package init(_ value: sending Value, meter: LockMeter? = nil) {
    self.meter = meter
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    self.value = value
    let result = pthread_mutex_init(mutex, nil)
    precondition(result == 0, "pthread_mutex_init failed")
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deinitialize(count: 1)
    mutex.deallocate()
  }

  /// Runs `body` with the value while no other thread can see it.
  @inlinable package func withLock<R, E: Error>(_ body: (inout Value) throws(E) -> R) throws(E) -> R {
    if pthread_mutex_trylock(mutex) != 0 { wait() }
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }

  /// Takes the lock that another thread holds.
  @usableFromInline func wait() {
    guard let meter else {
      pthread_mutex_lock(mutex)
      return
    }
    meter.measure { pthread_mutex_lock(mutex) }
  }
}
