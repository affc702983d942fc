import Synchronization

/// What has happened at the listeners of one server since its start.
final class ServerCounters: Sendable {
  private let acceptedConnections = Atomic<UInt64>(0)
  private let refusedConnections = Atomic<UInt64>(0)
  private let refusedRequests = Atomic<UInt64>(0)
  private let fullHandshakes = Atomic<UInt64>(0)
  private let resumedHandshakes = Atomic<UInt64>(0)
  private let failedHandshakes = Atomic<UInt64>(0)

  /// How a TLS handshake ended.
  enum Handshake {
    case full, resumed, failed
  }

  func count(_ admission: ServerState.Admission) {
    if case .admitted = admission {
      acceptedConnections.add(1, ordering: .relaxed)
    } else {
      refusedConnections.add(1, ordering: .relaxed)
    }
  }

  func count(handshake: Handshake) {
    switch handshake {
    case .full: fullHandshakes.add(1, ordering: .relaxed)
    case .resumed: resumedHandshakes.add(1, ordering: .relaxed)
    case .failed: failedHandshakes.add(1, ordering: .relaxed)
    }
  }

  /// Counts a request that was answered before the handler saw it.
  func countRefusedRequest() { refusedRequests.add(1, ordering: .relaxed) }

  var accepted: UInt64 { acceptedConnections.load(ordering: .relaxed) }
  var refused: UInt64 { refusedConnections.load(ordering: .relaxed) }
  var broken: UInt64 { refusedRequests.load(ordering: .relaxed) }
  var handshakes: (full: UInt64, resumed: UInt64, failed: UInt64) {
    (
      fullHandshakes.load(ordering: .relaxed), resumedHandshakes.load(ordering: .relaxed),
      failedHandshakes.load(ordering: .relaxed)
    )
  }
}
