import COpenSSL

extension OpenSSL {
  /// The key of these numbers; throws for one that is not valid or not used here.
  package func key(_ numbers: PublicKey) throws(TLSError) -> PKey {
    call.ERR_clear_error()
    let key: PKey
    switch numbers {
    case .rsa(let modulus, let exponent):
      key = try built("RSA") { builder in
        push("n", modulus, builder) && push("e", exponent, builder)
      }
    case .p256(let x, let y):
      guard x.count == 32, y.count == 32 else { throw .unusable("key", reason: "x and y have 32 bytes each") }
      let point = [4] + x + y
      key = try built("EC") { builder in
        call.OSSL_PARAM_BLD_push_utf8_string(builder.parameters, Self.text("group"), Self.text("P-256"), 0)
          == 1
          && call.OSSL_PARAM_BLD_push_octet_string(builder.parameters, Self.text("pub"), point, point.count)
            == 1
      }
    case .ed25519(let x):
      guard x.count == 32,
        let made = call.EVP_PKEY_new_raw_public_key(COPENSSL_EVP_PKEY_ED25519, nil, x, x.count)
      else { throw .unusable("key", reason: "a key of Ed25519 has 32 bytes") }
      key = PKey(self, owning: made)
    }
    guard !key.algorithms.isEmpty else {
      throw .unusable(
        "key", reason: "RSA keys have \(PKey.rsaBits.lowerBound) to \(PKey.rsaBits.upperBound) bits")
    }
    return key
  }

  /// Parameters under construction, and the numbers that they refer to.
  private final class Builder {
    let openSSL: OpenSSL
    let parameters: OpaquePointer
    var numbers: [OpaquePointer] = []

    init?(_ openSSL: OpenSSL) {
      guard let parameters = openSSL.call.OSSL_PARAM_BLD_new() else { return nil }
      self.openSSL = openSSL
      self.parameters = parameters
    }

    deinit {
      openSSL.call.OSSL_PARAM_BLD_free(parameters)
      for number in numbers { openSSL.call.BN_free(number) }
    }
  }

  private func push(_ name: StaticString, _ bytes: [UInt8], _ builder: Builder) -> Bool {
    // No key that is used here has longer numbers.
    guard bytes.count <= 2048, let number = call.BN_bin2bn(bytes, CInt(bytes.count), nil) else {
      return false
    }
    builder.numbers.append(number)
    return call.OSSL_PARAM_BLD_push_BN(builder.parameters, Self.text(name), number) == 1
  }

  private func built(_ kind: String, _ fill: (Builder) -> Bool) throws(TLSError) -> PKey {
    guard let builder = Builder(self), fill(builder),
      let parameters = call.OSSL_PARAM_BLD_to_param(builder.parameters)
    else { throw .unusable("key", reason: "\(kind): \(reason())") }
    defer { call.OSSL_PARAM_free(parameters) }
    guard let context = call.EVP_PKEY_CTX_new_from_name(nil, kind, nil) else {
      throw .unusable("key", reason: "\(kind): \(reason())")
    }
    defer { call.EVP_PKEY_CTX_free(context) }
    var made: OpaquePointer?
    guard call.EVP_PKEY_fromdata_init(context) == 1,
      call.EVP_PKEY_fromdata(context, &made, COPENSSL_EVP_PKEY_PUBLIC_KEY, parameters) == 1, let made
    else { throw .unusable("key", reason: "\(kind): \(reason())") }
    return PKey(self, owning: made)
  }
}

extension PKey {
  /// The numbers of its public half; nil for a key that is not used here.
  package var numbers: PublicKey? {
    guard let algorithm = algorithms.first else { return nil }
    switch algorithm {
    case .rs256, .ps256:
      guard let modulus = number("n"), let exponent = number("e") else { return nil }
      return .rsa(modulus: modulus, exponent: exponent)
    case .es256:
      var point = [UInt8](repeating: 0, count: 65)
      var count = 0
      guard openSSL.call.EVP_PKEY_get_octet_string_param(pointer, "pub", &point, point.count, &count) == 1,
        count == 65, point[0] == 4
      else { return nil }
      return .p256(x: Array(point[1..<33]), y: Array(point[33...]))
    case .edDSA:
      var bytes = [UInt8](repeating: 0, count: 32)
      var count = bytes.count
      guard openSSL.call.EVP_PKEY_get_raw_public_key(pointer, &bytes, &count) == 1 else { return nil }
      return .ed25519(bytes)
    }
  }

  private func number(_ name: String) -> [UInt8]? {
    var number: OpaquePointer?
    guard openSSL.call.EVP_PKEY_get_bn_param(pointer, name, &number) == 1, let number else { return nil }
    defer { openSSL.call.BN_free(number) }
    var bytes = [UInt8](repeating: 0, count: (Int(openSSL.call.BN_num_bits(number)) + 7) / 8)
    let count = openSSL.call.BN_bn2binpad(number, &bytes, CInt(bytes.count))
    return Int(count) == bytes.count ? bytes : nil
  }
}
