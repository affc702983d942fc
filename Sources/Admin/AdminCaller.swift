package import Credentials
import HTTP
package import Platform
import Storage

/// Who sends an administrative request, and how far it may reach.
package struct AdminCaller: Sendable {
  package enum Identity: Sendable, Equatable {
    /// A user connected to the unix socket of the data folder; the user id if the kernel reports it.
    case socket(user: UInt32?)
    /// A command that opened the data folder itself, and its user.
    case command(user: UInt32)
    /// An API key by its id.
    case key(String)
  }

  package let identity: Identity
  /// The only directory that the caller can see; nil for all.
  package let directory: String?
  package let scopes: Set<AdminScope>
  /// The maximum rights of a key that the caller creates; nil for no limit.
  package let ceiling: KeyCeiling?
  /// The key and the address of a caller that has them.
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

  /// Who sends a request with a key from an address.
  package init(_ key: GrantedKey, remote: String) {
    self.init(
      .key(key.key.id), directory: key.key.isForAllDirectories ? nil : key.key.directory,
      scopes: Set(AdminScope.allCases.filter { key.scopes.allow($0.scope) }), ceiling: key.ceiling)
    actor = key.actor(remote: remote)
  }

  /// Who connected to the socket of the data folder, which only its owner can do.
  package static func socket(_ peer: PeerAddress) -> AdminCaller {
    AdminCaller(.socket(user: peer.unixUser))
  }

  /// Identifies the caller's requests, also across restarts.
  var name: String {
    switch identity {
    case .socket(let user): "user-\(user.map { String($0) } ?? "unknown")"
    case .command(let user): "user-\(user)"
    case .key(let id): id
    }
  }

  /// Who makes the changes of its requests.
  ///
  /// - Parameter command: the command or page in words, as the client calls it.
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
    }
  }
}

extension FieldName {
  /// The command behind the request, such as `scimd user restore`.
  static var command: FieldName { FieldName("X-Scimd-Command") }
}
