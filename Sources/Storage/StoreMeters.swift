package import Platform

/// What a store measures of itself, over all directories.
package struct StoreMeters: Sendable {
  package let log: LogMeter
  /// Of the directories' locks.
  package let locks: LockMeter

  package init(_ environment: Environment) {
    log = LogMeter(clock: environment.monotonic)
    locks = LockMeter(clock: environment.monotonic)
  }
}
