import Dispatch
import JSON
import Platform
import SCIM
import Storage

/// Writes the hash of each directory's last record to the log: at the start, every hour, and at the end. Whoever collects
/// the log holds proof of everything before, as `scimd audit verify --head` checks.
final class AuditAnchors: Sendable {
  private static let interval = DispatchTimeInterval.seconds(3600)

  private let store: Store
  private let now: @Sendable () -> Int64
  private let write: @Sendable ([UInt8]) -> Void
  private let queue = DispatchQueue(label: "scimd.audit")
  /// The records last written, by directory.
  private let written = Locked<[String: UInt64]>([:])
  private let isStopped = Locked(false)

  /// - Parameter write: receives each line as JSON.
  init(_ store: Store, now: @escaping @Sendable () -> Int64, write: @escaping @Sendable ([UInt8]) -> Void) {
    self.store = store
    self.now = now
    self.write = write
    queue.async { @Sendable [weak self] in self?.turn() }
  }

  private func turn() {
    guard !isStopped.withLock({ $0 }) else { return }
    note()
    queue.asyncAfter(deadline: .now() + Self.interval) { @Sendable [weak self] in self?.turn() }
  }

  /// Directories in which nothing happened since the last time are left out.
  func note() {
    let time = DateTime(milliseconds: now()).description
    for directory in [store.system] + store.allDirectories {
      let head = directory.head
      let isNew = written.withLock { written in
        guard head.seq > written[directory.name] ?? 0 else { return false }
        written[directory.name] = head.seq
        return true
      }
      guard isNew else { continue }
      write(
        JSONValue.object([
          "time": .string(time), "audit": "head", "directory": .string(directory.name),
          "record": .integer(Int64(clamping: head.seq)), "hash": .string(head.hash.text),
        ]).serialized())
    }
  }

  /// Writes the last hashes and stops. Blocks.
  func stop() {
    isStopped.withLock { $0 = true }
    queue.sync { @Sendable in note() }
  }
}
