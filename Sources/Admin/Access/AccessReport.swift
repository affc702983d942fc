import Access
import HTTP
import JSON
import Platform
import SCIM
import Storage

/// Rights as administrators and applications see them.
enum AccessReport {
  static let resourceMembers: [AdminSchema.Member] = [
    .init("created", .time), .init("modified", .time), .init("version", .text),
  ]

  static func add(_ resource: AdministrativeResource, to object: inout JSONObject) {
    object["created"] = .string(resource.created.description)
    object["modified"] = .string(resource.modified.description)
    object["version"] = .string(resource.version)
  }

  // MARK: Roles and targets

  /// A page of the resources of a type, in order of creation.
  static func listed(
    _ call: AdminCall, _ type: String, _ json: (AdministrativeResource, AccessTable) -> JSONValue?
  ) throws(AdminProblem) -> AdminAnswer {
    let start = try PageCursor.number(call.query["cursor"])
    let page = call.directory.administrative(
      call.type(type), after: start, limit: call.query.integer("limit")
    ).whenDurable()
    let table = call.access.table
    return AdminAnswer(
      items: page.items.compactMap { json($0, table) }, next: page.next.map { PageCursor.text($0) })
  }

  /// One resource of a type, with its version.
  static func answer(
    _ id: ResourceID?, _ call: AdminCall, _ type: String, _ status: HTTPStatus,
    _ json: (AdministrativeResource, AccessTable) -> JSONValue?
  ) throws(AdminProblem) -> AdminAnswer {
    guard let id else { throw AdminProblem(.internalError, "The \(type.lowercased()) has no id.") }
    let found = try call.resource(type, id)
    guard let json = json(found, call.access.table) else {
      throw AdminProblem(.dataDamaged, "The \(type.lowercased()) \(id.text) has no value.")
    }
    return AdminAnswer(json, status).with(etag: found.version)
  }

  // MARK: Removing

  /// Grants that end with a role or target in one request: a few milliseconds of the directory's lock.
  private static let maxGrantsAtOnce = 500

  /// Removes a role, a target or a grant. If it is in use, or if many or the last of its holders would lose a role, only
  /// by force.
  static func removed(
    _ call: AdminCall, _ step: AccessStep, _ id: ResourceID, name: String?, type: String,
    _ count: (AccessTable) -> Int
  ) throws(AdminProblem) -> AdminAnswer {
    try call.checkLoss(by: step)
    let answer = try call.write("DELETE /\(type.lowercased())s/{id}") { change, tx throws(AccessFailure) in
      let grants = count(change.table)
      guard grants == 0 || call.isForced else {
        throw .problem(
          AdminProblem(
            .needsForce,
            "The \(type.lowercased()) \(name ?? id.text) has \(grants) grant\(grants == 1 ? "" : "s"), which would end with it."
          ))
      }
      guard grants <= maxGrantsAtOnce else {
        throw .problem(
          AdminProblem(
            .tooMany,
            "The \(type.lowercased()) has \(grants) grants; at most \(maxGrantsAtOnce) can end with one request.",
            fix: "Leave it out of a file: `scimd role apply --file FILE --force`, or remove grants first."))
      }
      let answer: JSONValue = ["id": .string(id.text), "grants": .integer(Int64(grants))]
      try rights { () throws(SCIMError) in
        let old = try tx.resource(call.type(type), id.text)
        try EntityTag.check(call.ifMatch, old.version)
        try change.perform(step, &tx)
      }
      tx.keptAnswer = answer
      return answer
    }
    return AdminAnswer(answer)
  }

  static let removalSchema = AdminSchema.object([.init("id", .text), .init("grants", .integer)])

  // MARK: Effective access

  /// What a user may do, with the entity tag of it.
  static func rendered(_ access: EffectiveAccess) -> RenderedAccess {
    var writer = JSONWriter(capacity: 256 + access.holdings.count * 256)
    write(access, &writer)
    var hash = SHA256()
    writer.bytes.withUnsafeBytes { hash.update($0) }
    let tag = "\"" + String(hash.finalizeDigest().text.prefix(24)) + "\""
    return RenderedAccess(bytes: writer.bytes, tag: tag)
  }

  private static func write(_ access: EffectiveAccess, _ writer: inout JSONWriter) {
    writer.beginObject()
    write(user: access.user, access.userName, &writer)
    writer.name("active")
    writer.bool(access.isActive)
    if let role = access.accountRole { write("accountRole", role.value, &writer) }
    write("roles", access.holdings, &writer)
    write("permissions", access.permissions, &writer)
    writer.name("targets")
    writer.beginArray()
    for (target, permissions) in access.targetPermissions {
      writer.beginObject()
      write("target", target, &writer)
      write("permissions", permissions, &writer)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }

  static func write(_ name: String, _ text: String, _ writer: inout JSONWriter) {
    writer.name(name)
    writer.string(text)
  }

  static func write(_ name: String, _ texts: [String], _ writer: inout JSONWriter) {
    writer.name(name)
    writer.beginArray()
    for text in texts { writer.string(text) }
    writer.endArray()
  }

  static func write(user id: ResourceID, _ userName: String, _ writer: inout JSONWriter) {
    writer.name("user")
    writer.beginObject()
    write("id", id.text, &writer)
    write("userName", userName, &writer)
    writer.endObject()
  }

  static func write(_ name: String, _ holdings: [EffectiveAccess.Holding], _ writer: inout JSONWriter) {
    writer.name(name)
    writer.beginArray()
    for holding in holdings { write(holding, &writer) }
    writer.endArray()
  }

  private static func write(_ holding: EffectiveAccess.Holding, _ writer: inout JSONWriter) {
    writer.beginObject()
    write("role", holding.role.role.value, &writer)
    write("kind", holding.role.role.kind.rawValue, &writer)
    if let target = holding.target { write("target", target.name, &writer) }
    writer.name("via")
    writer.beginArray()
    for group in holding.via {
      writer.beginObject()
      write("id", group.id.text, &writer)
      write("name", group.name, &writer)
      writer.endObject()
    }
    writer.endArray()
    write("grant", holding.grant.id.text, &writer)
    write("since", DateTime(milliseconds: holding.since).description, &writer)
    if let expires = holding.grant.expires {
      write("expires", DateTime(milliseconds: expires).description, &writer)
    }
    writer.endObject()
  }

  private static let group = AdminSchema.object([.init("id", .text), .init("name", .text)])
  private static let user = AdminSchema.object([.init("id", .text), .init("userName", .text)])

  private static let holding = AdminSchema.object([
    .init("role", .text), .init("kind", .choice(Role.Kind.allCases.map(\.rawValue))),
    .init("target", .text, optional: true), .init("via", .list(group)), .init("grant", .text),
    .init("since", .time), .init("expires", .time, optional: true),
  ])

  static let schema = AdminSchema.object([
    .init("user", user), .init("active", .boolean), .init("accountRole", .text, optional: true),
    .init("roles", .list(holding)), .init("permissions", .list(.text)),
    .init("targets", .list(.object([.init("target", .text), .init("permissions", .list(.text))]))),
  ])

  static let explanationSchema = AdminSchema.object([
    .init("user", user), .init("permission", .text), .init("target", .text, optional: true),
    .init("allowed", .boolean), .init("because", .text), .init("paths", .list(holding)),
    .init("missing", .list(.text)),
  ])

  static let holderSchema = AdminSchema.object([
    .init("user", user), .init("role", .text), .init("target", .text, optional: true),
    .init("via", .list(group)),
    .init("grant", .text), .init("since", .time), .init("expires", .time, optional: true),
  ])
}
