import HTTP
package import Platform
import Storage

/// Who sends an administrative request, and how far it may reach.
package struct AdminCaller: Sendable {
  package enum Identity: Sendable, Equatable {
    /// Somebody behind the unix socket of the data folder; the user's number if the kernel says it.
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

  package init(
    _ identity: Identity, directory: String? = nil, scopes: Set<AdminScope> = Set(AdminScope.allCases)
  ) {
    self.identity = identity
    self.directory = directory
    self.scopes = scopes
  }

  /// Who connected to the socket of the data folder, which only its owner can do.
  package static func socket(_ peer: PeerAddress) -> AdminCaller {
    AdminCaller(.socket(user: peer.unixUser))
  }

  /// What tells its requests from those of others, over restarts too.
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
    case .key(let id): return Actor(.key, key: id, command: words)
    }
  }
}

extension FieldName {
  /// What a client calls the act, as `scimd user restore`.
  static var command: FieldName { FieldName("X-Scimd-Command") }
}
