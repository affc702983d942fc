import COpenSSL

extension OpenSSL {
  /// Calls `body` with a BIO that reads `bytes`.
  func reading<Result>(
    _ bytes: [UInt8], _ body: (OpaquePointer) throws(TLSError) -> Result
  ) throws(TLSError) -> Result {
    // BIO_new_mem_buf refuses no bytes at all, and takes a negative count for a C string.
    guard let bio = call.BIO_new(call.BIO_s_mem()) else { throw .failed(reason: reason()) }
    defer { _ = call.BIO_free(bio) }
    guard let count = CInt(exactly: bytes.count), count == 0 || call.BIO_write(bio, bytes, count) == count
    else { throw .failed(reason: reason()) }
    return try body(bio)
  }

  /// All certificates of a PEM file, in order; throws for a file without one.
  ///
  /// - Parameter what: how the error names the file.
  package func certificates(_ pem: [UInt8], what: String) throws(TLSError) -> [Certificate] {
    try reading(pem) { (bio) throws(TLSError) in
      call.ERR_clear_error()
      var found: [Certificate] = []
      while found.count < Self.maxCertificates, let next = call.PEM_read_bio_X509(bio, nil, nil, nil) {
        found.append(Certificate(self, owning: next))
      }
      let reason = reason()
      guard !found.isEmpty else { throw .unusable(what, reason: "no certificate in PEM form (\(reason))") }
      return found
    }
  }

  /// Certificates read from one file; a system's collection of authorities has about 150.
  private static let maxCertificates = 1000

  /// A private key in PEM form; a key protected by a passphrase is refused.
  package func privateKey(_ pem: [UInt8], what: String) throws(TLSError) -> PKey {
    try reading(pem) { (bio) throws(TLSError) in
      call.ERR_clear_error()
      // Without a callback OpenSSL would ask for the passphrase on the terminal.
      guard let key = call.PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil) else {
        throw .unusable(what, reason: "no private key in PEM form without a passphrase (\(reason()))")
      }
      return PKey(self, owning: key)
    }
  }

  /// A public key in PEM form ("BEGIN PUBLIC KEY").
  package func publicKey(_ pem: [UInt8], what: String) throws(TLSError) -> PKey {
    try reading(pem) { (bio) throws(TLSError) in
      call.ERR_clear_error()
      guard let key = call.PEM_read_bio_PUBKEY(bio, nil, { _, _, _, _ in -1 }, nil) else {
        throw .unusable(what, reason: "no public key in PEM form (\(reason()))")
      }
      return PKey(self, owning: key)
    }
  }
}
