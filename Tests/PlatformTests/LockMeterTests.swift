import Dispatch
import Platform
import XCTest

/// Waits for a lock.
final class LockMeterTests: XCTestCase {
  func testLockMeter_FreeLock_IsNoWait() {
    let meter = LockMeter(clock: Environment.system.monotonic)
    let lock = Locked(0, meter: meter)
    for _ in 0..<100 { lock.withLock { $0 += 1 } }
    XCTAssertEqual(meter.counts.waits, 0)
    XCTAssertEqual(meter.counts.nanoseconds, 0)
  }

  func testLockMeter_HeldLock_IsOneWaitForItsWholeDuration() {
    let clock = Locked<UInt64>(0)
    let meter = LockMeter(clock: {
      clock.withLock { time in
        time += 50
        return time
      }
    })
    let lock = Locked(0, meter: meter)
    let (held, done) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let release = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      lock.withLock { _ in
        held.signal()
        release.wait()
      }
    }
    held.wait()
    Thread.detachNewThread {
      lock.withLock { $0 += 1 }
      done.signal()
    }
    // The first reading of the clock says that the other thread waits.
    while clock.withLock({ $0 }) == 0 { usleep(1000) }
    release.signal()
    done.wait()
    XCTAssertEqual(meter.counts.waits, 1)
    XCTAssertEqual(meter.counts.nanoseconds, 50)
    XCTAssertEqual(lock.withLock { $0 }, 1)
  }
}
