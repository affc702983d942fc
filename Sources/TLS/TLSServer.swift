package import Platform

/// The server's side of TLS: makes a session for each connection, with the certificates of now.
package final class TLSServer: Sendable {
  private let tickets: TicketKeys
  private let current: Locked<TLSServerContexts>

  /// Whose certificates clients must present; PEM.
  package struct Clients: Sendable {
    let authorities: [Certificate]
    /// Names these authorities in sessions, so that none is resumed under others.
    let label: [UInt8]

    package init(_ openSSL: OpenSSL, authorities pem: [UInt8], what: String) throws(TLSError) {
      authorities = try openSSL.certificates(pem, what: what)
      label = SHA256.digest(pem)
    }
  }

  /// - Parameters:
  ///   - identities: the certificates, at least one; the first is presented to clients that name no host or another one.
  ///   - clients: nil to ask for no certificate of clients.
  package init(
    _ openSSL: OpenSSL, _ identities: [TLSIdentity], clients: Clients?, environment: Environment
  ) throws(TLSError) {
    tickets = TicketKeys(environment)
    current = Locked(try TLSServerContexts(openSSL, identities, clients, tickets))
  }

  /// Uses other certificates for new connections; after a throw the old ones stay.
  package func replace(
    _ openSSL: OpenSSL, _ identities: [TLSIdentity], clients: Clients?
  ) throws(TLSError) {
    let contexts = try TLSServerContexts(openSSL, identities, clients, tickets)
    current.withLock { $0 = contexts }
  }

  /// A session for a connection that was accepted; nil if memory is short.
  package func session() -> TLSSession? {
    let contexts = current.withLock { $0 }
    return TLSSession(contexts.first, owner: contexts, isServer: true)
  }

  /// The certificates presented now, the default one first.
  package var certificates: [Certificate] { current.withLock { $0 }.leaves }
}
