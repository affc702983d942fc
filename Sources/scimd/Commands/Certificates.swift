import Insight
import Platform
import TLS

/// The certificates that the settings name, and the TLS of the listeners that present them.
final class Certificates: Sendable {
  let server: TLSServer
  private let files: [(certificate: String, key: String)]
  private let clients: String?
  /// When each file was changed, as of the last time they were read; nil for a file that is missing.
  private let read: Locked<[Int64?]>

  /// Nil if the server speaks no TLS; OpenSSL is not opened then.
  static func of(
    _ configuration: Configuration, _ environment: Environment
  ) throws(CommandError) -> Certificates? {
    guard configuration.hasTLS else { return nil }
    do throws(TLSError) { return try Certificates(configuration, environment) } catch {
      throw CommandError(
        .configuration, "tlsCertificate: \(error)",
        advice: "The certificates are named by --tls-certificate, their keys by --tls-key (PEM files).")
    }
  }

  private init(_ configuration: Configuration, _ environment: Environment) throws(TLSError) {
    files = zip(configuration.tlsCertificate, configuration.tlsKey).map { ($0, $1) }
    clients = configuration.tlsClientCA
    let openSSL = try OpenSSL.load()
    read = Locked(Self.times(of: files, clients))
    server = try TLSServer(
      openSSL, try Self.identities(files, openSSL), clients: try Self.clients(clients, openSSL),
      environment: environment)
  }

  /// What is presented now.
  var served: [ServedCertificate] {
    zip(files, server.certificates).map { file, certificate in
      ServedCertificate(file: file.certificate, subject: certificate.subject, expires: certificate.expires)
    }
  }

  /// Reads all files again and uses them for new connections. After a throw the old certificates stay; an expired one
  /// does not replace one that is valid.
  ///
  /// - Parameter now: milliseconds since 1970.
  func reload(now: Int64) throws(TLSError) {
    read.withLock { $0 = Self.times(of: files, clients) }
    let openSSL = try OpenSSL.load()
    let identities = try Self.identities(files, openSSL)
    for (new, old) in zip(identities, served) where new.leaf.expires <= now && old.expires > now {
      throw .unusable(old.file, reason: "the new certificate has expired")
    }
    try server.replace(openSSL, identities, clients: try Self.clients(clients, openSSL))
  }

  /// Whether a file was changed since it was last read.
  var haveChanged: Bool {
    let times = Self.times(of: files, clients)
    return read.withLock { $0 != times }
  }

  private static func times(of files: [(certificate: String, key: String)], _ clients: String?) -> [Int64?] {
    (files.flatMap { [$0.certificate, $0.key] } + (clients.map { [$0] } ?? [])).map { name in
      (try? File.open(name, .read)).flatMap { try? $0.modified }
    }
  }

  private static func identities(
    _ files: [(certificate: String, key: String)], _ openSSL: OpenSSL
  ) throws(TLSError) -> [TLSIdentity] {
    var identities: [TLSIdentity] = []
    for file in files {
      identities.append(
        try TLSIdentity(
          openSSL, certificate: try bytes(file.certificate), key: try bytes(file.key), names: file))
    }
    return identities
  }

  private static func clients(_ file: String?, _ openSSL: OpenSSL) throws(TLSError) -> TLSServer.Clients? {
    guard let file else { return nil }
    return try TLSServer.Clients(openSSL, authorities: try bytes(file), what: file)
  }

  private static func bytes(_ file: String) throws(TLSError) -> [UInt8] {
    do throws(SystemError) { return try File.open(file, .read).readAll() } catch {
      throw .unusable(file, reason: "\(error)")
    }
  }
}
