import Platform
import Synchronization

/// What the loops of one server share.
final class ServerState: Sendable {
  let limits: HTTPLimits
  let environment: Environment
  let handler: any HTTPHandler
  /// Addresses that the connections of many clients come from.
  let proxies: Set<String>
  /// Whether such a connection begins with a PROXY protocol header.
  let proxiesSendHeader: Bool
  private let open = Atomic(0)
  private let refused = Atomic(0)
  private let inFlight = Atomic(0)
  private let unfinishedBodyBytes = Atomic(0)
  private let byPeer = Locked<[PeerAddress.Network: Int]>([:])

  init(
    limits: HTTPLimits, environment: Environment, handler: any HTTPHandler, proxies: Set<String>,
    proxiesSendHeader: Bool
  ) {
    self.limits = limits
    self.environment = environment
    self.handler = handler
    self.proxies = proxies
    self.proxiesSendHeader = proxiesSendHeader
  }

  /// How a new connection is treated.
  enum Admission {
    case admitted
    /// A connection has to give way first.
    case full
    case refused(HTTPError)
    case dropped
  }

  /// An ordinary place, or one of those that are kept.
  enum Place {
    case ordinary, kept
  }

  /// Counts a connection in; every admitted or refused one must be counted out by `leave`.
  func admit(_ peer: PeerAddress, to place: Place) -> Admission {
    guard countIn(peer) else {
      return refuse(.tooManyConnectionsFromPeer(limit: limits.maxConnectionsPerPeer))
    }
    let kept = place == .ordinary ? limits.keptConnections : 0
    if open.add(1, ordering: .relaxed).newValue <= limits.maxConnections - kept { return .admitted }
    leave(peer, wasRefused: false)
    return .full
  }

  /// Counts in a connection that is only told why there is no place for it.
  func refuse(_ error: HTTPError) -> Admission {
    guard refused.add(1, ordering: .relaxed).newValue <= limits.maxRefusedConnections else {
      refused.subtract(1, ordering: .relaxed)
      return .dropped
    }
    return .refused(error)
  }

  /// Whether the address may have another connection.
  private func countIn(_ peer: PeerAddress) -> Bool {
    guard isBounded(peer) else { return true }
    return byPeer.withLock { counts in
      let count = counts[peer.network, default: 0]
      guard count < limits.maxConnectionsPerPeer else { return false }
      counts[peer.network] = count + 1
      return true
    }
  }

  func leave(_ peer: PeerAddress, wasRefused: Bool) {
    if wasRefused {
      refused.subtract(1, ordering: .relaxed)
      return
    }
    open.subtract(1, ordering: .relaxed)
    guard isBounded(peer) else { return }
    byPeer.withLock { counts in
      let count = counts[peer.network, default: 1]
      counts[peer.network] = count > 1 ? count - 1 : nil
    }
  }

  /// Counts a request in unless the handler has too many; each one counted in must be counted out by `endRequest`.
  func beginRequest() -> Bool {
    if inFlight.add(1, ordering: .relaxed).newValue <= limits.maxRequestsInFlight { return true }
    endRequest()
    return false
  }

  func endRequest() { inFlight.subtract(1, ordering: .relaxed) }

  /// Counts bytes of unfinished bodies in or, negative, out; whether they are within their bound.
  func charge(_ bytes: Int) -> Bool {
    unfinishedBodyBytes.add(bytes, ordering: .relaxed).newValue <= limits.maxUnfinishedBodyBytes
  }

  /// Connections admitted and not closed.
  var openConnections: Int { open.load(ordering: .relaxed) }

  private func isBounded(_ peer: PeerAddress) -> Bool {
    !peer.isUnixSocket && !(peer.isLoopback && limits.loopbackIsUnbounded) && !proxies.contains(peer.text)
  }
}
