/// Why something with TLS, a certificate or a signature failed. OpenSSL's own words are kept.
package enum TLSError: Error, Sendable, CustomStringConvertible {
  /// The dynamic linker cannot open OpenSSL; its reason names the file.
  case libraryMissing(reason: String)
  /// OpenSSL lacks a function that is used here.
  case functionMissing(name: String, version: String)
  /// A certificate or key cannot be used: what, and why.
  case unusable(String, reason: String)
  /// The handshake or the connection failed.
  case failed(reason: String)
  /// The peer's certificate is refused: the reason, "certificate has expired".
  case untrusted(reason: String)

  package var description: String {
    switch self {
    case .libraryMissing(let reason):
      "TLS needs OpenSSL 3, which cannot be loaded: \(reason). Install the package libssl3 (Debian, Ubuntu) or "
        + "openssl-libs (Fedora)"
    case .functionMissing(let name, let version):
      "TLS needs OpenSSL 3, but the library found (\(version)) has no function \(name). Install a current libssl3"
    case .unusable(let what, let reason): "\(what): \(reason)"
    case .failed(let reason): "TLS failed: \(reason)"
    case .untrusted(let reason): "the server's certificate is not trusted: \(reason)"
    }
  }
}
