import Platform
import TLS

/// Whose certificates https accepts, and which one is presented. Files are read, and OpenSSL is opened, for the first
/// https connection.
package final class ClientTLS: Sendable, Equatable {
  /// The PEM files.
  package struct Files: Sendable {
    /// Authorities that are trusted instead of the system's.
    package var authorities: String?
    /// The client's own certificate and key, for servers that ask for one.
    package var identity: (certificate: String, key: String)?

    package init(authorities: String? = nil, identity: (certificate: String, key: String)? = nil) {
      self.authorities = authorities
      self.identity = identity
    }
  }

  /// The system's authorities, no certificate.
  package static let system = ClientTLS(Files())

  private let files: Files
  private let made = Locked<TLSClient?>(nil)

  package init(_ files: Files) { self.files = files }

  /// A session with the server of this name or address.
  func session(host: String) throws(TLSError) -> TLSSession {
    try made.withLock { (made) throws(TLSError) in
      if let made { return made }
      let client = try client()
      made = client
      return client
    }.session(host: host)
  }

  package static func == (left: ClientTLS, right: ClientTLS) -> Bool { left === right }

  private func client() throws(TLSError) -> TLSClient {
    let openSSL = try OpenSSL.load()
    var authorities: [Certificate]?
    if let file = files.authorities {
      authorities = try openSSL.certificates(try Self.read(file), what: file)
    }
    var identity: TLSIdentity?
    if let files = files.identity {
      identity = try TLSIdentity(
        openSSL, certificate: try Self.read(files.certificate), key: try Self.read(files.key), names: files)
    }
    return try TLSClient(openSSL, authorities: authorities, identity: identity)
  }

  private static func read(_ file: String) throws(TLSError) -> [UInt8] {
    do throws(SystemError) {
      return try File.open(file, .read).readAll()
    } catch { throw .unusable(file, reason: "\(error)") }
  }
}
