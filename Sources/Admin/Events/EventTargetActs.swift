import Feed
import HTTP
import JSON
import Platform
import SCIM
import Storage

/// What webhooks and streams have in common as resources.
struct EventTargetActs {
  /// How long an old secret or key is good next to the new one.
  static let overlapHours: Int64 = 24

  let kind: EventTargetKind
  let unknown: ProblemCode

  private func type(_ call: AdminCall) -> ResourceType { call.type(kind.rawValue) }

  func all(_ call: AdminCall) -> [AdministrativeResource] {
    call.directory.administrative(all: type(call)).whenDurable()
  }

  func find(_ call: AdminCall) throws(AdminProblem) -> AdministrativeResource {
    let text = call["id"]
    guard let found = call.directory.administrative(type(call), called: text, by: "name").whenDurable() else {
      throw AdminProblem(
        unknown, "No \(kind.noun) \"\(text.prefix(160))\" exists in \(call.directory.name).")
    }
    return found
  }

  /// The master key, of which secrets are made; a command without a server has not opened it yet.
  func openKey(_ call: AdminCall) throws(AdminProblem) {
    do throws(MasterKeyError) { try call.world.masterKeys.open() } catch { throw AdminProblem(error) }
  }

  static func overlapEnd(_ call: AdminCall) -> DateTime {
    DateTime(milliseconds: call.world.environment.now() + overlapHours * 3_600_000)
  }

  /// Before the oldest record that is kept, if the place of a target is older: what is not kept any more is not waited
  /// for again.
  func positionIfLost(_ id: String, start: UInt64, _ call: AdminCall) throws(AdminProblem) -> UInt64? {
    let oldest: UInt64
    do throws(LogError) { oldest = try call.directory.oldestRecord() } catch { throw AdminProblem(error) }
    let position = WebhookNotes(call.directory, kind, id).progress(start: start).position
    return position + 1 < oldest ? oldest - 1 : nil
  }

  // MARK: Changes

  /// The id of the new resource.
  func create(_ document: Document, _ call: AdminCall, atMost limit: Int) throws(AdminProblem) -> String {
    let type = type(call)
    guard call.directory.administrativeResources(type).count < limit else {
      throw AdminProblem(
        .conflict, "A directory has at most \(limit) \(kind.noun)s.", fix: "Delete those that are not used.")
    }
    let id = try write(call, "CREATE /\(kind.noun)s") { tx throws(SCIMError) in
      try tx.create(type, document.ordered(for: type), members: [], skipsUnknown: false)
    }
    return id?.text ?? ""
  }

  /// - Parameter position: where it goes on; nil to leave it where it is.
  func replace(
    _ id: String, _ document: Document, _ call: AdminCall, _ operation: String, moving position: UInt64? = nil
  ) throws(AdminProblem) {
    let type = type(call)
    try write(call, operation) { tx throws(SCIMError) in
      let old = try tx.resource(type, id)
      try EntityTag.check(call.ifMatch, old.version)
      try tx.update(old, document.ordered(for: type), [], skipsUnknown: false)
      if let position { WebhookNotes(call.directory, kind, id).move(to: position, &tx) }
      return old.id
    }
  }

  /// Its place goes with it.
  func delete(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let found = try find(call)
    let prefix = WebhookNotes.prefix(kind, found.id.text)
    let type = type(call)
    try write(call, "DELETE /\(kind.noun)s/{id}") { tx throws(SCIMError) in
      let old = try tx.resource(type, found.id.text)
      try EntityTag.check(call.ifMatch, old.version)
      try tx.delete(old)
      for key in tx.noteKeys(withPrefix: prefix) { tx.note(key, nil) }
      return nil
    }
    call.world.webhooks.attempts.forget(found.id.text)
    return AdminAnswer(["id": .string(found.id.text), "name": found.document.attributes["name"] ?? ""])
  }

  @discardableResult func write(
    _ call: AdminCall, _ operation: String, _ body: (inout Transaction) throws(SCIMError) -> ResourceID?
  ) throws(AdminProblem) -> ResourceID? {
    switch call.directory.write(call.context(operation), body).whenDurable() {
    case .success(let resource): return resource?.id
    case .failure(let error): throw AdminProblem(error)
    }
  }

  // MARK: Calls

  func attempts(_ path: String) -> AdminRoute {
    AdminRoute(
      .get, path + "/attempts", kind.noun, "attempts", .read,
      "List the last calls since the server started, newest first",
      answers: .json(.page(.named("WebhookAttempt")))
    ) { [self] call throws(AdminProblem) in
      let id = try find(call).id.text
      return try AdminAnswer(page: call, of: call.world.webhooks.attempts.last(of: id)) { $0.json }
    }.with { $0.parameters = AdminParameter.page }
  }
}
