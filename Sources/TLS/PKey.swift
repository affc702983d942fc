import COpenSSL

/// A private or public key of OpenSSL.
///
/// `@unchecked Sendable`: the key is never changed, and OpenSSL counts its references atomically.
package final class PKey: @unchecked Sendable {
  let openSSL: OpenSSL
  let pointer: OpaquePointer

  init(_ openSSL: OpenSSL, owning pointer: OpaquePointer) {
    self.openSSL = openSSL
    self.pointer = pointer
  }

  deinit { openSSL.call.EVP_PKEY_free(pointer) }
}
