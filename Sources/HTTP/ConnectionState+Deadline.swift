extension ConnectionState {
  /// The event that a connection waits for; each wait has one total deadline, however often bytes arrive.
  enum Wait {
    case nothing, idle, head, body
  }

  /// Sets the deadline for the current wait; `clock` is read if a new wait begins.
  func armDeadline(limits: HTTPLimits, clock: () -> UInt64) {
    switch stage {
    case .handling:
      wait = .nothing
      deadline = .max
    case .sending, .lingering, .closed:
      // It was set when the stage began.
      break
    // Bytes that wait to be parsed are the server's delay, not the peer's.
    case .proxyHeader where !hasPending, .idle where !hasPending:
      begin(.idle, clock)
      deadline = waitStart &+ limits.nanoseconds(isFresh ? limits.headSeconds : limits.idleSeconds)
    case .head where !hasPending:
      begin(.head, clock)
      deadline = waitStart &+ limits.nanoseconds(limits.headSeconds)
    case .body where !hasPending, .discarding where !hasPending:
      begin(.body, clock)
      deadline = waitStart &+ limits.nanoseconds(limits.bodySeconds, bytes: bodyBytes)
    case .proxyHeader, .idle, .head, .body, .discarding:
      break
    }
  }

  /// Starts the clock of another wait; the same wait goes on.
  private func begin(_ wait: Wait, _ clock: () -> UInt64) {
    guard wait != self.wait else { return }
    self.wait = wait
    // The handler may have taken its time since the round began.
    waitStart = clock()
  }

  /// The peer was waited for long enough.
  func deadlinePassed() -> Action {
    switch stage {
    case .head: fail(.headTimeout)
    case .body, .discarding: fail(.bodyTimeout)
    case .proxyHeader, .idle, .handling, .sending, .lingering, .closed: .close
    }
  }
}

extension HTTPLimits {
  /// `seconds` as nanoseconds.
  func nanoseconds(_ seconds: Double) -> UInt64 {
    UInt64(max(0, min(seconds, 1e9)) * 1e9)
  }

  /// `seconds` and the time that `bytes` take at the slowest transfer that is waited for.
  func nanoseconds(_ seconds: Double, bytes: Int) -> UInt64 {
    nanoseconds(seconds + Double(bytes) / Double(max(1, minBytesPerSecond)))
  }
}
