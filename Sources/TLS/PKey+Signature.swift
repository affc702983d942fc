import COpenSSL

extension PKey {
  /// Shorter RSA keys are weak, longer ones take long.
  static let rsaBits = 2048...8192

  /// The algorithms that the key may be used with; none for a key that is not used here, such as RSA with 1024 bits.
  package var algorithms: [SignatureAlgorithm] {
    let call = openSSL.call
    switch call.EVP_PKEY_get_base_id(pointer) {
    case COPENSSL_EVP_PKEY_RSA:
      return Self.rsaBits.contains(Int(call.EVP_PKEY_get_bits(pointer))) ? [.rs256, .ps256] : []
    case COPENSSL_EVP_PKEY_EC:
      var name = [CChar](repeating: 0, count: 64)
      guard call.EVP_PKEY_get_group_name(pointer, &name, name.count, nil) == 1 else { return [] }
      let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      return bytes.elementsEqual("prime256v1".utf8) ? [.es256] : []
    case COPENSSL_EVP_PKEY_ED25519: return [.edDSA]
    default: return []
    }
  }

  /// The signature of these bytes as a signed token has it (RFC 7515); the key must be private.
  package func sign(_ bytes: [UInt8], _ algorithm: SignatureAlgorithm) throws(TLSError) -> [UInt8] {
    let call = openSSL.call
    let context = try begin(algorithm) { context, inner, digest in
      call.EVP_DigestSignInit(context, &inner, digest, nil, pointer)
    }
    defer { call.EVP_MD_CTX_free(context) }
    var count = 0
    guard call.EVP_DigestSign(context, nil, &count, bytes, bytes.count) == 1 else { throw failure }
    var signature = [UInt8](repeating: 0, count: count)
    guard call.EVP_DigestSign(context, &signature, &count, bytes, bytes.count) == 1 else { throw failure }
    signature.removeSubrange(count...)
    guard algorithm == .es256 else { return signature }
    guard let plain = plain(der: signature) else { throw failure }
    return plain
  }

  /// Whether a signature is that of these bytes; false too for an algorithm that the key may not be used with.
  package func isValid(_ signature: [UInt8], of bytes: [UInt8], _ algorithm: SignatureAlgorithm) -> Bool {
    let call = openSSL.call
    defer { call.ERR_clear_error() }
    guard let encoded = algorithm == .es256 ? der(plain: signature) : signature else { return false }
    do throws(TLSError) {
      let context = try begin(algorithm) { context, inner, digest in
        call.EVP_DigestVerifyInit(context, &inner, digest, nil, pointer)
      }
      defer { call.EVP_MD_CTX_free(context) }
      return call.EVP_DigestVerify(context, encoded, encoded.count, bytes, bytes.count) == 1
    } catch { return false }
  }

  private var failure: TLSError { .failed(reason: openSSL.reason()) }

  /// A context for a signature with the parameters of the algorithm; to be freed by the caller.
  private func begin(
    _ algorithm: SignatureAlgorithm,
    _ initialise: (OpaquePointer, inout OpaquePointer?, OpaquePointer?) -> CInt
  ) throws(TLSError) -> OpaquePointer {
    let call = openSSL.call
    call.ERR_clear_error()
    guard algorithms.contains(algorithm) else {
      throw .unusable("key", reason: "it is not for signatures with \(algorithm.rawValue)")
    }
    guard let context = call.EVP_MD_CTX_new() else { throw failure }
    var inner: OpaquePointer?
    let digest = algorithm == .edDSA ? nil : call.EVP_sha256()
    let isReady = initialise(context, &inner, digest) == 1
    let isPSS = algorithm == .ps256
    guard isReady,
      !isPSS || call.EVP_PKEY_CTX_set_rsa_padding(inner, COPENSSL_RSA_PKCS1_PSS_PADDING) == 1,
      !isPSS || call.EVP_PKEY_CTX_set_rsa_pss_saltlen(inner, 32) == 1
    else {
      call.EVP_MD_CTX_free(context)
      throw failure
    }
    return context
  }

  // MARK: ECDSA (RFC 7518 §3.4)

  /// r and s of OpenSSL's form.
  private func plain(der: [UInt8]) -> [UInt8]? {
    let call = openSSL.call
    return der.withUnsafeBufferPointer { bytes in
      var next = bytes.baseAddress
      guard let parsed = call.d2i_ECDSA_SIG(nil, &next, bytes.count) else { return nil }
      defer { call.ECDSA_SIG_free(parsed) }
      var (r, s): (OpaquePointer?, OpaquePointer?)
      call.ECDSA_SIG_get0(parsed, &r, &s)
      var plain = [UInt8](repeating: 0, count: 64)
      let isWhole = plain.withUnsafeMutableBufferPointer { plain in
        call.BN_bn2binpad(r, plain.baseAddress, 32) == 32
          && call.BN_bn2binpad(s, plain.baseAddress.map { $0 + 32 }, 32) == 32
      }
      return isWhole ? plain : nil
    }
  }

  /// OpenSSL's form of r and s; nil unless there are 64 bytes.
  private func der(plain: [UInt8]) -> [UInt8]? {
    let call = openSSL.call
    guard plain.count == 64, let made = call.ECDSA_SIG_new() else { return nil }
    defer { call.ECDSA_SIG_free(made) }
    let numbers = plain.withUnsafeBufferPointer { bytes in
      (call.BN_bin2bn(bytes.baseAddress, 32, nil), call.BN_bin2bn(bytes.baseAddress.map { $0 + 32 }, 32, nil))
    }
    guard call.ECDSA_SIG_set0(made, numbers.0, numbers.1) == 1 else {
      call.BN_free(numbers.0)
      call.BN_free(numbers.1)
      return nil
    }
    // Two numbers of 33 bytes at most, with their headers.
    var der = [UInt8](repeating: 0, count: 80)
    let count = der.withUnsafeMutableBufferPointer { bytes in
      var next = bytes.baseAddress
      return call.i2d_ECDSA_SIG(made, &next)
    }
    guard count > 0 else { return nil }
    return Array(der[..<Int(count)])
  }
}
