import SCIM
import Storage
import Transfer

// An import that is more than one record.
extension JobRunner {
  /// Steps of one record: a few milliseconds of the directory's lock.
  private static let steps = 250

  /// Carries out or continues an import; ends early, without an error, if it was cancelled or the process stops.
  func importLines(_ report: JobReport, _ directory: Directory) throws(SCIMError) {
    guard let id = ResourceID(report.id), let intent = report.job.importing else { return }
    guard let bytes = directory.file(of: id) else {
      throw SCIMError(
        .conflict,
        "The file of the import no longer exists, because the directory was restored from a backup. Import the "
          + "file again, with --on-conflict replace.")
    }
    var lines = Import(bytes, intent.options, directory.catalog)
    if report.job.done > 0 { try resume(&lines, report, intent, directory) }
    while lines.done < lines.total {
      guard isRunning(report.id, in: directory) else { return }
      lines.take(try advance(lines, report, directory))
    }
    try write(directory, report) { tx throws(SCIMError) in
      try Self.progress(report.id, directory, &tx) { $0.end(.finished, self.store) }
    }
    directory.forgetFile(of: id)
  }

  /// Finds out what the steps counted so far have done: their outcomes are only in the state.
  private func resume(
    _ lines: inout Import, _ report: JobReport, _ intent: ImportIntent, _ directory: Directory
  ) throws(SCIMError) {
    let before = lines
    lines = try directory.drafting(Self.context(report)) { tx throws(SCIMError) in
      var lines = before
      lines.resume(at: report.job.done, intent.report, began: report.created.milliseconds, tx)
      return (lines, .dropped)
    }.whenDurable().get().value
  }

  /// The next steps with their count as one record, or as several if that would be too long; the last has the count.
  private func advance(
    _ lines: Import, _ report: JobReport, _ directory: Directory
  ) throws(SCIMError) -> ImportProgress {
    try directory.drafting(Self.context(report)) { tx throws(SCIMError) in
      let next = lines.advance(Self.steps, &tx)
      try Self.progress(report.id, directory, &tx) { job in
        job.done = next.done
        job.importing?.report = next.report
      }
      return (next, .inParts)
    }.whenDurable().get().value
  }
}
