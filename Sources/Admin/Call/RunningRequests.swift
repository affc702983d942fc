import HTTP
import Platform
import Storage

/// The names of requests that are being carried out.
final class RunningRequests: Sendable {
  private let names = Locked<Set<String>>([])

  /// False if a request of that name is already being carried out.
  func begin(_ name: String) -> Bool { names.withLock { $0.insert(name).inserted } }

  func end(_ name: String) { names.withLock { _ = $0.remove(name) } }
}
