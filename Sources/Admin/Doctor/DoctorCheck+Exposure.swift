import Insight
import Platform
import Storage

/// Who can connect, read and change what they should not.
extension DoctorCheck {
  static let exposure: [DoctorCheck] = [
    DoctorCheck("tls", "Whether keys travel encrypted.") { patient in
      if patient.has("tlsCertificate") { return .ok("The server speaks TLS.") }
      if let url = patient.setting("publicURL"), url.hasPrefix("https:") {
        return .ok("Providers use \(url).")
      }
      guard patient.has("insecurePlainHTTP") else {
        return .ok("Only this machine or a trusted proxy can connect.")
      }
      return .warning(
        "The server accepts unencrypted requests from other machines (insecurePlainHTTP).",
        fix:
          "Give the server a certificate (tlsCertificate, tlsKey), or put a TLS proxy in front (config/Caddyfile) and "
          + "set publicURL to its https URL.")
    },
    DoctorCheck("certificates", "Whether a certificate of the server has expired or expires within 14 days.")
    {
      certificates($0)
    },
    DoctorCheck("proxyHeaders", "Whether the addresses of clients are known behind a proxy.") { patient in
      guard !patient.has("tlsCertificate"), let url = patient.setting("publicURL"), url.hasPrefix("https:")
      else {
        return .ok("No proxy is in front.")
      }
      guard !patient.has("trustedProxies") else { return .ok("The proxy's addresses are trusted.") }
      return .warning(
        "A proxy is in front, and trustedProxies is empty: every request seems to come from the proxy.",
        fix: "Set trustedProxies to the proxy's IP addresses; limits and source networks of keys need them.")
    },
    DoctorCheck("administration", "Whether administration is kept away from the listener for providers.") {
      administration($0)
    },
    DoctorCheck("folderMode", "Whether other users can read or change the data folder.") { patient in
      let folder = patient.world.store.folder.path
      let exposure = FolderExposure(folder, secretKey: patient.setting("secretKeyFile"))
      if let place = exposure.writable {
        return .failed(
          "Other users can change \(place.text): they can create users and keys.",
          fix: "`chmod -R go= \(place.target)`")
      }
      if let place = exposure.readable {
        return .warning("Other users can read \(place.text).", fix: "`chmod -R go= \(place.target)`")
      }
      return .ok("Only its owner can use \(folder).")
    },
    DoctorCheck("user", "Whether the server runs as root.") { patient in
      UserName.current == 0
        ? .warning(
          "scimd runs as root, which it does not need.",
          fix: "Run it under a user of its own, as config/scimd.service does.")
        : .ok("scimd runs as \(UserName.text(UserName.current)).")
    },
    DoctorCheck("coreDumps", "Whether a crash would write keys in memory to disk.") { _ in
      ProcessUsage.mayDumpCore
        ? .warning(
          "A crash may write the memory of the process, keys included, to a file.",
          fix: "Start it with `ulimit -c 0` or LimitCORE=0.")
        : .ok("A crash writes no core file.")
    },
  ]

  private static func certificates(_ patient: DoctorPatient) -> DoctorFinding {
    guard let served = patient.metrics?.certificates, !served.isEmpty else {
      return .skipped("The server presents no certificate.")
    }
    let expired = served.filter { $0.expires <= patient.now }
    guard expired.isEmpty else {
      return .failed(
        "Expired: \(DoctorPatient.some(expired.map(\.file))). Clients refuse the server.",
        fix: "Renew the certificate; the server reads the new file by itself.")
    }
    let ending = served.filter { $0.expires < patient.now + 14 * DoctorPatient.day }
    guard ending.isEmpty else {
      return .warning(
        "Expiring within 14 days: \(DoctorPatient.some(ending.map(\.file))).",
        fix: "Renew the certificate; the server reads the new file by itself.")
    }
    return .ok("\(DoctorPatient.count(served.count, "certificate")), valid for more than 14 days.")
  }

  private static func administration(_ patient: DoctorPatient) -> DoctorFinding {
    let doors = (patient.setting("doors") ?? "").split(separator: ",")
    let isOpen = doors.contains { $0.utf8.elementsEqual("admin".utf8) }
    let isPublic = patient.has("publicURL") || patient.has("insecurePlainHTTP")
    guard isOpen, isPublic else { return .ok("Providers cannot reach /admin/v1.") }
    return .warning(
      "The listener for providers offers the door admin too.",
      fix: "Leave admin out of `doors`, and use adminListen or the commands on this machine.")
  }
}
