import Dispatch
import Insight
import Platform
import SCIM
import TLS

/// Reads certificates again when their files change, and warns once a day about those that expire soon.
final class CertificateUpkeep: Sendable {
  private static let interval = DispatchTimeInterval.seconds(10)
  /// Days before the end from which on is warned.
  static let warningDays: Int64 = 14
  private static let day: Int64 = 86_400_000

  private let certificates: Certificates
  private let now: @Sendable () -> Int64
  private let report: @Sendable (ServerLog.Level, String) -> Void
  private let queue = DispatchQueue(label: "scimd.certificates")
  private let isStopped = Locked(false)
  /// When a warning about an end was last given.
  private let warned = Locked<Int64?>(nil)

  /// - Parameter report: receives notices for the administrator as text.
  init(
    _ certificates: Certificates, now: @escaping @Sendable () -> Int64,
    report: @escaping @Sendable (ServerLog.Level, String) -> Void
  ) {
    self.certificates = certificates
    self.now = now
    self.report = report
    queue.async { @Sendable [weak self] in self?.turn() }
  }

  private func turn() {
    guard !isStopped.withLock({ $0 }) else { return }
    if certificates.haveChanged { reload() }
    warn()
    queue.asyncAfter(deadline: .now() + Self.interval) { @Sendable [weak self] in self?.turn() }
  }

  /// Reads the files again and says what came of it. Blocks.
  func reload() {
    do throws(TLSError) {
      try certificates.reload(now: now())
      report(
        .info, "certificates were read again: \(certificates.served.map(Self.text).joined(separator: "; "))")
      warned.withLock { $0 = nil }
    } catch {
      report(
        .warning, "the certificates were not replaced, and the old ones stay in use: \(error)")
    }
  }

  private func warn() {
    let now = now()
    let ending = certificates.served.filter { $0.expires < now + Self.warningDays * Self.day }
    guard !ending.isEmpty else { return }
    let isDue = warned.withLock { last in
      if let last, now < last + Self.day { return false }
      last = now
      return true
    }
    guard isDue else { return }
    for certificate in ending {
      let verb = certificate.expires <= now ? "expired: clients refuse it" : "expires soon"
      report(
        .warning, "the certificate \(Self.text(certificate)) \(verb). Renew it; it is then read by itself.")
    }
  }

  /// "tls.pem (CN=scim.example.com, until 2026-12-01T00:00:00.000Z)".
  private static func text(_ certificate: ServedCertificate) -> String {
    let end = DateTime(milliseconds: certificate.expires)
    return "\(certificate.file) (\(TerminalText.value(certificate.subject)), until \(end))"
  }

  func stop() {
    isStopped.withLock { $0 = true }
    queue.sync { @Sendable in }
  }
}
