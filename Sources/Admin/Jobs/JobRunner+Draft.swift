import Access
import Platform
import SCIM
import Storage

// Applying a draft of more changes than one record makes. While the Draft is `applying`, its grants are pending; the
// record that makes it `applied` lets all of them take effect. Until then the job can be cancelled or fail: it undoes its
// steps, and the draft is open again.
extension JobRunner {
  /// Carries out or continues a job; ends early, without an error, if the process stops.
  func applyDraft(_ report: JobReport, _ directory: Directory) throws(SCIMError) {
    guard let id = ResourceID(report.job.target) else { return }
    let work = DraftWork(self, report, directory, id)
    do throws(SCIMError) {
      if try work.prepare() { return try work.removeEnded() }
    } catch {
      // What has taken effect is not undone.
      guard error.status < 500, !work.isApplied else { throw error }
      try work.fail(error)
    }
    try work.takeBack()
  }

  /// A running job is to undo what it did. Throws 409 if the draft has taken effect.
  static func turnBack(
    _ job: JobDescription, _ id: String, _ directory: Directory, _ tx: inout Transaction
  ) throws(SCIMError) {
    let draft = try tx.resource(directory.administrativeType("Draft"), job.target).document
    if let draft = AccessDraft(draft), draft.state == .applied {
      throw SCIMError(
        .conflict,
        "The draft has taken effect as revision \(draft.revision ?? 0), and only grants that ended with it are "
          + "still being removed. Roll the revision back instead.")
    }
    guard job.ending == nil else {
      throw SCIMError(.conflict, "The job is already undoing its changes.")
    }
    try progress(id, directory, &tx) { $0.ending = .cancelled }
  }

  /// The phases of one job. Each can begin again where a crash left it.
  private struct DraftWork {
    let runner: JobRunner
    let report: JobReport
    let directory: Directory
    let id: ResourceID
    let drafts: LargeDrafts

    init(_ runner: JobRunner, _ report: JobReport, _ directory: Directory, _ id: ResourceID) {
      self.runner = runner
      self.report = report
      self.directory = directory
      self.id = id
      drafts = LargeDrafts(directory)
    }

    var isApplied: Bool { draft?.state == .applied }

    /// Nil if it was removed, as only a repair of the log can.
    private var draft: AccessDraft? {
      directory.administrativeResource(directory.administrativeType("Draft"), id)?.document
        .flatMap { AccessDraft($0) }
    }

    /// Writes one record that also counts the progress.
    ///
    /// - Returns: the value of `body`; nil, and nothing is written, if the job is to undo its steps or has ended.
    private func write<Value: Sendable>(
      undoing: Bool = false, _ progress: (inout JobDescription) -> Void,
      _ body: (inout AccessChange, inout Transaction) throws(SCIMError) -> Value
    ) throws(SCIMError) -> Value? {
      try DirectoryAccess(directory, runner.index).write(JobRunner.context(report), follows: false) {
        change, tx throws(SCIMError) in
        let old = try tx.resource(directory.administrativeType("Job"), report.id)
        guard let job = JobDescription(old.document), job.state == .running, (job.ending != nil) == undoing
        else { return nil }
        let value = try body(&change, &tx)
        try JobRunner.progress(report.id, directory, &tx, progress)
        return value
      }
    }

    // MARK: Until it takes effect

    /// Makes the grants that are not made yet, and then all of them hold. False if the job is to undo its steps, or stops.
    func prepare() throws(SCIMError) -> Bool {
      guard let draft else { throw .notFound("Draft \(id.text)") }
      if draft.state == .applied { return true }
      for index in 0..<draft.parts where drafts.undo(of: id, index) == nil {
        guard !runner.isStopped, try prepare(index, of: draft) else { return false }
      }
      guard !runner.isStopped else { return false }
      let now = DateTime(milliseconds: runner.store.environment.now())
      let done: Void? = try write({ $0.done = draft.count }) { _, tx throws(SCIMError) in
        try drafts.change(id, &tx) { draft in
          draft.state = .applied
          draft.applied = now
        }
      }
      return done != nil
    }

    private func prepare(_ index: Int, of draft: AccessDraft) throws(SCIMError) -> Bool {
      let steps = try drafts.steps(of: id, index)
      var skipped = 0
      let done: Void? = try write({ job in
        job.done = min(draft.count, (index + 1) * DraftPart.maxSteps)
        job.skipped += skipped
      }) { change, tx throws(SCIMError) in
        skipped = 0
        for step in steps {
          if try !change.prepare(step, of: id, &tx) { skipped += 1 }
        }
        try drafts.keep(undo: change.undo, of: id, index, &tx)
      }
      return done != nil
    }

    // MARK: After it took effect

    /// Removes the grants that ended with the draft, and ends the job.
    func removeEnded() throws(SCIMError) {
      guard let draft else { return }
      var done = draft.count
      for index in 0..<draft.parts {
        let steps = try drafts.steps(of: id, index).filter(\.isRemoval)
        guard !steps.isEmpty else { continue }
        guard !runner.isStopped else { return }
        done += steps.count
        _ = try write({ $0.done = done }) { change, tx throws(SCIMError) in
          try change.removeEnded(steps, of: id, &tx)
        }
      }
      _ = try write({ $0.end(.finished, runner.store) }) { _, _ in }
    }

    // MARK: Instead of that

    /// The job ends as failed once its steps are undone, unless it was cancelled before.
    func fail(_ error: SCIMError) throws(SCIMError) {
      _ = try write({ job in
        job.ending = .failed
        job.error = String(error.detail.prefix(1000))
      }) { _, _ in }
    }

    /// Undoes the steps that were made, opens the draft again and ends the job.
    func takeBack() throws(SCIMError) {
      let draft = draft
      for index in (0..<(draft?.parts ?? 0)).reversed() {
        guard let undo = drafts.undo(of: id, index) else { continue }
        guard !runner.isStopped else { return }
        let steps = try drafts.steps(of: id, index)
        let done: Void? = try write(undoing: true, { $0.done = index * DraftPart.maxSteps }) {
          change, tx throws(SCIMError) in
          try change.takeBack(steps, undo: undo, of: id, &tx)
          try drafts.forgetUndo(of: id, index, &tx)
        }
        guard done != nil else { return }
      }
      _ = try write(
        undoing: true,
        { job in
          job.end(job.ending ?? .failed, runner.store)
          job.ending = nil
        }
      ) { _, tx throws(SCIMError) in
        guard draft != nil else { return }
        try drafts.change(id, &tx) { draft in
          draft.state = .open
          (draft.revision, draft.appliedBy) = (nil, nil)
        }
      }
    }
  }
}
