import COpenSSL

/// The settings that sessions share: TLS 1.2 and 1.3, ephemeral key exchange with authenticated encryption only, no
/// compression, no renegotiation, no early data.
///
/// `@unchecked Sendable`: it is set up before it is shared; after that OpenSSL only reads it.
final class TLSContext: @unchecked Sendable {
  let openSSL: OpenSSL
  let pointer: OpaquePointer

  /// Those of TLS 1.2; the ones of TLS 1.3 are all authenticated and ephemeral. Level 2 refuses keys below 2048 bits of
  /// RSA and SHA-1.
  private static let ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    + "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:@SECLEVEL=2"

  init(_ openSSL: OpenSSL, isServer: Bool) throws(TLSError) {
    let call = openSSL.call
    call.ERR_clear_error()
    let method = isServer ? call.TLS_server_method() : call.TLS_client_method()
    guard let pointer = call.SSL_CTX_new(method) else { throw .failed(reason: openSSL.reason()) }
    self.openSSL = openSSL
    self.pointer = pointer
    _ = call.SSL_CTX_set_options(
      pointer,
      COPENSSL_SSL_OP_NO_COMPRESSION | COPENSSL_SSL_OP_NO_RENEGOTIATION
        | COPENSSL_SSL_OP_CIPHER_SERVER_PREFERENCE | COPENSSL_SSL_OP_PRIORITIZE_CHACHA)
    // Buffers of idle sessions are given back; a record is read with its header.
    _ = call.SSL_CTX_ctrl(pointer, COPENSSL_SSL_CTRL_MODE, COPENSSL_SSL_MODE_RELEASE_BUFFERS, nil)
    _ = call.SSL_CTX_ctrl(pointer, COPENSSL_SSL_CTRL_SET_READ_AHEAD, 1, nil)
    try check(
      call.SSL_CTX_ctrl(pointer, COPENSSL_SSL_CTRL_SET_MIN_PROTO_VERSION, COPENSSL_TLS1_2_VERSION, nil))
    try check(Int(call.SSL_CTX_set_cipher_list(pointer, Self.ciphers)))
    var groups = Array("X25519:P-256:P-384".utf8CString)
    try check(call.SSL_CTX_ctrl(pointer, COPENSSL_SSL_CTRL_SET_GROUPS_LIST, 0, &groups))
  }

  deinit { openSSL.call.SSL_CTX_free(pointer) }

  func check(_ result: Int) throws(TLSError) {
    if result <= 0 { throw .failed(reason: openSSL.reason()) }
  }

  /// Presents a certificate with its chain.
  func use(_ identity: TLSIdentity) throws(TLSError) {
    let call = openSSL.call
    try check(Int(call.SSL_CTX_use_certificate(pointer, identity.leaf.pointer)))
    for link in identity.chain.dropFirst() {
      try check(
        call.SSL_CTX_ctrl(pointer, COPENSSL_SSL_CTRL_CHAIN_CERT, 1, UnsafeMutableRawPointer(link.pointer)))
    }
    try check(Int(call.SSL_CTX_use_PrivateKey(pointer, identity.key.pointer)))
  }

  /// Trusts these authorities, and none of the system's unless they were added before.
  func trust(_ authorities: [Certificate]) throws(TLSError) {
    let store = openSSL.call.SSL_CTX_get_cert_store(pointer)
    for authority in authorities {
      try check(Int(openSSL.call.X509_STORE_add_cert(store, authority.pointer)))
    }
  }
}
