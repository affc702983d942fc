import Access
import HTTP
import JSON
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

  /// Removes a role, a target or a grant. If it is in use, or if it is the last of a critical role, only by force.
  static func removed(
    _ call: AdminCall, _ step: AccessStep, _ id: ResourceID, name: String?, type: String, isCritical: Bool,
    _ count: (AccessTable) -> Int
  ) throws(AdminProblem) -> AdminAnswer {
    if isCritical, !call.isForced { try checkLast(call, step) }
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

  /// Throws if nobody would have a critical role any more.
  private static func checkLast(_ call: AdminCall, _ step: AccessStep) throws(AdminProblem) {
    let lost = call.access.examine { $0.lastHolders(lostBy: step) }.whenDurable()
    guard let lost else { return }
    throw AdminProblem(
      .needsForce,
      "The role \"\(lost.role)\" is critical, and its last \(lost.count == 1 ? "holder" : "\(lost.count) holders") would lose it."
    )
  }

  static let removalSchema = AdminSchema.object([.init("id", .text), .init("grants", .integer)])

  // MARK: Effective access

  static func json(_ access: EffectiveAccess) -> JSONValue {
    var object: JSONObject = [
      "user": ["id": .string(access.user.text), "userName": .string(access.userName)],
      "active": .bool(access.isActive),
    ]
    if let role = access.accountRole { object["accountRole"] = .string(role.value) }
    object["roles"] = .array(access.holdings.map(json))
    object["permissions"] = .array(access.permissions.map { .string($0) })
    object["targets"] = .array(
      access.targetPermissions.map { target, permissions in
        ["target": .string(target), "permissions": .array(permissions.map { .string($0) })]
      })
    return .object(object)
  }

  static func json(_ holding: EffectiveAccess.Holding) -> JSONValue {
    var members: [JSONObject.Member] = [
      .init(name: "role", value: .string(holding.role.role.value)),
      .init(name: "kind", value: .string(holding.role.role.kind.rawValue)),
    ]
    if let target = holding.target { members.append(.init(name: "target", value: .string(target.name))) }
    let via = holding.via.map { group -> JSONValue in
      .object(
        JSONObject([
          .init(name: "id", value: .string(group.id.text)), .init(name: "name", value: .string(group.name)),
        ]))
    }
    members.append(.init(name: "via", value: .array(via)))
    members.append(.init(name: "grant", value: .string(holding.grant.id.text)))
    members.append(
      .init(name: "since", value: .string(DateTime(milliseconds: holding.grant.since).description)))
    if let expires = holding.grant.expires {
      members.append(.init(name: "expires", value: .string(DateTime(milliseconds: expires).description)))
    }
    return .object(JSONObject(members))
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
