package import SCIM
package import Storage

/// Brings resources into a directory from lines of text, in steps: first each line's resource, in the order of the
/// lines, then the members that each line names, which may come later in the file.
///
/// A line refers to the resource with its id, otherwise to the user with its userName or the only group with its
/// displayName; if that does not exist it is created, under the line's id if it has one.
package struct Import: Sendable {
  /// The lines that could be read.
  private let lines: [ImportLine]
  /// Places of the lines that name members.
  private let connecting: [Int]
  private let conflict: ImportOptions.Conflict
  /// The outcomes of the lines so far.
  private var outcomes = ImportOutcomes()
  /// The outcomes so far, and the lines that cannot be read.
  package private(set) var report = ImportReport()
  /// Steps carried out.
  package private(set) var done = 0

  /// Reads all lines.
  package init(_ bytes: [UInt8], _ options: ImportOptions, _ catalog: Catalog) {
    let reader = ImportReader(bytes, options, catalog)
    lines = reader.lines
    connecting = lines.indices.filter { reader.lines[$0].members != nil }
    conflict = options.conflict
    report.lines = reader.count
    for error in reader.errors { report.add(error) }
  }

  /// Steps altogether.
  package var total: Int { lines.count + connecting.count }

  /// Carries out the next steps in a transaction; `take` confirms that it was committed.
  package func advance(_ steps: Int, _ tx: inout Transaction) -> ImportProgress {
    var next = ImportSteps(before: outcomes, report: report, conflict: conflict)
    let end = done + min(steps, total - done)
    for step in done..<end {
      if step < lines.count {
        next.make(lines[step], &tx)
      } else {
        next.connect(lines[connecting[step - lines.count]], &tx)
      }
    }
    return ImportProgress(done: end, report: next.report, outcomes: next.outcomes)
  }

  /// Takes over the outcome of steps whose transaction was committed.
  package mutating func take(_ progress: ImportProgress) {
    done = progress.done
    report = progress.report
    outcomes.merge(progress.outcomes)
  }

  /// Continues an earlier run: finds the changes its steps made.
  ///
  /// - Parameter began: when the earlier run began, in milliseconds since 1970.
  package mutating func resume(
    at done: Int, _ report: ImportReport, began: Int64, _ tx: borrowing Transaction
  ) {
    var steps = ImportSteps(before: outcomes, report: report, conflict: conflict)
    for line in lines.prefix(done) { steps.recall(line, began: began, tx) }
    take(ImportProgress(done: min(done, total), report: report, outcomes: steps.outcomes))
  }
}
