import Access
import JSON
import SCIM
import Storage

// Drafts of more changes than one record makes, which a job applies.
extension DraftsNoun {
  /// Throws if a large draft has steps that only a small one can have.
  static func checkLarge(_ steps: [AccessStep]) throws(AdminProblem) {
    let others = steps.count { !$0.isOfGrant }
    guard others > 0 else { return }
    throw AdminProblem(
      .invalidMember,
      "The draft has \(steps.count) changes. One of more than \(AccessDraft.maxSteps) can only give and remove grants, "
        + "and \(others) of these change roles, targets or when grants end.",
      fix: "Draft and apply these first, in a draft of their own.")
  }

  static func createLarge(_ draft: AccessDraft, _ call: AdminCall) throws(AdminProblem) -> ResourceID {
    do throws(SCIMError) {
      return try LargeDrafts(call.directory).create(draft, draft.steps, call.context("CREATE /drafts"))
    } catch {
      throw AdminProblem(error)
    }
  }

  static func discardLarge(
    _ id: ResourceID, _ answer: JSONValue, _ call: AdminCall
  ) throws(AdminProblem) -> AdminAnswer {
    do throws(SCIMError) {
      try LargeDrafts(call.directory).remove(id, call.context("DELETE /drafts/{id}")) { tx in
        tx.keptAnswer = answer
      }
    } catch {
      throw AdminProblem(error)
    }
    return AdminAnswer(answer)
  }

  /// The steps of a draft, large or small.
  static func steps(
    of draft: AccessDraft, _ id: ResourceID, _ call: AdminCall
  ) throws(AdminProblem) -> [AccessStep] {
    guard draft.isLarge else { return draft.steps }
    do throws(SCIMError) {
      return try LargeDrafts(call.directory).steps(of: id, parts: draft.parts)
    } catch {
      throw AdminProblem(error)
    }
  }

  // MARK: Applying

  /// Looks at what the draft takes, then writes the intent and starts the job.
  static func applyLarge(
    _ draft: AccessDraft, _ id: ResourceID, _ call: AdminCall
  ) throws(AdminProblem) -> AdminAnswer {
    let steps = try steps(of: draft, id, call)
    let trial = try ReviewReport.attempt(steps, call, "APPLY /drafts/{id}", makes: false) { _, _ in }
    try ReviewReport.check(trial, call)
    let context = call.context("APPLY /drafts/{id}")
    let (directory, type) = (call.directory, call.type("Job"))
    let job = JobDescription(
      .applyDraft, target: id.text, targetName: draft.name ?? id.text, users: .keep,
      command: context.actor.command, total: steps.count + steps.count(where: \.isRemoval))
    let revision = nextRevision(call)
    let written = directory.writeTogether(context) { tx throws(SCIMError) in
      let old = try tx.resource(call.type("Draft"), id.text)
      try EntityTag.check(call.ifMatch, old.version)
      let begun = try tx.create(type, job.document.ordered(for: type), members: [], skipsUnknown: false)
      try LargeDrafts(directory).change(id, &tx) { draft throws(SCIMError) in
        guard draft.state == .open else {
          throw SCIMError(.conflict, "The draft was applied or discarded meanwhile.")
        }
        draft.state = .applying
        (draft.revision, draft.job, draft.appliedBy) = (revision, begun, call.giver)
      }
    }.whenDurable()
    if case .failure(let error) = written { throw AdminProblem(error) }
    call.world.jobs.wake()
    return try answer(try find(id.text, call), call)
  }

  // MARK: Taking back

  /// Drafts what undoes an applied draft, without what others have changed since.
  static func rollBackLarge(
    _ draft: AccessDraft, _ id: ResourceID, _ revision: Int, _ call: AdminCall
  ) throws(AdminProblem) -> AdminAnswer {
    guard !draft.isForgotten else {
      throw AdminProblem(
        .conflict,
        "The changes of revision \(revision) are not kept any more: later large drafts took their place.",
        fix: "`scimd access export --as-of TIME` shows who had which rights before it.")
    }
    let all = LargeDrafts(call.directory).undo(of: id, parts: draft.parts)
    let steps = call.access.possible(all)
    guard !steps.isEmpty else {
      throw AdminProblem(
        .conflict, "Nothing is left to take back: others have changed all grants of the revision since.")
    }
    var undo = AccessDraft(name: "Undo revision \(revision)", steps: steps)
    undo.undoes = revision
    return try make(undo, call, skipped: all.count - steps.count)
  }
}
