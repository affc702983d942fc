import Platform
package import SCIM
package import Storage

/// The sessions of the console, each a note in the log of `_system` with the digest of its token, and the one-time links
/// that begin them.
package final class ConsoleSessions: Sendable {
  /// A session whose token was presented, with the key it came from.
  package struct Live: Sendable {
    package let session: ConsoleSession
    /// Nil for a session of a user of this machine.
    package let key: GrantedKey?
    /// Nil unless it is of the set-up room.
    package let link: SetupLink?
  }

  /// A link that was just made; its secret is stored nowhere.
  package struct Invitation: Sendable {
    package let secret: String
    package let expires: DateTime
  }

  private struct Table {
    var sessions: [KeyDigest: ConsoleSession] = [:]
    /// Sessions with a last request that the log does not have.
    var unwritten: Set<KeyDigest> = []
    var invitations: [KeyDigest: SessionInvitation] = [:]
  }

  private static let notePrefix = "console.session:"
  /// A session more ends the one that was idle longest.
  static let maxSessions = 256
  /// A link more makes the oldest one useless.
  static let maxInvitations = 64
  private static let randomDigits = 43

  private let store: Store
  private let keys: KeyRing
  private let links: SetupLinks
  private let table = Locked(Table())

  package init(_ store: Store, _ keys: KeyRing, _ links: SetupLinks) {
    self.store = store
    self.keys = keys
    self.links = links
    let now = keys.now
    table.withLock { table in
      for (_, value) in store.system.notes(withPrefix: Self.notePrefix) {
        guard let session = ConsoleSession(value), session.isAlive(at: now) else { continue }
        table.sessions[session.digest] = session
      }
    }
  }

  // MARK: Links

  /// A new link, for one use within a minute.
  package func invite(_ grant: SessionGrant, forOthers: Bool) -> Invitation {
    let secret = keys.environment.randomText("scimc_", digits: Self.randomDigits)
    let now = keys.now
    let expires = DateTime(milliseconds: now.milliseconds + SessionInvitation.lifetime)
    table.withLock { table in
      table.invitations = table.invitations.filter { now < $0.value.expires }
      if table.invitations.count >= Self.maxInvitations,
        let oldest = table.invitations.min(by: { $0.value.expires < $1.value.expires })
      {
        table.invitations[oldest.key] = nil
      }
      table.invitations[KeyDigest(of: Array(secret.utf8)[...])] = SessionInvitation(
        grant: grant, isForOthers: forOthers, expires: expires)
    }
    return Invitation(secret: secret, expires: expires)
  }

  /// Uses a link up; nil if it is unknown, used, too old, or asked for by another machine than it is for.
  package func accept(_ secret: ArraySlice<UInt8>, isLocal: Bool) -> SessionGrant? {
    let digest = KeyDigest(of: secret)
    let now = keys.now
    let found = table.withLock { table -> SessionInvitation? in
      guard let found = table.invitations[digest], isLocal || found.isForOthers else { return nil }
      table.invitations[digest] = nil
      return found
    }
    guard let found, now < found.expires, isValid(found.grant.origin, at: now) else { return nil }
    return found.grant
  }

  // MARK: Sessions

  /// Begins a session and returns its token, which works as soon as the result is durable.
  package func begin(
    _ grant: SessionGrant, remote: String, agent: String?, _ context: RequestContext
  ) -> Pending<Result<String, SCIMError>> {
    let token = keys.environment.randomText("scims_", digits: Self.randomDigits)
    let now = keys.now
    let session = ConsoleSession(
      id: keys.environment.randomText("session_", digits: 12), digest: KeyDigest(of: Array(token.utf8)[...]),
      origin: grant.origin,
      directory: grant.directory, scopes: grant.scopes, created: now, seen: now, remote: remote,
      agent: agent.map { String(decoding: $0.utf8.prefix(ConsoleSession.maxAgentBytes), as: UTF8.self) })
    let surplus = surplus(now)
    let written = store.system.writeTogether(context) { tx throws(SCIMError) in
      for old in surplus { tx.note(Self.notePrefix + old.id, nil) }
      tx.note(Self.notePrefix + session.id, session.json)
      return token
    }
    if written.isAccepted() {
      table.withLock { table in
        for old in surplus { table.sessions[old.digest] = nil }
        table.sessions[session.digest] = session
      }
    }
    return written
  }

  /// The sessions that make room for another one: those that have ended, and one that is alive if there are too many.
  private func surplus(_ now: DateTime) -> [ConsoleSession] {
    let all = table.withLock { Array($0.sessions.values) }
    let (alive, ended) = (all.filter { isAlive($0, at: now) }, all.filter { !isAlive($0, at: now) })
    guard alive.count >= Self.maxSessions, let idlest = alive.min(by: { $0.seen < $1.seen }) else {
      return ended
    }
    return ended + [idlest]
  }

  /// The session of a presented token, which counts as a request of it; nil if it has ended.
  package func session(_ token: ArraySlice<UInt8>) -> Live? {
    let digest = KeyDigest(of: token)
    let now = keys.now
    let found = table.withLock { table -> ConsoleSession? in
      guard var session = table.sessions[digest], session.isAlive(at: now) else { return nil }
      // The log gets it once a minute.
      if now.milliseconds - session.seen.milliseconds >= 1000 {
        session.seen = now
        table.sessions[digest] = session
        table.unwritten.insert(digest)
      }
      return session
    }
    guard let found, isValid(found.origin, at: now) else { return nil }
    return Live(session: found, key: key(of: found.origin), link: link(of: found.origin))
  }

  /// All that are alive, the last seen first.
  package var all: [ConsoleSession] {
    let now = keys.now
    return table.withLock { Array($0.sessions.values) }.filter { isAlive($0, at: now) }
      .sorted(by: newestFirst(\.seen, \.id))
  }

  /// Ends a session: in memory at once, and after a restart as soon as the result is durable.
  package func end(_ session: ConsoleSession, _ context: RequestContext) -> Pending<Result<Void, SCIMError>> {
    table.withLock { $0.sessions[session.digest] = nil }
    return store.system.writeTogether(context) { tx throws(SCIMError) in
      tx.note(Self.notePrefix + session.id, nil)
    }
  }

  /// Writes the last requests and removes what has ended; does not wait for the disk. Called about once a minute.
  package func upkeep() {
    let now = keys.now
    let (due, ended) = table.withLock { table in
      let ended = table.sessions.values.filter { !$0.isAlive(at: now) }
      for session in ended { table.sessions[session.digest] = nil }
      defer { table.unwritten = [] }
      return (table.unwritten.compactMap { table.sessions[$0] }, ended)
    }
    guard !due.isEmpty || !ended.isEmpty else { return }
    let context = RequestContext(Actor(.server), requestID: "upkeep", operation: "NOTE sessions")
    _ = store.system.writeTogether(context) { tx throws(SCIMError) in
      for session in due { tx.note(Self.notePrefix + session.id, session.json) }
      for session in ended { tx.note(Self.notePrefix + session.id, nil) }
    }
  }

  // MARK: Validity

  private func isAlive(_ session: ConsoleSession, at now: DateTime) -> Bool {
    session.isAlive(at: now) && isValid(session.origin, at: now)
  }

  /// Whether the key or link of a session is still valid.
  private func isValid(_ origin: ConsoleSession.Origin, at now: DateTime) -> Bool {
    switch origin {
    case .user: true
    case .key: key(of: origin)?.isValid(at: now) ?? false
    case .link: link(of: origin).map { links.state(of: $0) == .open } ?? false
    }
  }

  private func link(of origin: ConsoleSession.Origin) -> SetupLink? {
    guard case .link(let id) = origin else { return nil }
    return links.link(id)
  }

  private func key(of origin: ConsoleSession.Origin) -> GrantedKey? {
    guard case .key(let id, let number) = origin,
      let generation = keys.key(id)?.generations.first(where: { $0.number == number })
    else { return nil }
    return keys.known(generation.digest)
  }
}
