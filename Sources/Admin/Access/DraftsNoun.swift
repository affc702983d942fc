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
      return AdminAnswer(items: page.items.compactMap(json), next: page.next.map { PageCursor.text($0) })
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
          try RightsFileNoun.differences(json, call).map(\.step)
        } ?? []
      steps += try added(reader, call)
      for (index, text) in try reader.texts("remove").enumerated() {
        guard let id = ResourceID(text), call.access.table.grant(id) != nil else {
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
      $0.body = .json(
        .object([
          .init("name", .text, optional: true), .init("file", .named("RightsFile"), optional: true),
          .init("add", .list(RightsFileNoun.grantSchema), optional: true),
          .init("remove", .list(.text), optional: true),
          .init("connections", .list(.text), optional: true),
        ]))
      $0.replay = { call, id throws(AdminProblem) in try answer(try find(id, call)) }
    }
  }

  /// Grants in the form of a file.
  private static func added(_ reader: ObjectReader, _ call: AdminCall) throws(AdminProblem) -> [AccessStep] {
    guard let list = reader.optionalJSON("add") else { return [] }
    let file: RightsFile
    do throws(AccessError) { file = try RightsFile(json: ["grants": list]) } catch {
      throw AdminProblem(error)
    }
    var steps: [AccessStep] = []
    for grant in file.grants ?? [] {
      let id = try call.principal(grant.name, isGroup: grant.isGroup, at: grant.pointer)
      steps.append(.addGrant(grant.given(to: id, by: call.giver)))
    }
    return steps
  }

  private static func make(_ draft: AccessDraft, _ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    guard (1...AccessDraft.maxSteps).contains(draft.steps.count) else {
      throw AdminProblem(
        .invalidMember,
        "The draft has \(draft.steps.count) changes; it must have 1 to \(AccessDraft.maxSteps).")
    }
    guard call.directory.administrativeResources(call.type("Draft")).count < AccessDraft.maxDrafts else {
      throw AdminProblem(.tooMany, "The directory has \(AccessDraft.maxDrafts) drafts. Discard some first.")
    }
    // What cannot be made now is said now.
    _ = try ReviewReport.attempt(draft.steps, call, "REVIEW /drafts", makes: false) { _, _ in }
    var draft = draft
    draft.createdBy = call.giver
    let document = draft.document.ordered(for: call.type("Draft"))
    let id = try call.write("CREATE /drafts") { _, tx throws(AccessFailure) in
      try rights { () throws(SCIMError) in
        try tx.create(call.type("Draft"), document, members: [], skipsUnknown: false)
      }
    }
    var made = try answer(try find(id.text, call))
    made.status = .created
    return made
  }

  private static var show: AdminRoute {
    AdminRoute(.get, one, "access", "show draft", .read, "Show a draft", answers: .json(.named("Draft"))) {
      call throws(AdminProblem) in try answer(try find(call["id"], call))
    }
  }

  private static var delete: AdminRoute {
    AdminRoute(
      .delete, one, "access", "discard", .write, "Discard a draft that is not applied",
      answers: .json(.object([.init("id", .text)]))
    ) { call throws(AdminProblem) in
      let (resource, draft) = try find(call["id"], call)
      guard draft.state == .open else {
        throw AdminProblem(.conflict, "The draft was applied as revision \(draft.revision ?? 0).")
      }
      let answer: JSONValue = ["id": .string(resource.id.text)]
      try call.write("DELETE /drafts/{id}") { _, tx throws(AccessFailure) in
        try rights { () throws(SCIMError) in
          try tx.delete(try tx.resource(call.type("Draft"), resource.id.text))
        }
        tx.keptAnswer = answer
      }
      return AdminAnswer(answer)
    }.with { $0.replay = AdminAnswer.kept }
  }

  private static var review: AdminRoute {
    AdminRoute(
      .get, one + "/review", "access", "review", .read, "Say who would gain and who would lose by a draft",
      answers: .json(.named("AccessReview"))
    ) { call throws(AdminProblem) in
      let (_, draft) = try find(call["id"], call)
      try checkOpen(draft)
      let trial = try ReviewReport.attempt(draft.steps, call, "REVIEW /drafts/{id}", makes: false) { _, _ in }
      return AdminAnswer(ReviewReport.json(trial))
    }.with { $0.isLong = true }
  }

  private static var apply: AdminRoute {
    AdminRoute(
      .post, one + "/apply", "access", "apply", .write, "Carry a draft out as one record",
      answers: .json(.named("Draft"))
    ) { call throws(AdminProblem) in
      let (resource, draft) = try find(call["id"], call)
      try checkOpen(draft)
      let type = call.type("Draft")
      let revision =
        (1
          + (call.directory.administrativeResources(type).compactMap {
            $0.document.flatMap { AccessDraft($0)?.revision }
          }.max() ?? 0))
      let now = DateTime(milliseconds: call.world.environment.now())
      _ = try ReviewReport.attempt(draft.steps, call, "APPLY /drafts/{id}", makes: true) {
        trial, tx throws(SCIMError) in
        let old = try tx.resource(type, resource.id.text)
        try EntityTag.check(call.ifMatch, old.version)
        guard AccessDraft(old.document)?.state == .open else {
          throw SCIMError(status: 409, detail: "The draft was applied meanwhile.")
        }
        var applied = draft
        applied.state = .applied
        applied.revision = revision
        applied.undo = trial.undo
        applied.appliedBy = call.giver
        applied.applied = now
        try tx.update(old, applied.document.ordered(for: type), [], skipsUnknown: false)
      }
      return try answer(try find(resource.id.text, call))
    }.with {
      $0.parameters = [.force]
      $0.takesIfMatch = true
      $0.isLong = true
      $0.replay = { call, _ throws(AdminProblem) in try answer(try find(call["id"], call)) }
    }
  }

  private static var rollback: AdminRoute {
    AdminRoute(
      .post, one + "/rollback", "access", "rollback", .write,
      "Draft what takes an applied draft back, named by its revision or id",
      answers: .json(.named("Draft"), status: 201)
    ) { call throws(AdminProblem) in
      let (_, draft) = try find(call["id"], call)
      guard draft.state == .applied, let revision = draft.revision else {
        throw AdminProblem(.conflict, "The draft is not applied, so there is nothing to take back.")
      }
      var undo = AccessDraft(name: "Undo revision \(revision)", steps: draft.undo)
      undo.undoes = revision
      return try make(undo, call)
    }.with { $0.replay = { call, id throws(AdminProblem) in try answer(try find(id, call)) } }
  }

  // MARK: Parts

  private static func checkOpen(_ draft: AccessDraft) throws(AdminProblem) {
    guard draft.state == .open else {
      throw AdminProblem(
        .conflict, "The draft was applied already, as revision \(draft.revision ?? 0).",
        fix: "`scimd access rollback \(draft.revision ?? 0)` drafts what takes it back.")
    }
  }

  /// By id or revision.
  private static func find(
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

  private static func answer(
    _ found: (AdministrativeResource, AccessDraft)
  ) throws(AdminProblem) -> AdminAnswer {
    guard let json = json(found.0) else { throw AdminProblem(.dataDamaged, "The draft cannot be read.") }
    return AdminAnswer(json).with(etag: found.0.version)
  }

  private static func json(_ resource: AdministrativeResource) -> JSONValue? {
    guard let draft = AccessDraft(resource.document) else { return nil }
    var object: JSONObject = ["id": .string(resource.id.text)]
    if let name = draft.name { object["name"] = .string(name) }
    object["state"] = .string(draft.state.rawValue)
    if let revision = draft.revision { object["revision"] = .integer(Int64(revision)) }
    if let undoes = draft.undoes { object["undoes"] = .integer(Int64(undoes)) }
    object["steps"] = .array(draft.steps.map(\.json))
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
      .init("steps", .list(.open([.init("op", .text)]))), .init("createdBy", .text, optional: true),
      .init("appliedBy", .text, optional: true), .init("applied", .time, optional: true),
    ] + AccessReport.resourceMembers)
}
