import Platform
import TLS

extension EventLoop {
  private static let maxAccepts = 64

  /// A listener that several loops share wakes only one of them.
  func watchListeners() throws(SystemError) {
    for (index, listener) in listeners.enumerated() {
      let interest: Epoll.Interest = listener.isShared ? [.read, .exclusive] : .read
      try epoll.add(listener.socket.descriptor.number, interest, token: UInt64(index) + 1)
    }
  }

  /// Accepts what is waiting, a limited number per turn.
  func acceptAll(_ listeners: [Listener], at index: Int) {
    guard listeners.indices.contains(index), acceptsAgainAt == nil else { return }
    let (number, tls) = (listeners[index].socket.descriptor.number, listeners[index].tls)
    for _ in 0..<Self.maxAccepts {
      switch Socket.accept(number) {
      case .connection(let accepted, let peer): admit(accepted, peer, tls)
      case .lost: continue
      case .none: return
      case .exhausted: return pauseAccepting()
      }
    }
  }

  /// Gives the connection a place, answers 503, or closes it without an answer.
  private func admit(_ number: CInt, _ peer: PeerAddress, _ tls: TLSServer?) {
    var (admission, place) = findPlace(peer)
    if case .full = admission {
      admission = server.refuse(.tooManyConnections(limit: server.limits.maxConnections))
    }
    server.counters.count(admission)
    var refusal: HTTPError?
    switch admission {
    case .admitted: break
    case .refused(let error): refusal = error
    case .full, .dropped: return Socket.close(number)
    }
    let occupied = refusal == nil ? place : nil
    // Over TLS an answer would need a handshake first, which is too much for a connection that is refused.
    let secure = refusal == nil ? tls?.session().map { SecureLink($0) } : nil
    if tls != nil, secure == nil {
      server.leave(peer, from: occupied)
      return Socket.close(number)
    }
    if !peer.isUnixSocket { Socket.setNoDelay(number) }
    let connection = Connection(
      loop: self, descriptor: number, peer: peer, place: occupied, secure: secure)
    connections.insert(connection)
    guard (try? epoll.add(number, .read, token: connection.token)) != nil else {
      return connection.close()
    }
    startTicking()
    // The request may be readable already, and a peer that has already left frees its place at once.
    connection.takeTurn { if let refusal { $0.fail(refusal) } else { $0.readable() } }
  }

  /// An ordinary place if one is free, otherwise a reserved one.
  private func findPlace(_ peer: PeerAddress) -> (ServerState.Admission, ServerState.Place) {
    let admission = admit(peer, to: .ordinary)
    guard case .full = admission else { return (admission, .ordinary) }
    return (admit(peer, to: .kept), .kept)
  }

  /// If all places are taken, an idle connection of this loop is closed.
  private func admit(_ peer: PeerAddress, to place: ServerState.Place) -> ServerState.Admission {
    let admission = server.admit(peer, to: place, keptHere: connections.kept)
    guard case .full = admission, makeRoom(place) else { return admission }
    return server.admit(peer, to: place, keptHere: connections.kept)
  }

  /// Closes the connection that has been waited for longest; false if every one has a request under way.
  private func makeRoom(_ place: ServerState.Place) -> Bool {
    for _ in 0..<Self.maxAccepts {
      guard let connection = connections.givingWay(place) else { return false }
      connection.takeTurn { $0.giveWay() }
      if connection.state.isClosed { return true }
    }
    return false
  }

  /// Out of descriptors: the listener stays readable, so it must be left alone for a while.
  func pauseAccepting() {
    for listener in listeners { epoll.remove(listener.socket.descriptor.number) }
    acceptsAgainAt = now &+ nanoseconds(server.limits.acceptPauseSeconds)
    startTicking()
  }
}
