import COpenSSL
import Glibc

/// An X.509 certificate.
///
/// `@unchecked Sendable`: it is only read after it was parsed.
package final class Certificate: @unchecked Sendable {
  let openSSL: OpenSSL
  let pointer: OpaquePointer

  init(_ openSSL: OpenSSL, owning pointer: OpaquePointer) {
    self.openSSL = openSSL
    self.pointer = pointer
  }

  deinit { openSSL.call.X509_free(pointer) }

  /// "CN=okta,O=Example" (RFC 4514), without control characters, at most 1 KiB.
  package var subject: String {
    let call = openSSL.call
    guard let out = call.BIO_new(call.BIO_s_mem()) else { return "" }
    defer { _ = call.BIO_free(out) }
    guard
      call.X509_NAME_print_ex(out, call.X509_get_subject_name(pointer), 0, COPENSSL_XN_FLAG_RFC2253_UTF8) >= 0
    else { return "" }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = call.BIO_read(out, &bytes, CInt(bytes.count))
    return String(decoding: bytes.prefix(max(0, Int(count))), as: UTF8.self)
  }

  /// The end of its validity, milliseconds since 1970; 0 if the date is malformed.
  package var expires: Int64 {
    var time = tm()
    guard openSSL.call.ASN1_TIME_to_tm(openSSL.call.X509_get0_notAfter(pointer), &time) == 1 else { return 0 }
    return Int64(timegm(&time)) * 1000
  }

  /// Whether it is for this host name (RFC 6125).
  func covers(_ name: UnsafePointer<CChar>) -> Bool {
    openSSL.call.X509_check_host(pointer, name, 0, COPENSSL_X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nil) == 1
  }
}
