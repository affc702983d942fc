package import Credentials
import HTTP
package import Platform
package import Storage

/// The sender of an administrative request, and what it may reach.
package struct AdminCaller: Sendable {
  package enum Identity: Sendable, Equatable {
    /// A user connected to the unix socket of the data folder; the user id if the kernel reports it.
    case socket(user: UInt32?)
    /// A command that opened the data folder itself, and its user.
    case command(user: UInt32)
    /// An API key by its id.
    case key(String)
    /// A session of the console by its id.
    case session(String)
    /// Somebody with a set-up link, by its id.
    case link(String)
  }

  package let identity: Identity
  /// The only directory that the caller can see; nil for all.
  package let directory: String?
  package let scopes: Set<AdminScope>
  /// The only connection that the caller can see; nil for all.
  package private(set) var connection: ResourceID?
  /// The maximum rights of a key that the caller creates; nil for no limit.
  package let ceiling: KeyCeiling?
  /// The actor with the key and address; nil for callers without a key.
  private var actor: Actor?

  package init(
    _ identity: Identity, directory: String? = nil, scopes: Set<AdminScope> = Set(AdminScope.allCases),
    ceiling: KeyCeiling? = nil
  ) {
    self.identity = identity
    self.directory = directory
    self.scopes = scopes
    self.ceiling = ceiling
  }

  /// The sender of a request with a key from an address.
  package init(_ key: GrantedKey, remote: String, certificate: String? = nil) {
    self.init(
      .key(key.key.id), directory: key.key.isForAllDirectories ? nil : key.key.directory,
      scopes: Set(AdminScope.allCases.filter { key.scopes.allow($0.scope) }), ceiling: key.ceiling)
    actor = key.actor(remote: remote, certificate: certificate)
  }

  /// A session of the console: no more than its key may do now, and less for a viewer.
  package init(_ live: ConsoleSessions.Live, remote: String, certificate: String?) {
    let (session, key) = (live.session, live.key)
    let scopes = key.map { session.scopes.expanded.intersection($0.scopes) } ?? session.scopes.expanded
    self.init(
      .session(session.id), directory: session.directory,
      scopes: Set(AdminScope.allCases.filter { scopes.allow($0.scope) }),
      ceiling: Self.ceiling(of: live, scopes))
    var actor = Actor(
      .session, key: key?.key.id, generation: key?.generation.number, remote: remote, certificate: certificate
    )
    if case .user(let user) = session.origin {
      actor.userID = user
      actor.user = user.map { UserName.text($0) }
    }
    self.actor = actor
  }

  /// Somebody with a set-up link: reads one connection and its requests, and may create one key for it.
  package init(_ link: SetupLink, remote: String, certificate: String?, createsKey: Bool) {
    self.init(
      .link(link.id), directory: link.directory, scopes: createsKey ? [.read, .write] : [.read],
      ceiling: KeyCeiling(scopes: .scim, expires: nil))
    connection = link.connection
    actor = Actor(.session, remote: remote, certificate: certificate, command: "set-up link \(link.id)")
  }

  /// The limits of keys that a session creates. A user of this machine has none, but a viewer creates nothing anyway.
  private static func ceiling(of live: ConsoleSessions.Live, _ scopes: Scopes) -> KeyCeiling? {
    live.key.map {
      KeyCeiling(
        scopes: scopes, expires: $0.ceiling.expires, networks: $0.ceiling.networks,
        certificate: $0.ceiling.certificate)
    }
  }

  /// The user connected to the socket of the data folder, which only its owner can do.
  package static func socket(_ peer: PeerAddress) -> AdminCaller {
    AdminCaller(.socket(user: peer.unixUser))
  }

  /// Identifies the caller's requests, also across restarts.
  var name: String {
    switch identity {
    case .socket(let user): "user-\(user.map { String($0) } ?? "unknown")"
    case .command(let user): "user-\(user)"
    case .key(let id), .session(let id), .link(let id): id
    }
  }

  /// The number of the key's secret; nil for callers without a key.
  var generation: Int? { actor?.generation }

  /// The actor of the changes that its requests make.
  ///
  /// - Parameter command: the command or page that the client names, cut to 100 bytes.
  func actor(command: ArraySlice<UInt8>?) -> Actor {
    let words = command.map { String(decoding: $0.prefix(100), as: UTF8.self) }
    switch identity {
    case .socket(let user):
      return Actor(.socket, userID: user, user: user.map { UserName.text($0) }, command: words)
    case .command(let user): return Actor(.command, userID: user, user: UserName.text(user), command: words)
    case .key(let id):
      var actor = actor ?? Actor(.key, key: id)
      actor.command = words
      return actor
    case .session:
      var actor = actor ?? Actor(.session)
      actor.command = words
      return actor
    case .link: return actor ?? Actor(.session)
    }
  }
}

extension FieldName {
  /// The command behind the request, such as `scimd user restore`.
  static var command: FieldName { FieldName("X-Scimd-Command") }
}
