import Credentials
import JSON
import SCIM
import Storage

/// The identity providers.
extension DoctorCheck {
  static let providers: [DoctorCheck] = [
    DoctorCheck("connections", "Whether each connection has been used lately.") { activity($0) },
    DoctorCheck("pausedConnections", "Whether a connection is paused.") { patient in
      let paused = connections(patient).filter { $0.description.state == .paused }.map(\.name)
      return paused.isEmpty
        ? .ok("None is paused.")
        : .warning("Paused: \(DoctorPatient.some(paused)).", fix: "`scimd connection resume NAME`")
    },
    DoctorCheck("ignoredAttributes", "Whether providers send attributes that no schema has.") { patient in
      let sending = connections(patient).filter { connection in
        !connection.directory.unkept(by: connection.id).whenDurable().items.isEmpty
      }
      return sending.isEmpty
        ? .ok("Every attribute that was sent is kept.")
        : .warning(
          "Attributes that no schema has are sent by \(DoctorPatient.some(sending.map(\.name))).",
          fix: "`scimd schema suggest CONNECTION` writes the schema that keeps them; or stop mapping them.")
    },
  ]

  private struct Connection {
    let directory: Directory
    let id: ResourceID
    let description: ConnectionDescription

    var name: String { "\(description.name) (\(directory.name))" }
  }

  private static func connections(_ patient: DoctorPatient) -> [Connection] {
    patient.directories.flatMap { directory in
      directory.administrative(all: directory.administrativeType("Connection")).whenDurable().compactMap {
        resource in
        ConnectionDescription(resource.document).map {
          Connection(directory: directory, id: resource.id, description: $0)
        }
      }
    }
  }

  private static func activity(_ patient: DoctorPatient) -> DoctorFinding {
    var names: [ConnectionCondition: [String]] = [:]
    let all = connections(patient)
    for connection in all {
      let activity = patient.world.activity(of: connection.id, in: connection.directory.name)
      let condition = ConnectionCondition(connection.description.state, activity, now: patient.now)
      let last = activity.last.map { ", \(patient.ago($0))" } ?? ""
      names[condition, default: []].append(connection.name + (condition == .silent ? last : ""))
    }
    if let failing = names[.failing] {
      return .failed(
        "The last ten writes were refused of \(DoctorPatient.some(failing)).",
        fix: "`scimd requests list --status 4xx --connection NAME` shows why; mend that at the provider.")
    }
    if let silent = names[.silent] {
      return .failed(
        "No request for twice the usual time from \(DoctorPatient.some(silent)).",
        fix: "Look at the provisioning status at the identity provider: people who leave keep their access.")
    }
    guard let waiting = names[.waiting] else {
      return .ok("\(DoctorPatient.count(all.count, "connection")), all in use.")
    }
    return .warning(
      "Never used: \(DoctorPatient.some(waiting)).",
      fix: "Enter its base URL and key at the identity provider (`scimd help providers`).")
  }
}
