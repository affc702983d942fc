import Access
import HTTP
import JSON
import Platform
import SCIM
import Storage

/// Changes of rights that are reviewed before they are made, and taken back.
enum DraftsNoun {
  private static let root = AdminRoute.directory + "/drafts"
  private static let one = root + "/{id}"

  static var routes: [AdminRoute] { [list, create, show, delete, review, apply, rollback] }

  private static var list: AdminRoute {
    AdminRoute(
      .get, root, "access", "drafts", .read, "List the drafts of a directory",
      answers: .json(.page(.named("Draft")))
    ) { call throws(AdminProblem) in
      let start = try PageCursor.number(call.query["cursor"])
      let page = call.directory.administrative(
        call.type("Draft"), after: start, limit: call.query.integer("limit")
      ).whenDurable()
      return AdminAnswer(
        items: page.items.compactMap { json($0, call) }, next: page.next.map { PageCursor.text($0) })
    }.with { $0.parameters = AdminParameter.page }
  }

  private static var create: AdminRoute {
    AdminRoute(
      .post, root, "access", "draft", .write, "Draft changes of rights; nothing is granted by it",
      answers: .json(.named("Draft"), status: 201)
    ) { call throws(AdminProblem) in
      let reader = try call.object()
      try reader.allow(["name", "file", "add", "remove", "connections"], of: "a new draft")
      let name = try reader.optionalText("name")
      guard (name ?? "").utf8.count <= 200 else {
        throw AdminProblem(.invalidMember, "name is longer than 200 bytes.", at: "/name")
      }
      var steps =
        try reader.optionalJSON("file").map { json throws(AdminProblem) in
          try RightsFileNoun.differences(json, call, maxGrants: AccessDraft.maxLargeSteps).map(\.step)
        } ?? []
      steps += try added(reader, call)
      let table = call.access.table
      for (index, text) in try reader.texts("remove").enumerated() {
        guard let id = ResourceID(text), let grant = table.grant(id), table.isInEffect(grant) else {
          throw AdminProblem(
            .unknownGrant, "There is no grant \"\(text.prefix(64))\".", at: "/remove/\(index)")
        }
        steps.append(.removeGrant(id))
      }
      for text in try reader.texts("connections") {
        let connection = try ConnectionsNoun.find(text, call)
        guard call.access.table.heldBack.keys.contains(connection.id) else {
          throw AdminProblem(
            .conflict, "The connection \"\(text.prefix(160))\" is not held back, so it needs no first review."
          )
        }
        steps.append(.release(connection.id))
      }
      return try make(AccessDraft(name: name, steps: steps), call)
    }.with {
      // It is tried, and may be large.
      $0.isLong = true
      $0.body = .json(
        .object([
          .init("name", .text, optional: true), .init("file", .named("RightsFile"), optional: true),
          .init("add", .list(RightsFileNoun.grantSchema), optional: true),
          .init("remove", .list(.text), optional: true),
          .init("connections", .list(.text), optional: true),
        ]))
      $0.replay = { call, id throws(AdminProblem) in try answer(try find(id, call), call) }
    }
  }

  /// Grants in the form of a file.
  private static func added(_ reader: ObjectReader, _ call: AdminCall) throws(AdminProblem) -> [AccessStep] {
    guard let list = reader.optionalJSON("add") else { return [] }
    let file: RightsFile
    do throws(AccessError) {
      file = try RightsFile(json: ["grants": list], maxGrants: AccessDraft.maxLargeSteps)
    } catch {
      throw AdminProblem(error)
    }
    var steps: [AccessStep] = []
    for grant in file.grants ?? [] {
      let id = try call.principal(grant.name, isGroup: grant.isGroup, at: grant.pointer)
      steps.append(.addGrant(grant.given(to: id, by: call.giver)))
    }
    return steps
  }

  /// - Parameter skipped: changes that were left out because they cannot be made any more.
  static func make(
    _ draft: AccessDraft, _ call: AdminCall, skipped: Int = 0
  ) throws(AdminProblem) -> AdminAnswer {
    guard (1...AccessDraft.maxLargeSteps).contains(draft.steps.count) else {
      throw AdminProblem(
        .invalidMember,
        "The draft has \(draft.steps.count) changes; it must have 1 to \(AccessDraft.maxLargeSteps).")
    }
    guard call.directory.administrativeResources(call.type("Draft")).count < AccessDraft.maxDrafts else {
      throw AdminProblem(.tooMany, "The directory has \(AccessDraft.maxDrafts) drafts. Discard some first.")
    }
    let isLarge = draft.steps.count > AccessDraft.maxSteps
    if isLarge { try checkLarge(draft.steps) }
    // What cannot be made now is said now.
    _ = try ReviewReport.attempt(draft.steps, call, "REVIEW /drafts", makes: false) { _, _ in }
    var draft = draft
    draft.createdBy = call.giver
    let id = isLarge ? try createLarge(draft, call) : try createSmall(draft, call)
    var made = try answer(try find(id.text, call), call, skipped: skipped)
    made.status = .created
    return made
  }

  private static func createSmall(_ draft: AccessDraft, _ call: AdminCall) throws(AdminProblem) -> ResourceID
  {
    let document = draft.document.ordered(for: call.type("Draft"))
    return try call.write("CREATE /drafts") { _, tx throws(AccessFailure) in
      try rights { () throws(SCIMError) in
        try tx.create(call.type("Draft"), document, members: [], skipsUnknown: false)
      }
    }
  }

  private static var show: AdminRoute {
    AdminRoute(.get, one, "access", "show draft", .read, "Show a draft", answers: .json(.named("Draft"))) {
      call throws(AdminProblem) in try answer(try find(call["id"], call), call)
    }
  }

  private static var delete: AdminRoute {
    AdminRoute(
      .delete, one, "access", "discard", .write, "Discard a draft that is not applied",
      answers: .json(.object([.init("id", .text)]))
    ) { call throws(AdminProblem) in
      let (resource, draft) = try find(call["id"], call)
      try checkOpen(draft)
      let answer: JSONValue = ["id": .string(resource.id.text)]
      if draft.isLarge { return try discardLarge(resource.id, answer, call) }
      try call.write("DELETE /drafts/{id}") { _, tx throws(AccessFailure) in
        try rights { () throws(SCIMError) in
          try tx.delete(try tx.resource(call.type("Draft"), resource.id.text))
        }
        tx.keptAnswer = answer
      }
      return AdminAnswer(answer)
    }.with {
      $0.isLong = true
      $0.replay = AdminAnswer.kept
    }
  }

  private static var review: AdminRoute {
    AdminRoute(
      .get, one + "/review", "access", "review", .read, "Say who would gain and who would lose by a draft",
      answers: .json(.named("AccessReview"))
    ) { call throws(AdminProblem) in
      let (resource, draft) = try find(call["id"], call)
      try checkOpen(draft)
      let steps = try steps(of: draft, resource.id, call)
      let trial = try ReviewReport.attempt(steps, call, "REVIEW /drafts/{id}", makes: false) { _, _ in }
      return AdminAnswer(ReviewReport.json(trial))
    }.with { $0.isLong = true }
  }

  private static var apply: AdminRoute {
    AdminRoute(
      .post, one + "/apply", "access", "apply", .write,
      "Carry a draft out as one change: at once, or by a job if it is large",
      answers: .json(.named("Draft"))
    ) { call throws(AdminProblem) in
      let (resource, draft) = try find(call["id"], call)
      try checkOpen(draft)
      if draft.isLarge { return try applyLarge(draft, resource.id, call) }
      let type = call.type("Draft")
      let revision = nextRevision(call)
      let now = DateTime(milliseconds: call.world.environment.now())
      _ = try ReviewReport.attempt(draft.steps, call, "APPLY /drafts/{id}", makes: true) {
        trial, tx throws(SCIMError) in
        let old = try tx.resource(type, resource.id.text)
        try EntityTag.check(call.ifMatch, old.version)
        guard AccessDraft(old.document)?.state == .open else {
          throw SCIMError(.conflict, "The draft was applied meanwhile.")
        }
        var applied = draft
        applied.state = .applied
        applied.revision = revision
        applied.undo = trial.undo
        applied.appliedBy = call.giver
        applied.applied = now
        try tx.update(old, applied.document.ordered(for: type), [], skipsUnknown: false)
      }
      return try answer(try find(resource.id.text, call), call)
    }.with {
      $0.parameters = [.force]
      $0.takesIfMatch = true
      $0.isLong = true
      $0.replay = { call, _ throws(AdminProblem) in try answer(try find(call["id"], call), call) }
    }
  }

  private static var rollback: AdminRoute {
    AdminRoute(
      .post, one + "/rollback", "access", "rollback", .write,
      "Draft what takes an applied draft back, named by its revision or id",
      answers: .json(.named("Draft"), status: 201)
    ) { call throws(AdminProblem) in
      let (resource, draft) = try find(call["id"], call)
      guard draft.state == .applied, let revision = draft.revision else {
        throw AdminProblem(.conflict, "The draft is not applied, so there is nothing to take back.")
      }
      if draft.isLarge { return try rollBackLarge(draft, resource.id, revision, call) }
      var undo = AccessDraft(name: "Undo revision \(revision)", steps: draft.undo)
      undo.undoes = revision
      return try make(undo, call)
    }.with {
      $0.isLong = true
      $0.replay = { call, id throws(AdminProblem) in try answer(try find(id, call), call) }
    }
  }

  // MARK: Parts

  static func checkOpen(_ draft: AccessDraft) throws(AdminProblem) {
    switch draft.state {
    case .open: return
    case .preparing:
      throw AdminProblem(
        .conflict, "The draft is still being written, or is being discarded.", fix: "Try again in a moment.")
    case .applying:
      throw AdminProblem(
        .conflict, "The draft is being applied.", fix: "`scimd job list` shows the progress of its job.")
    case .applied:
      throw AdminProblem(
        .conflict, "The draft was applied already, as revision \(draft.revision ?? 0).",
        fix: "`scimd access rollback \(draft.revision ?? 0)` drafts what takes it back.")
    }
  }

  /// The number under which the next draft is applied.
  static func nextRevision(_ call: AdminCall) -> Int {
    let revisions = call.directory.administrativeResources(call.type("Draft")).compactMap {
      $0.document?.attributes["revision"]?.integerValue.flatMap { Int(exactly: $0) }
    }
    return 1 + (revisions.max() ?? 0)
  }

  /// By id or revision.
  static func find(
    _ text: String, _ call: AdminCall
  ) throws(AdminProblem) -> (AdministrativeResource, AccessDraft) {
    let type = call.type("Draft")
    let found = call.directory.administrative(type, called: text, by: "revision").whenDurable()
    let byRevision = Int(text).flatMap { revision in
      call.directory.administrative(all: type).whenDurable().first {
        AccessDraft($0.document)?.revision == revision
      }
    }
    guard let resource = found ?? byRevision, let draft = AccessDraft(resource.document) else {
      throw AdminProblem(
        .unknownResource, "There is no draft \"\(text.prefix(64))\" in \(call.directory.name).",
        fix: "`scimd access drafts` shows them.")
    }
    return (resource, draft)
  }

  static func answer(
    _ found: (AdministrativeResource, AccessDraft), _ call: AdminCall, skipped: Int = 0
  ) throws(AdminProblem) -> AdminAnswer {
    guard case .object(var object)? = json(found.0, call) else {
      throw AdminProblem(.dataDamaged, "The draft cannot be read.")
    }
    if skipped > 0 { object["skipped"] = .integer(Int64(skipped)) }
    return AdminAnswer(.object(object)).with(etag: found.0.version)
  }

  private static func json(_ resource: AdministrativeResource, _ call: AdminCall) -> JSONValue? {
    guard let draft = AccessDraft(resource.document) else { return nil }
    var object: JSONObject = ["id": .string(resource.id.text)]
    if let name = draft.name { object["name"] = .string(name) }
    object["state"] = .string(draft.state.rawValue)
    if let revision = draft.revision { object["revision"] = .integer(Int64(revision)) }
    if let undoes = draft.undoes { object["undoes"] = .integer(Int64(undoes)) }
    object["changes"] = .integer(Int64(draft.count))
    if !draft.isLarge { object["steps"] = .array(draft.steps.map(\.json)) }
    if let job = draft.job.flatMap({ JobRunner.job($0.text, in: call.directory) }) {
      object["job"] = job.json
    }
    for (name, text) in [
      ("createdBy", draft.createdBy), ("appliedBy", draft.appliedBy), ("applied", draft.applied?.description),
    ] {
      if let text { object[name] = .string(text) }
    }
    AccessReport.add(resource, to: &object)
    return .object(object)
  }

  static let schema = AdminSchema.object(
    [
      .init("id", .text), .init("name", .text, optional: true),
      .init("state", .choice(AccessDraft.State.allCases.map(\.rawValue))),
      .init("revision", .integer, optional: true), .init("undoes", .integer, optional: true),
      .init("changes", .integer),
      .init("steps", .list(.open([.init("op", .text)])), optional: true),
      .init("job", .named("Job"), optional: true), .init("skipped", .integer, optional: true),
      .init("createdBy", .text, optional: true),
      .init("appliedBy", .text, optional: true), .init("applied", .time, optional: true),
    ] + AccessReport.resourceMembers)
}
