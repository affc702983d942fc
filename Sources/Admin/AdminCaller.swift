package import Platform

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

  /// The id of the key in records; empty if it was not a key.
  var key: String { if case .key(let id) = identity { id } else { "" } }

  /// From where the request came, in words for records.
  var origin: String {
    switch identity {
    case .socket(let user?): "control socket, user \(UserName.text(user))"
    case .socket(nil): "control socket"
    case .command(let user): "command line, user \(UserName.text(user))"
    case .key: "admin API"
    }
  }
}
