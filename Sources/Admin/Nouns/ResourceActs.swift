import Dispatch
import HTTP
import JSON
import Platform
import SCIM
import Storage

/// The operations on the resources of one type in one directory.
struct ResourceActs: Sendable {
  let call: AdminCall
  let type: ResourceType

  var directory: Directory { call.directory }

  /// Accepts the forms of every identity provider, and refuses attributes that no schema defines.
  static let dialect = Dialect(
    profile: Profile.named("entra") ?? .generic, refusesUnknownAttributes: true)

  /// Maximum members in a group's representation; `members` lists them all.
  private static let maxMembersShown = 1000

  // MARK: Names

  /// The resource in the path, by id, userName, e-mail address or displayName; throws 404, or 409 if several match.
  func target(_ scope: NameScope = .present) throws(AdminProblem) -> ResourceOverview {
    guard let found = try find(scope) else {
      let kind = scope == .deleted ? "deleted \(type.name)" : type.name
      throw AdminProblem(
        .unknownResource, "No \(kind) \"\(call["id"].prefix(160))\" exists in \(directory.name).")
    }
    return found
  }

  /// Nil if nothing has the name; throws if several resources have it.
  func find(_ scope: NameScope) throws(AdminProblem) -> ResourceOverview? {
    let found = directory.resources(named: call["id"], type, scope).whenDurable()
    return try NamedResource.only(found, named: call["id"])
  }

  // MARK: Reading

  /// One page of present or deleted resources, with their managers.
  func list() throws(AdminProblem) -> AdminAnswer {
    let limit = call.query.integer("limit")
    if call.query.has("deleted") {
      guard call.query["filter"] == nil else {
        throw AdminProblem(
          .invalidParameter, "Deleted resources cannot be filtered.", at: "?filter",
          fix: "Omit filter or deleted.")
      }
      let start = try PageCursor.deleted(call.query["cursor"])
      let page = directory.deletedResources(type, after: start, limit: limit).whenDurable()
      return AdminAnswer(
        items: managed(page.items).map(\.json),
        next: page.next.map { PageCursor.text($0.seq, then: $0.id.text) })
    }
    let start = try PageCursor.number(call.query["cursor"])
    let filter = try call.query["filter"].map { text throws(AdminProblem) in try self.filter(text) }
    let query = ResourceQuery(
      parts: [.init(type: type, filter: filter, sort: nil)],
      cursor: start.map { .after(CursorPosition(ordinal: $0)) } ?? .first, count: limit,
      base: call.world.base, showsMembers: false)
    let page = try answered { () throws(SCIMError) in try run(query).get() }
    return AdminAnswer(
      items: managed(page.resources.map { ResourceOverview($0) }).map(\.json),
      next: page.next.map { PageCursor.text($0.ordinal) })
  }

  /// Parses a filter; the error points to the parameter.
  private func filter(_ text: String) throws(AdminProblem) -> Filter {
    do throws(SCIMError) {
      var dialect = Self.dialect
      return try FilterBinding(type: type).bind(try FilterParser.parse(text, dialect: &dialect))
    } catch {
      var problem = AdminProblem(error)
      problem.pointer = "?filter"
      throw problem
    }
  }

  /// Runs a query and waits for its result, on the worker of the request.
  private func run(_ query: ResourceQuery) -> Result<ResourcePage, SCIMError> {
    let done = DispatchSemaphore(value: 0)
    let box = Locked<Result<ResourcePage, SCIMError>?>(nil)
    directory.query(query) { pending in
      pending.whenDurable { result in
        box.withLock { $0 = result }
        done.signal()
      }
    }
    done.wait()
    return box.withLock { $0 } ?? .failure(SCIMError(.busy, "The search has no result. Try again."))
  }

  func show() throws(AdminProblem) -> AdminAnswer {
    let target = try target()
    let hasFew = (target.members ?? 0) <= Self.maxMembersShown
    let result = directory.read(type, Array(target.id.utf8)[...], members: hasFew).whenDurable()
    return shown(try answered { () throws(SCIMError) in try result.get() })
  }

  /// The resource in SCIM's form, with `managedBy`.
  private func shown(_ resource: StoredResource, _ status: HTTPStatus = .ok) -> AdminAnswer {
    var bytes: [UInt8] = []
    resource.write(to: &bytes, base: call.world.base, .standard(type))
    appendManager(of: resource, to: &bytes)
    var answer = AdminAnswer(.bytes(bytes), "application/json").with(etag: resource.version)
    answer.status = status
    return answer
  }

  /// Runs `body`, with its errors as problems.
  private func answered<Value>(_ body: () throws(SCIMError) -> Value) throws(AdminProblem) -> Value {
    do throws(SCIMError) { return try body() } catch {
      throw AdminProblem(error, hasOperations: (try? call.json())?["Operations"] != nil)
    }
  }

  // MARK: Writing

  /// Runs a transaction and answers with the resource, when it is on disk.
  private func write(
    _ operation: String, _ status: HTTPStatus = .ok,
    _ body: (inout Transaction) throws(SCIMError) -> ResourceID?
  ) throws(AdminProblem) -> AdminAnswer {
    let result = directory.editNow(call.context(operation), body) { id, edited in
      id.flatMap { edited.resource($0, membersUpTo: Self.maxMembersShown) }
    }.whenDurable()
    guard let resource = try answered({ () throws(SCIMError) in try result.get() }) else {
      throw AdminProblem(.internalError, "The write has no result.")
    }
    return shown(resource, status)
  }

  /// From a resource, or from PATCH operations on an empty one.
  func create() throws(AdminProblem) -> AdminAnswer {
    var json = withoutManager(try call.json())
    if json.objectValue?["schemas"] == nil, var object = json.objectValue, object["Operations"] == nil {
      object["schemas"] = [.string(type.schema.id)]
      json = .object(object)
    }
    let creation = try answered { () throws(SCIMError) in try newResource(json) }
    return try write("CREATE \(type.endpoint)", .created) { tx throws(SCIMError) in try creation.run(&tx) }
  }

  /// Throws if operations select members, because a new group has none.
  private func newResource(_ json: JSONValue) throws(SCIMError) -> ResourceCreation {
    guard json["Operations"] != nil else { return try ResourceCreation(json, as: type, Self.dialect) }
    var budget = WorkBudget(.computed, for: .change)
    let outcome = try ResourcePatch(json, type).request.apply(to: Document(), &budget)
    var members: [String] = []
    for edit in outcome.membership {
      switch edit {
      case .add(let ids): members += ids
      case .replace(let ids): members = ids
      case .remove(let ids): members.removeAll { ids.contains($0) }
      case .selected(_, _, let adding?): members.append(adding)
      case .removeMatching, .selected:
        throw SCIMError(.memberNoMatch, "Members of a group that does not exist yet cannot be selected.")
      }
    }
    return try ResourceCreation(outcome.document, members: members, as: type, outcome.dialect)
  }

  func update() throws(AdminProblem) -> AdminAnswer {
    let json = try call.json()
    let patch = try answered { () throws(SCIMError) in try ResourcePatch(json, type).request }
    return try edit(.modify(patch), "PATCH \(type.endpoint)/{id}")
  }

  /// Sets `active`; 501 for a type without that attribute.
  func activate(_ isActive: Bool) throws(AdminProblem) -> AdminAnswer {
    guard type.attribute(named: "active")?.kind == .boolean else {
      throw AdminProblem(
        .notSupported, "\(type.name) has no attribute \"active\".", fix: "Delete the resource instead.")
    }
    let json: JSONValue = [
      "Operations": [["op": "replace", "path": "active", "value": .bool(isActive)]]
    ]
    let patch = try answered { () throws(SCIMError) in try ResourcePatch(json, type).request }
    return try edit(.modify(patch), "\(isActive ? "REACTIVATE" : "DEACTIVATE") \(type.endpoint)/{id}")
  }

  private func edit(_ edit: ResourceEdit, _ operation: String) throws(AdminProblem) -> AdminAnswer {
    let id = try target().id
    if type.canBeMember {
      try call.checkLosses(with: id, operation) { tx throws(SCIMError) in
        _ = try edit.run(&tx, type, id, ifMatch: call.ifMatch)
      }
    }
    return try write(operation) { tx throws(SCIMError) in
      try edit.run(&tx, type, id, ifMatch: call.ifMatch)
    }
  }

  /// Throws 409 if the resource is not deleted.
  func restore() throws(AdminProblem) -> AdminAnswer {
    guard let id = try find(.deleted)?.id else {
      let present = try target()
      throw AdminProblem(.notDeleted, "\(type.name) \(present.id) is not deleted.")
    }
    return try write("RESTORE \(type.endpoint)/{id}") { tx throws(SCIMError) in try tx.restore(type, id) }
  }

  /// The result of a deletion, as recorded in the deleted resource.
  func deleted() throws(AdminProblem) -> AdminAnswer {
    let target = try target(.deleted)
    let report = DeletionReport(
      id: target.id, type: type.name, name: target.name, groups: target.groups, members: target.members,
      isDryRun: false)
    return AdminAnswer(report.json)
  }

  /// Deletes a resource in one record; a dry run checks it and writes nothing.
  func delete() throws(AdminProblem) -> AdminAnswer {
    let target = try target()
    let isDryRun = call.isDryRun
    let operation = "DELETE \(type.endpoint)/{id}"
    if !isDryRun, type.canBeMember {
      try call.checkLosses(with: target.id, operation) { tx throws(SCIMError) in
        try tx.delete(try tx.resource(type, target.id))
      }
    }
    let context = call.context(operation)
    let body = { [type, call] (tx: inout Transaction) throws(SCIMError) -> DeletionReport in
      let old = try tx.resource(type, target.id)
      try EntityTag.check(call.ifMatch, old.version)
      if !isDryRun { try tx.delete(old) }
      return DeletionReport(
        id: target.id, type: type.name, name: target.name, groups: old.groupCount,
        members: type.hasMembers ? old.memberCount : nil, isDryRun: isDryRun)
    }
    let result = directory.editNow(context, body) { report, _ in report }.whenDurable()
    return AdminAnswer(try answered { () throws(SCIMError) in try result.get() }.json)
  }
}
