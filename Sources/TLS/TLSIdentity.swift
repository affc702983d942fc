import COpenSSL

/// A certificate with its chain and its private key, checked to belong together.
package struct TLSIdentity: Sendable {
  /// Leaf first, then the intermediate certificates.
  let chain: [Certificate]
  let key: PKey

  /// Reads a PEM file of certificates, leaf first, and one of the leaf's private key; `names` are those of the files.
  package init(
    _ openSSL: OpenSSL, certificate: [UInt8], key: [UInt8], names: (certificate: String, key: String)
  ) throws(TLSError) {
    chain = try openSSL.certificates(certificate, what: names.certificate)
    self.key = try openSSL.privateKey(key, what: names.key)
    guard openSSL.call.X509_check_private_key(leaf.pointer, self.key.pointer) == 1 else {
      openSSL.call.ERR_clear_error()
      throw .unusable(
        names.key, reason: "the key does not belong to the first certificate of \(names.certificate)")
    }
  }

  /// The certificate that the key belongs to.
  package var leaf: Certificate { chain[0] }
}
