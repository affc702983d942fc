import COpenSSL

/// One TLS connection without its I/O: encrypted bytes go in and come out on one side, plain bytes on the other.
///
/// Used by one thread at a time.
package final class TLSSession {
  /// Why `read` stopped.
  package enum End {
    /// More encrypted bytes are needed.
    case needsMore
    /// The peer has sent `close_notify`: it sends nothing more.
    case closed
    /// The buffer is full.
    case full
    /// The peer broke the protocol or is not trusted; the alert is in the output.
    case failed(TLSError)
  }

  private let openSSL: OpenSSL
  let session: OpaquePointer
  // Owned by the session.
  private let input: OpaquePointer
  private let output: OpaquePointer
  /// Keeps what OpenSSL calls back for.
  private let owner: AnyObject
  private let isServer: Bool
  private var hasFailed = false

  /// Whether any encrypted byte has arrived.
  package private(set) var hasBegun = false

  /// Nil if memory is short.
  init?(_ context: TLSContext, owner: AnyObject, isServer: Bool) {
    openSSL = context.openSSL
    let call = openSSL.call
    guard let session = call.SSL_new(context.pointer) else { return nil }
    guard let input = call.BIO_new(call.BIO_s_mem()) else {
      call.SSL_free(session)
      return nil
    }
    guard let output = call.BIO_new(call.BIO_s_mem()) else {
      _ = call.BIO_free(input)
      call.SSL_free(session)
      return nil
    }
    call.SSL_set_bio(session, input, output)
    if isServer { call.SSL_set_accept_state(session) } else { call.SSL_set_connect_state(session) }
    (self.session, self.input, self.output) = (session, input, output)
    self.owner = owner
    self.isServer = isServer
  }

  deinit { openSSL.call.SSL_free(session) }

  // MARK: Bytes

  /// Takes encrypted bytes from the peer.
  package func receive(_ bytes: UnsafeRawBufferPointer) {
    hasBegun = true
    guard let count = CInt(exactly: bytes.count), count > 0 else { return }
    if openSSL.call.BIO_write(input, bytes.baseAddress, count) != count { hasFailed = true }
  }

  /// Continues the handshake, then decrypts into `buffer` all that has arrived; how many bytes, and why it stopped.
  package func read(into buffer: UnsafeMutableRawBufferPointer) -> (count: Int, end: End) {
    var filled = 0
    guard !hasFailed else { return (0, .failed(.failed(reason: "the connection is closed"))) }
    openSSL.call.ERR_clear_error()
    while filled < buffer.count {
      var count = 0
      let result = openSSL.call.SSL_read_ex(
        session, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, &count)
      guard result == 1 else { return (filled, end(result)) }
      filled += count
    }
    return (filled, .full)
  }

  /// Begins or continues the handshake; true once it is complete.
  package func handshake() throws(TLSError) -> Bool {
    openSSL.call.ERR_clear_error()
    let result = openSSL.call.SSL_do_handshake(session)
    if result == 1 { return true }
    if case .failed(let error) = end(result) { throw error }
    return false
  }

  /// Encrypts bytes; only after the handshake.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(TLSError) {
    guard !hasFailed, !bytes.isEmpty else { return }
    openSSL.call.ERR_clear_error()
    var count = 0
    let result = openSSL.call.SSL_write_ex(session, bytes.baseAddress, bytes.count, &count)
    guard result == 1, count == bytes.count else {
      hasFailed = true
      throw .failed(reason: openSSL.reason())
    }
  }

  /// Encrypted bytes that wait for `takeOutput`.
  package var outputBytes: Int { openSSL.call.BIO_ctrl_pending(output) }

  /// Moves encrypted bytes for the peer into `buffer`; how many.
  package func takeOutput(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    max(0, Int(openSSL.call.BIO_read(output, buffer.baseAddress, CInt(clamping: buffer.count))))
  }

  /// Says that nothing more will be sent (`close_notify`), unless the connection has failed or never began.
  package func close() {
    guard !hasFailed, isEstablished else { return }
    openSSL.call.ERR_clear_error()
    _ = openSSL.call.SSL_shutdown(session)
    openSSL.call.ERR_clear_error()
  }

  private func end(_ result: CInt) -> End {
    switch openSSL.call.SSL_get_error(session, result) {
    case COPENSSL_SSL_ERROR_WANT_READ: return .needsMore
    case COPENSSL_SSL_ERROR_ZERO_RETURN: return .closed
    default:
      hasFailed = true
      return .failed(failure())
    }
  }

  /// The client's verdict on the certificate explains more than the failed handshake does.
  private func failure() -> TLSError {
    let verdict = openSSL.call.SSL_get_verify_result(session)
    if !isServer, verdict != Int(COPENSSL_X509_V_OK) {
      openSSL.call.ERR_clear_error()
      let text = openSSL.call.X509_verify_cert_error_string(verdict).map { String(cString: $0) }
      return .untrusted(reason: text ?? "error \(verdict)")
    }
    return .failed(reason: openSSL.reason())
  }

  // MARK: What was agreed

  /// Whether the handshake is complete.
  package var isEstablished: Bool { openSSL.call.SSL_is_init_finished(session) == 1 }

  /// Whether an earlier session was resumed.
  package var isResumed: Bool { openSSL.call.SSL_session_reused(session) == 1 }

  /// The subject of the peer's certificate, which was verified; nil if it presented none.
  package var peerSubject: String? {
    guard isEstablished, let pointer = openSSL.call.SSL_get1_peer_certificate(session) else { return nil }
    return Certificate(openSSL, owning: pointer).subject
  }

  /// Client: the name or address that the certificate must be for.
  func expect(_ host: String) throws(TLSError) {
    let call = openSSL.call
    let parameters = call.SSL_get0_param(session)
    call.X509_VERIFY_PARAM_set_hostflags(parameters, COPENSSL_X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)
    if call.X509_VERIFY_PARAM_set1_ip_asc(parameters, host) == 1 { return }
    call.ERR_clear_error()
    var name = Array(host.utf8CString)
    guard call.X509_VERIFY_PARAM_set1_host(parameters, name, name.count - 1) == 1,
      call.SSL_ctrl(session, COPENSSL_SSL_CTRL_SET_TLSEXT_HOSTNAME, 0, &name) == 1
    else { throw .failed(reason: "\(host) is not a host name: \(openSSL.reason())") }
  }
}
