import Platform
import Synchronization

/// The state shared by the loops of one server.
final class ServerState: Sendable {
  let limits: HTTPLimits
  let environment: Environment
  let handler: any HTTPHandler
  /// Addresses that the connections of many clients come from.
  let proxies: Set<String>
  /// Whether such a connection begins with a PROXY protocol header.
  let proxiesSendHeader: Bool
  private let speaksTLS: Bool
  /// Kept places of one loop: as it alone counts them, a connection that gave way there made room for the next one
  /// there.
  private let keptPerLoop: Int
  private let ordinary = Atomic(0)
  private let kept = Atomic(0)
  private let refused = Atomic(0)
  private let inFlight = Atomic(0)
  private let unfinishedBodyBytes = Atomic(0)
  let unsent = UnsentBytes()
  let counters = ServerCounters()
  private let byPeer = Locked<[PeerAddress.Network: Int]>([:])

  init(
    limits: HTTPLimits, loops: Int, environment: Environment, handler: any HTTPHandler,
    proxies: Set<String>, proxiesSendHeader: Bool, speaksTLS: Bool
  ) {
    self.limits = limits
    keptPerLoop = limits.keptConnections == 0 ? 0 : max(1, limits.keptConnections / loops)
    self.environment = environment
    self.handler = handler
    self.proxies = proxies
    self.proxiesSendHeader = proxiesSendHeader
    self.speaksTLS = speaksTLS
  }

  /// How a new connection is treated.
  enum Admission {
    case admitted
    /// A connection has to give way first.
    case full
    case refused(HTTPError)
    case dropped
  }

  /// An ordinary place, or a reserved one.
  enum Place {
    case ordinary, kept
  }

  /// Counts a connection in; every admitted or refused one must be counted out by `leave`.
  /// - Parameter keptHere: the reserved places of the caller's loop that are in use.
  func admit(_ peer: PeerAddress, to place: Place, keptHere: Int) -> Admission {
    guard countIn(peer) else {
      return refuse(.tooManyConnectionsFromPeer(limit: limits.maxConnectionsPerPeer))
    }
    switch place {
    case .ordinary:
      let taken = ordinary.add(1, ordering: .relaxed).newValue
      if taken <= limits.maxConnections - limits.keptConnections { return .admitted }
    case .kept:
      kept.add(1, ordering: .relaxed)
      if keptHere < keptPerLoop { return .admitted }
    }
    leave(peer, from: place)
    return .full
  }

  /// Counts a connection that only gets an error because the limit is reached.
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

  /// - Parameter place: nil for a connection that was refused.
  func leave(_ peer: PeerAddress, from place: Place?) {
    switch place {
    case nil:
      refused.subtract(1, ordering: .relaxed)
      return
    case .ordinary: ordinary.subtract(1, ordering: .relaxed)
    case .kept: kept.subtract(1, ordering: .relaxed)
    }
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
  var openConnections: Int { ordinary.load(ordering: .relaxed) + kept.load(ordering: .relaxed) }

  var activity: HTTPActivity {
    HTTPActivity(
      openConnections: openConnections, requestsInFlight: inFlight.load(ordering: .relaxed),
      acceptedConnections: counters.accepted, refusedConnections: counters.refused,
      refusedRequests: counters.broken, handshakes: speaksTLS ? counters.handshakes : nil)
  }

  private func isBounded(_ peer: PeerAddress) -> Bool {
    !peer.isUnixSocket && !(peer.isLoopback && limits.loopbackIsUnbounded) && !proxies.contains(peer.text)
  }
}
