import Feed
import SCIM
import Storage

/// The applications that are told of changes.
extension DoctorCheck {
  static let applications: [DoctorCheck] = [
    DoctorCheck("webhooks", "Whether each webhook accepts what it is sent.") { receiving($0) },
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
    var (off, waiting, poisoned, count) = ([String](), [String](), [String](), 0)
    for directory in patient.directories {
      let all = directory.administrative(all: directory.administrativeType("Webhook")).whenDurable()
      for report in all.compactMap({ WebhookReport($0, patient.world, directory) }) {
        let name = "\(report.webhook.name) (\(directory.name))"
        count += 1
        if report.webhook.state == .disabled {
          off.append(name)
        } else if report.progress.isCircuitOpen {
          waiting.append(name)
        } else if report.progress.exceptions > 0 {
          poisoned.append(name)
        }
      }
    }
    guard off.isEmpty else {
      return .failed(
        "Turned off, because it could not be delivered: \(DoctorPatient.some(off)).",
        fix: "`scimd webhook show NAME` says why. Mend the receiver, then `scimd webhook resume NAME`.")
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
    return .ok("\(DoctorPatient.count(count, "webhook")), all accepting.")
  }
}
