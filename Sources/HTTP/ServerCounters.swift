import Synchronization

/// What has happened at the listeners of one server since its start.
final class ServerCounters: Sendable {
  private let acceptedConnections = Atomic<UInt64>(0)
  private let refusedConnections = Atomic<UInt64>(0)
  private let refusedRequests = Atomic<UInt64>(0)

  func count(_ admission: ServerState.Admission) {
    if case .admitted = admission {
      acceptedConnections.add(1, ordering: .relaxed)
    } else {
      refusedConnections.add(1, ordering: .relaxed)
    }
  }

  /// Counts a request that was answered before the handler saw it.
  func countRefusedRequest() { refusedRequests.add(1, ordering: .relaxed) }

  var accepted: UInt64 { acceptedConnections.load(ordering: .relaxed) }
  var refused: UInt64 { refusedConnections.load(ordering: .relaxed) }
  var broken: UInt64 { refusedRequests.load(ordering: .relaxed) }
}
