import JSON
import Platform
import SCIM
import Storage

/// The data folder.
extension DoctorCheck {
  static let data: [DoctorCheck] = [
    DoctorCheck("journals", "Whether accepted changes reach the disk.") { patient in
      let waiting = patient.directories.filter { $0.waitingRecords > 1000 }.map(\.name)
      return waiting.isEmpty
        ? .ok("No journal is behind.")
        : .failed(
          "More than 1,000 changes wait for the disk: \(DoctorPatient.some(waiting)).",
          fix: "Check the disk. The changes are acknowledged only once they are on it.")
    },
    DoctorCheck("quotas", "Whether a directory is close to its quota.") { quotas($0) },
    DoctorCheck("directories", "Whether a directory is paused.") { patient in
      let paused = patient.directories.filter { $0.description.state == .paused }.map(\.name)
      return paused.isEmpty
        ? .ok("None is paused.")
        : .warning(
          "Paused, so that nothing is provisioned: \(DoctorPatient.some(paused)).",
          fix: "`scimd directory resume NAME`")
    },
    DoctorCheck("jobs", "Whether a job has failed or is stuck.") { jobs($0) },
    DoctorCheck("backup", "When the last backup was taken.") { backup($0) },
    DoctorCheck("history", "How far back changes can be looked up.") { history($0) },
    DoctorCheck("masterKey", "Whether the master key is the recorded one.") { patient in
      guard let recorded = patient.world.masterKeys.recorded() else { return .ok("None is needed yet.") }
      do throws(MasterKeyError) {
        let current = try patient.world.masterKeys.fingerprintOfFile()
        guard let current else {
          return .failed(
            "The file of the master key is missing.", fix: "Restore it, or run `scimd secret adopt`.")
        }
        return current.hasSameBytes(as: recorded.fingerprint)
          ? .ok("Fingerprint \(current). Keep a copy apart from the backups.")
          : .failed(
            "The file holds another master key (\(current)) than the recorded one (\(recorded.fingerprint)).",
            fix: "Put the right file back, or run `scimd secret adopt`.")
      } catch {
        return .failed("\(error).", fix: "Restore the file, or run `scimd secret adopt`.")
      }
    },
  ]

  private static func quotas(_ patient: DoctorPatient) -> DoctorFinding {
    var close: [String] = []
    for directory in patient.directories {
      let quotas = directory.description.policies.quotas
      let resources = directory.counts().reduce(0) { $0 + $1.count }
      if resources >= quotas.maxResources / 10 * 9 {
        close.append("\(directory.name) (\(resources) of \(quotas.maxResources) resources)")
      }
    }
    return close.isEmpty
      ? .ok("Every directory is below 90 % of its resources.")
      : .failed(
        "Close to the quota: \(DoctorPatient.some(close)).",
        fix: "Raise maxResources with `scimd directory update`, or find out who creates so much.")
  }

  private static func jobs(_ patient: DoctorPatient) -> DoctorFinding {
    var (failed, running): ([String], [String]) = ([], [])
    for directory in patient.directories + [patient.world.store.system] {
      for report in JobRunner.jobs(in: directory) {
        let text = "\(report.id) in \(report.directory)"
        let isRecent =
          report.job.ended.map { $0.milliseconds > patient.now - 30 * DoctorPatient.day } ?? false
        if report.job.state == .failed, isRecent { failed.append(text) }
        if report.job.state == .running, report.created.milliseconds < patient.now - DoctorPatient.day {
          running.append(text)
        }
      }
    }
    if !failed.isEmpty {
      return .failed(
        "Failed within 30 days: \(DoctorPatient.some(failed)).",
        fix: "`scimd job show ID` says why; correct it, and begin again.")
    }
    return running.isEmpty
      ? .ok("None failed within 30 days.")
      : .warning(
        "Running for more than a day: \(DoctorPatient.some(running)).",
        fix: "Restart the server, which continues jobs, or `scimd job cancel ID`.")
  }

  private static func backup(_ patient: DoctorPatient) -> DoctorFinding {
    guard let last = patient.world.store.lastBackup else {
      return .warning(
        "No backup was ever taken with `scimd store backup`.",
        fix: "Take one every night: `scimd store backup FILE`. Ignore this if you copy the disk instead.")
    }
    let text = "The last backup was taken \(patient.ago(last))."
    return last > patient.now - 7 * DoctorPatient.day
      ? .ok(text) : .warning(text, fix: "Take one every night: `scimd store backup FILE`.")
  }

  private static func history(_ patient: DoctorPatient) -> DoctorFinding {
    let oldest = patient.directories.compactMap { directory in
      (try? directory.files())?.oldestTime.flatMap { DateTime($0) }?.milliseconds
    }
    guard let first = oldest.min() else { return .ok("Nothing has happened yet.") }
    return .ok("The oldest change that can be looked up was made \(patient.ago(first)).")
  }
}
