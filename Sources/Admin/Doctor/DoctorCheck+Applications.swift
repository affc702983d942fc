import Feed
import SCIM
import Storage

/// The applications that are told of changes.
extension DoctorCheck {
  static let applications: [DoctorCheck] = [
    DoctorCheck("webhooks", "Whether each webhook and stream accepts what it is sent.") { receiving($0) },
    DoctorCheck("leavers", "Whether somebody has left without every webhook knowing it in time.") { patient in
      let late = patient.directories.flatMap { directory in
        let limit = Int64(directory.description.policies.leaverSLA) * 1000
        return patient.world.webhooks.clock.all(of: directory.name, slowestFirst: true)
          .filter { $0.isOpen && $0.milliseconds(at: patient.now) > limit }
          .map { "\($0.event.subject.id) (\(directory.name))" }
      }
      return late.isEmpty
        ? .ok("Every webhook knows of everybody who left.")
        : .failed(
          "Not every webhook has accepted that these left: \(DoctorPatient.some(late)).",
          fix: "`scimd leavers --slow` shows which webhook is late; until it answers, end the access by hand."
        )
    },
  ]

  private static func receiving(_ patient: DoctorPatient) -> DoctorFinding {
    var (off, waiting, poisoned) = ([String](), [String](), [String]())
    var (webhooks, streams) = (0, 0)
    for directory in patient.directories {
      func all(_ kind: EventTargetKind) -> [AdministrativeResource] {
        directory.administrative(all: directory.administrativeType(kind.rawValue)).whenDurable()
      }
      func look(_ name: String, _ state: Webhook.State, _ progress: WebhookProgress) {
        let name = "\(name) (\(directory.name))"
        if state == .disabled {
          off.append(name)
        } else if progress.isCircuitOpen {
          waiting.append(name)
        } else if progress.exceptions > 0 {
          poisoned.append(name)
        }
      }
      for report in all(.webhook).compactMap({ WebhookReport($0, patient.world, directory) }) {
        webhooks += 1
        look(report.webhook.name, report.webhook.state, report.progress)
      }
      for report in all(.stream).compactMap({ StreamReport($0, patient.world, directory) }) {
        streams += 1
        look("stream \(report.stream.name)", report.stream.state, report.progress)
      }
    }
    guard off.isEmpty else {
      return .failed(
        "Turned off, because it could not be delivered: \(DoctorPatient.some(off)).",
        fix: "`scimd webhook show NAME` (or `stream show`) says why. Mend the receiver, then `resume` it."
      )
    }
    guard waiting.isEmpty else {
      return .failed(
        "Does not answer, so nothing is sent but a try now and then: \(DoctorPatient.some(waiting)).",
        fix: "`scimd webhook attempts NAME` shows the answers. Mend the receiver; sending goes on by itself.")
    }
    guard poisoned.isEmpty else {
      return .warning(
        "Some events are refused again and again by \(DoctorPatient.some(poisoned)).",
        fix: "`scimd webhook attempts NAME` shows which, and what the receiver answered.")
    }
    let others = streams > 0 ? " and \(DoctorPatient.count(streams, "stream"))" : ""
    return .ok("\(DoctorPatient.count(webhooks, "webhook"))\(others), all accepting.")
  }
}
