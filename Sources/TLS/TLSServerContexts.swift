import COpenSSL

/// The contexts of one set of certificates, and what OpenSSL calls back for: the certificate of a host, the protocol, the
/// key of a ticket.
///
/// `@unchecked Sendable`: it is set up before it is shared. Sessions keep it alive, so that OpenSSL's pointers to it hold.
final class TLSServerContexts: @unchecked Sendable {
  private struct Host {
    let leaf: Certificate
    let context: TLSContext
  }

  private let hosts: [Host]
  private let tickets: TicketKeys

  /// The context that every session begins with.
  var first: TLSContext { hosts[0].context }
  var leaves: [Certificate] { hosts.map(\.leaf) }

  init(
    _ openSSL: OpenSSL, _ identities: [TLSIdentity], _ clients: TLSServer.Clients?, _ tickets: TicketKeys
  ) throws(TLSError) {
    precondition(!identities.isEmpty, "a server has a certificate")
    self.tickets = tickets
    var hosts: [Host] = []
    for identity in identities {
      let context = try TLSContext(openSSL, isServer: true)
      try context.use(identity)
      if let clients { try Self.require(clients, context) }
      hosts.append(Host(leaf: identity.leaf, context: context))
    }
    self.hosts = hosts
    for host in hosts { install(host.context) }
  }

  /// Every client must present a certificate of these authorities.
  private static func require(_ clients: TLSServer.Clients, _ context: TLSContext) throws(TLSError) {
    let call = context.openSSL.call
    try context.trust(clients.authorities)
    for authority in clients.authorities {
      try context.check(Int(call.SSL_CTX_add_client_CA(context.pointer, authority.pointer)))
    }
    try context.check(
      Int(call.SSL_CTX_set_session_id_context(context.pointer, clients.label, UInt32(clients.label.count))))
    call.SSL_CTX_set_verify(
      context.pointer, COPENSSL_SSL_VERIFY_PEER | COPENSSL_SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
  }

  private func install(_ context: TLSContext) {
    let call = context.openSSL.call
    let this = Unmanaged.passUnretained(self).toOpaque()
    // Sessions are in the tickets only: nothing is kept here.
    _ = call.SSL_CTX_ctrl(context.pointer, COPENSSL_SSL_CTRL_SET_SESS_CACHE_MODE, 0, nil)
    _ = call.SSL_CTX_set_timeout(context.pointer, TicketKeys.ticketSeconds)
    _ = call.SSL_CTX_set_ex_data(context.pointer, 0, this)
    _ = call.SSL_CTX_set_tlsext_ticket_key_evp_cb(context.pointer, Self.ticketKey)
    call.SSL_CTX_set_alpn_select_cb(context.pointer, Self.selectProtocol, nil)
    let serverName:
      @convention(c) (OpaquePointer?, UnsafeMutablePointer<CInt>?, UnsafeMutableRawPointer?) -> CInt =
        Self.selectHost
    _ = call.SSL_CTX_callback_ctrl(
      context.pointer, COPENSSL_SSL_CTRL_SET_TLSEXT_SERVERNAME_CB,
      unsafeBitCast(serverName, to: (@convention(c) () -> Void).self))
    _ = call.SSL_CTX_ctrl(context.pointer, COPENSSL_SSL_CTRL_SET_TLSEXT_SERVERNAME_ARG, 0, this)
  }

  /// The object behind OpenSSL's pointer; a session that calls back keeps it alive.
  private static func behind(_ pointer: UnsafeMutableRawPointer?) -> TLSServerContexts? {
    pointer.map { Unmanaged<TLSServerContexts>.fromOpaque($0).takeUnretainedValue() }
  }

  // MARK: Host names (RFC 6066 §3)

  /// Chooses the first certificate that is for the host; the default one stays otherwise.
  private static let selectHost:
    @convention(c) (OpaquePointer?, UnsafeMutablePointer<CInt>?, UnsafeMutableRawPointer?) -> CInt = {
      session, _, argument in
      guard let session, let contexts = behind(argument) else { return COPENSSL_SSL_TLSEXT_ERR_NOACK }
      let call = contexts.first.openSSL.call
      guard let name = call.SSL_get_servername(session, 0),
        let host = contexts.hosts.first(where: { $0.leaf.covers(name) })
      else { return COPENSSL_SSL_TLSEXT_ERR_NOACK }
      if host.context !== contexts.first { _ = call.SSL_set_SSL_CTX(session, host.context.pointer) }
      return COPENSSL_SSL_TLSEXT_ERR_OK
    }

  // MARK: Protocols (RFC 7301)

  private static let http11 = StaticString("http/1.1")

  /// Accepts `http/1.1`; a client that offers other protocols only is refused, as it would not understand the answers.
  private static let selectProtocol: copenssl_alpn = { _, out, outCount, offer, count, _ in
    guard let offer else { return COPENSSL_SSL_TLSEXT_ERR_NOACK }
    let offers = UnsafeBufferPointer(start: offer, count: Int(count))
    let wanted = UnsafeBufferPointer(start: http11.utf8Start, count: http11.utf8CodeUnitCount)
    var index = 0
    while index < offers.count {
      let length = Int(offers[index])
      let name = offers[(index + 1)...].prefix(length)
      if name.elementsEqual(wanted) {
        out?.pointee = http11.utf8Start
        outCount?.pointee = UInt8(wanted.count)
        return COPENSSL_SSL_TLSEXT_ERR_OK
      }
      index += 1 + length
    }
    return COPENSSL_SSL_TLSEXT_ERR_ALERT_FATAL
  }

  // MARK: Tickets (RFC 5077)

  /// Gives OpenSSL the key that a ticket is sealed or opened with: AES-256-CBC and HMAC-SHA256.
  private static let ticketKey: copenssl_ticket_key = { session, name, vector, cipher, mac, encrypts in
    guard let session, let name, let vector, let contexts = of(session) else { return -1 }
    let call = contexts.first.openSSL.call
    let key: TicketKeys.Key
    var result: CInt = 1
    if encrypts == 1 {
      key = contexts.tickets.current()
      key.name.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(start: name, count: $0.count).copyMemory(from: $0)
      }
      for (index, byte) in contexts.tickets.randomBytes(16).enumerated() { vector[index] = byte }
      guard call.EVP_EncryptInit_ex(cipher, call.EVP_aes_256_cbc(), nil, key.cipher, vector) == 1 else {
        return -1
      }
    } else {
      // 0: a ticket from elsewhere, which leads to a full handshake; 2: it is to be renewed.
      let wanted = UnsafeRawBufferPointer(start: name, count: TicketKeys.nameBytes)
      guard let found = contexts.tickets.named(wanted) else { return 0 }
      key = found.key
      result = found.isCurrent ? 1 : 2
      guard call.EVP_DecryptInit_ex(cipher, call.EVP_aes_256_cbc(), nil, key.cipher, vector) == 1 else {
        return -1
      }
    }
    return contexts.setMAC(mac, key.mac) ? result : -1
  }

  /// The contexts that a session belongs to.
  private static func of(_ session: OpaquePointer) -> TLSServerContexts? {
    guard let call = try? OpenSSL.load().call else { return nil }
    return behind(call.SSL_CTX_get_ex_data(call.SSL_get_SSL_CTX(session), 0))
  }

  private func setMAC(_ mac: OpaquePointer?, _ key: [UInt8]) -> Bool {
    let call = first.openSSL.call
    var key = key
    return key.withUnsafeMutableBytes { key in
      let digest = UnsafeMutablePointer(mutating: OpenSSL.text("SHA256"))
      let parameters = [
        call.OSSL_PARAM_construct_octet_string(OpenSSL.text("key"), key.baseAddress, key.count),
        call.OSSL_PARAM_construct_utf8_string(OpenSSL.text("digest"), digest, 0),
        call.OSSL_PARAM_construct_end(),
      ]
      return call.EVP_MAC_CTX_set_params(mac, parameters) == 1
    }
  }
}
