import Credentials
import JSON
import SCIM

/// The keys.
extension DoctorCheck {
  private static let unusedDays: Int64 = 90

  static let keys: [DoctorCheck] = [
    DoctorCheck("keys", "Whether there is a key at all.") { patient in
      let usable = patient.keys.filter { $0.status(at: DateTime(milliseconds: patient.now)) == .active }
      return usable.isEmpty
        ? .failed("No key is valid, so no provider can connect.", fix: "`scimd connection create` makes one.")
        : .ok("\(DoctorPatient.count(usable.count, "valid key")).")
    },
    DoctorCheck("expiredKeys", "Whether a key in use has expired.") { patient in
      let expired = patient.keys(endingAt: patient.now - 30 * DoctorPatient.day + 1..<patient.now + 1)
      return expired.isEmpty
        ? .ok("None expired within 30 days.")
        : .failed(
          "Expired: \(DoctorPatient.some(expired.map(Self.name))).",
          fix: "`scimd key rotate ID`, and give the provider the new secret; or `scimd key revoke ID`.")
    },
    DoctorCheck("expiringKeys", "Whether a key expires within 14 days.") { patient in
      let ending = patient.keys(endingAt: patient.now + 1..<patient.now + 14 * DoctorPatient.day)
      return ending.isEmpty
        ? .ok("None expires within 14 days.")
        : .warning(
          "Expiring within 14 days: \(DoctorPatient.some(ending.map(Self.name))).",
          fix: "`scimd key rotate ID`, and give the provider the new secret.")
    },
    DoctorCheck("unusedKeys", "Whether a key is no longer used.") { patient in
      let unused = patient.keys.filter { key in
        let last = patient.lastUse(of: key) ?? key.created.milliseconds
        return last < patient.now - unusedDays * DoctorPatient.day
      }
      return unused.isEmpty
        ? .ok("Each was used or created within \(unusedDays) days.")
        : .warning(
          "Not used for \(unusedDays) days: \(DoctorPatient.some(unused.map(Self.name))).",
          fix: "`scimd key revoke ID` if nobody needs it.")
    },
    DoctorCheck("burntKeys", "Whether a key that was sent unencrypted to `redirectListen` is still valid.") {
      let burnt = $0.world.keys.burntKeys
      return burnt.isEmpty
        ? .ok("None was sent.")
        : .failed(
          "Sent unencrypted, so that anyone on the way may have read it: "
            + "\(DoctorPatient.some(burnt.map { name($0.key) })).",
          fix: "`scimd key rotate ID --overlap none`, and give the client an https URL and the new secret.")
    },
  ]

  private static func name(_ key: APIKey) -> String { "\(key.id) \"\(key.name)\" (\(key.directory))" }
}
