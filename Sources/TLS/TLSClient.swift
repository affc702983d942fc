import COpenSSL

/// The client's side of TLS: whose certificates are trusted, and which one is presented.
package final class TLSClient: Sendable {
  private let context: TLSContext

  /// - Parameters:
  ///   - authorities: trusted instead of the system's; nil for those of the system (`SSL_CERT_FILE` overrides them).
  ///   - identity: presented to a server that asks for a certificate.
  package init(
    _ openSSL: OpenSSL, authorities: [Certificate]? = nil, identity: TLSIdentity? = nil
  ) throws(TLSError) {
    context = try TLSContext(openSSL, isServer: false)
    if let authorities {
      try context.trust(authorities)
    } else {
      try context.check(Int(openSSL.call.SSL_CTX_set_default_verify_paths(context.pointer)))
    }
    if let identity { try context.use(identity) }
    openSSL.call.SSL_CTX_set_verify(context.pointer, COPENSSL_SSL_VERIFY_PEER, nil)
    let protocols: [UInt8] = [8] + Array("http/1.1".utf8)
    guard openSSL.call.SSL_CTX_set_alpn_protos(context.pointer, protocols, UInt32(protocols.count)) == 0
    else {
      throw .failed(reason: openSSL.reason())
    }
  }

  /// A session with the server of this name or IP address, which its certificate must be for.
  package func session(host: String) throws(TLSError) -> TLSSession {
    guard let session = TLSSession(context, owner: context, isServer: false) else {
      throw .failed(reason: context.openSSL.reason())
    }
    try session.expect(host.hasSuffix(".") ? String(host.dropLast()) : host)
    return session
  }
}
