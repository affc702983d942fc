import Insight
import JSON
import Platform
import Storage

/// How clients reach the server.
extension DoctorCheck {
  static let reachability: [DoctorCheck] = [
    DoctorCheck("server", "Whether a server runs on the data folder, and its version.") { patient in
      patient.metrics == nil
        ? .warning("No server runs on \(patient.world.store.folder.path).", fix: "Start it: `scimd serve`.")
        : .ok("scimd \(patient.world.version) runs on \(patient.world.store.folder.path).")
    },
    DoctorCheck("baseURL", "Whether a request to the base URL that providers use arrives at this server.") {
      loop($0)
    },
    DoctorCheck("discovery", "Whether /ServiceProviderConfig can be read.") { discovery($0) },
    DoctorCheck("keyRequired", "Whether a request without a key is refused with a challenge.") {
      refusal($0, .none)
    },
    DoctorCheck("unknownKey", "Whether a request with a key that does not exist is refused.") {
      refusal($0, .stranger)
    },
    DoctorCheck("location", "Whether `meta.location` names the base URL that providers use.") {
      location($0)
    },
    DoctorCheck("eventLoops", "Whether the event loops take new work at once.") { loops($0) },
  ]

  private static func loop(_ patient: DoctorPatient) -> DoctorFinding {
    let base = patient.world.base
    switch patient.visit.config {
    case .failure(let obstacle):
      guard obstacle.isFailure else { return .skipped("\(obstacle.text).") }
      return .failed(
        "\(base) cannot be reached from this machine: \(obstacle.text).",
        fix: patient.has("tlsCertificate")
          ? "Set publicURL to a host name of the certificate, and caFile to its authority if the system does not know it."
          : "Check the setting publicURL, the name's DNS entry and the proxy in front.")
    case .success(let answer):
      guard patient.visit.hasArrived else {
        return .failed(
          "\(base) leads to another server: it answered with \(answer.status), and no request arrived here.",
          fix: "Correct the setting publicURL, or where the proxy in front sends requests.")
      }
      return .ok("\(base) leads to this server.")
    }
  }

  /// What an answer shows; skipped without one, which `baseURL` reports.
  private static func judge(
    _ answer: Result<OwnVisit.Answer, DoctorObstacle>, _ find: (OwnVisit.Answer) -> DoctorFinding
  ) -> DoctorFinding {
    switch answer {
    case .failure(let obstacle): .skipped("\(obstacle.text).")
    case .success(let answer): find(answer)
    }
  }

  private static func discovery(_ patient: DoctorPatient) -> DoctorFinding {
    judge(patient.visit.config) { answer in
      guard answer.status == 200, answer.json["authenticationSchemes"] != nil else {
        return .failed(
          "\(patient.world.base)/ServiceProviderConfig answers \(answer.status) instead of the document.",
          fix: "Let the proxy in front pass this path unchanged.")
      }
      return .ok("Providers can read what the server supports, without a key.")
    }
  }

  private static func refusal(_ patient: DoctorPatient, _ key: OwnVisit.Key) -> DoctorFinding {
    judge(patient.visit.get("/Users?count=1", key)) { answer in
      guard answer.status != 200 else {
        return .failed(
          "\(patient.world.base)/Users answers without a valid key.",
          fix: "Stop what is in front of the server from adding an Authorization field.")
      }
      guard answer.status == 401, answer.hasChallenge else {
        return .warning(
          "\(patient.world.base)/Users answers \(answer.status) instead of 401 with a challenge.",
          fix: "Let the proxy in front pass the status and the field WWW-Authenticate unchanged.")
      }
      return .ok("Refused with 401.")
    }
  }

  private static func location(_ patient: DoctorPatient) -> DoctorFinding {
    judge(patient.visit.config) { answer in
      let location = answer.json["meta"]?["location"]?.stringValue ?? ""
      guard location.hasPrefix(patient.world.base) else {
        return .failed(
          "Resources are said to be at \(location), and providers use \(patient.world.base).",
          fix: "Set publicURL to the URL that providers use.")
      }
      return .ok("Resources are below \(patient.world.base).")
    }
  }

  private static func loops(_ patient: DoctorPatient) -> DoctorFinding {
    guard let metrics = patient.metrics else { return .skipped("No server runs.") }
    let milliseconds = metrics.slowestLoop() * 1000
    guard milliseconds < 250 else {
      return .warning(
        "An event loop takes new work only after \(Int(milliseconds)) ms.",
        fix: "Give the server more processor time, or look for what keeps it busy: `/metrics`.")
    }
    return .ok("The slowest event loop takes new work after \(Int(milliseconds.rounded(.up))) ms.")
  }
}
