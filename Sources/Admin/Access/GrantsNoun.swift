import Access
import HTTP
import JSON
import Platform
import SCIM
import Storage

/// Who was given what. The same for administrators, and for IGA tools under `/api/v1`.
enum GrantsNoun {
  private static let root = AdminRoute.directory + "/grants"
  private static let one = root + "/{id}"

  static var routes: [AdminRoute] { routes(root, .read, .write, "grant") }

  /// - Parameter noun: of the commands.
  static func routes(_ root: String, _ read: AdminScope, _ write: AdminScope, _ noun: String) -> [AdminRoute]
  {
    let one = root + "/{id}"
    return [
      AdminRoute(
        .get, root, noun, "list", read,
        "List the grants of a directory, or those of one user, group, role or target",
        answers: .json(.page(.named("Grant")))
      ) { call throws(AdminProblem) in try listed(call) }.with {
        $0.parameters = filters + AdminParameter.page
      },
      AdminRoute(
        .post, root, noun, "create", write, "Give a role to a user or a group",
        answers: .json(.named("Grant"), status: 201)
      ) { call throws(AdminProblem) in try create(call) }.with {
        $0.parameters = [.force]
        $0.body = .json(.named("GrantCreation"))
        $0.replay = { call, id throws(AdminProblem) in try answer(ResourceID(id), call) }
      },
      AdminRoute(.get, one, noun, "show", read, "Show a grant", answers: .json(.named("Grant"))) {
        call throws(AdminProblem) in try answer(try grant(call).id, call)
      },
      AdminRoute(
        .patch, one, noun, "update", write, "Change when a grant ends, or its reason",
        answers: .json(.named("Grant"))
      ) { call throws(AdminProblem) in try update(call) }.with {
        $0.parameters = [.force]
        $0.body = .json(.named("GrantChange"))
        $0.takesIfMatch = true
        $0.replay = { call, id throws(AdminProblem) in try answer(ResourceID(id), call) }
      },
      AdminRoute(
        .delete, one, noun, "delete", write, "Take a grant away", answers: .json(.named("AccessRemoval"))
      ) { call throws(AdminProblem) in try delete(call) }.with {
        $0.parameters = [.force]
        $0.takesIfMatch = true
        $0.replay = AdminAnswer.kept
      },
    ]
  }

  private static let filters = [
    AdminParameter(
      "user", .text(maxBytes: 512), "Only those of this user, by id, userName or e-mail address."),
    AdminParameter("group", .text(maxBytes: 512), "Only those of this group, by id or displayName."),
    AdminParameter("role", .text(maxBytes: 512), "Only those of this role, by id or value."),
    AdminParameter("target", .text(maxBytes: 512), "Only those on this target, by id or kind:value."),
  ]

  // MARK: Reading

  private static func listed(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let table = call.access.table
    let limit = call.query.integer("limit")
    let start = try PageCursor.number(call.query["cursor"])
    guard let chosen = try chosen(call, table) else {
      let page = call.directory.administrative(call.type("Grant"), after: start, limit: limit).whenDurable()
      return AdminAnswer(
        items: jsons(page.items, call, table), next: page.next.map { PageCursor.text($0) })
    }
    let begin = Int(clamping: start ?? 0)
    guard begin <= chosen.count else {
      throw AdminProblem(.invalidCursor, "The cursor is not one that this list gave.", at: "?cursor")
    }
    let page = chosen[begin...].prefix(limit)
    let found = call.directory.administrative(call.type("Grant"), ids: page.map(\.id)).whenDurable()
    return AdminAnswer(
      items: jsons(found, call, table),
      next: page.endIndex < chosen.count ? PageCursor.text(UInt64(page.endIndex)) : nil)
  }

  /// Those that the filters leave; nil without filters.
  private static func chosen(
    _ call: AdminCall, _ table: AccessTable
  ) throws(AdminProblem) -> [AccessTable.GrantEntry]? {
    let role = try call.query["role"].map { text throws(AdminProblem) in try call.role(text).id }
    let target = try call.query["target"].map { text throws(AdminProblem) in try call.target(text).id }
    var principal: ResourceID?
    for (name, isGroup) in [("user", false), ("group", true)] {
      guard let text = call.query[name] else { continue }
      guard principal == nil else {
        throw AdminProblem(.invalidParameter, "user and group cannot be given together.", at: "?\(name)")
      }
      principal = try call.principal(text, isGroup: isGroup, at: "?\(name)")
    }
    let list: [AccessTable.GrantEntry]
    if let principal {
      list = table.grants(of: principal)
    } else if let target {
      list = table.grants(onTarget: target)
    } else if let role {
      list = table.grants(ofRole: role)
    } else {
      return nil
    }
    return list.filter { (role == nil || $0.role == role) && (target == nil || $0.target == target) }
  }

  private static func grant(_ call: AdminCall) throws(AdminProblem) -> AccessTable.GrantEntry {
    guard let grant = ResourceID(call["id"]).flatMap({ call.access.table.grant($0) }) else {
      throw AdminProblem(
        .unknownGrant, "There is no grant \"\(call["id"].prefix(64))\" in \(call.directory.name).")
    }
    return grant
  }

  private static func answer(
    _ id: ResourceID?, _ call: AdminCall, _ status: HTTPStatus = .ok
  ) throws(AdminProblem) -> AdminAnswer {
    guard let id else { throw AdminProblem(.internalError, "The grant has no id.") }
    let found = try call.resource("Grant", id)
    let json = jsons([found], call, call.access.table).first ?? .null
    return AdminAnswer(json, status).with(etag: found.version)
  }

  // MARK: Writing

  private static func create(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let reader = try call.object()
    try reader.allow(
      ["user", "group", "role", "target", "expires", "reason", "onBehalfOf"], of: "a new grant")
    let (user, group) = (try reader.optionalText("user"), try reader.optionalText("group"))
    guard [user, group].compactMap({ $0 }).count == 1, let name = user ?? group else {
      throw AdminProblem(.invalidMember, "Either user or group must be given.", at: "/user")
    }
    let role = try call.role(try reader.text("role"))
    let isGroup = user.map { _ in false } ?? true
    let grant = NewGrant(
      principal: try call.principal(name, isGroup: isGroup, at: isGroup ? "/group" : "/user"),
      isGroup: isGroup, role: role.id.text, target: try reader.optionalText("target"),
      expires: try reader.optionalTime("expires"), reason: try reader.optionalText("reason"),
      origin: call.isOfApplication ? .iga : .manual, grantedBy: call.giver,
      onBehalfOf: try reader.optionalText("onBehalfOf"))
    do throws(AccessError) { try grant.check() } catch { throw AdminProblem(error) }
    try checkProvider(grant, role.role, call)
    let id = try call.write("CREATE /grants") { change, tx throws(AccessFailure) in
      try rights { () throws(SCIMError) in try change.perform(.addGrant(grant), &tx) }
      return change.touched
    }
    return try answer(id, call, .created)
  }

  /// What a provider decides, it must not decide over critical roles, unless an administrator says so.
  private static func checkProvider(
    _ grant: NewGrant, _ role: Role, _ call: AdminCall
  ) throws(AdminProblem) {
    // An application is no administrator, whatever it says.
    guard grant.isGroup, role.isCritical, !call.isForced || call.isOfApplication else { return }
    let id = grant.principal.text
    let manager = call.directory.managers(of: [id]).whenDurable()[id]
    guard manager?.kind == .connection else { return }
    throw AdminProblem(
      .needsForce,
      "The role \"\(role.value)\" is critical, and the members of this group are chosen by the connection "
        + "\(manager?.name ?? manager?.id ?? "that manages it").",
      fix: "Give it to single users, or confirm with force=true (--force).")
  }

  private static func update(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let reader = try call.object()
    try reader.allow(["expires", "reason"], of: "a change of a grant")
    let id = try grant(call).id
    let expires = try reader.optionalTime("expires")
    let reason = try reader.optionalText("reason")
    if let expires { try call.checkLoss(by: .setGrant(id, expires: expires, reason: nil)) }
    try call.write("PATCH /grants/{id}") { change, tx throws(AccessFailure) in
      try rights { () throws(SCIMError) in
        let old = try tx.resource(call.type("Grant"), id.text)
        try EntityTag.check(call.ifMatch, old.version)
        let before = Grant(old.document)
        try change.perform(
          .setGrant(
            id, expires: reader.has("expires") ? expires : before?.expires,
            reason: reader.has("reason") ? reason : before?.reason), &tx)
      }
    }
    return try answer(id, call)
  }

  private static func delete(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let grant = try grant(call)
    return try AccessReport.removed(call, .removeGrant(grant.id), grant.id, name: nil, type: "Grant") { _ in 0
    }
  }

  // MARK: JSON

  private static func jsons(
    _ resources: [AdministrativeResource], _ call: AdminCall, _ table: AccessTable
  ) -> [JSONValue] {
    let now = call.world.environment.now()
    let found = resources.compactMap { resource in Grant(resource.document).map { (resource, $0) } }
    let names = call.directory.look { view in
      (
        Dictionary(found.map { ($0.1.principal, view.name(of: $0.1.principal)) }) { first, _ in first },
        view.last
      )
    }.whenDurable()
    return found.map { resource, grant in
      var object: JSONObject = ["id": .string(resource.id.text)]
      object["principal"] = [
        "type": .string(grant.isGroup ? "Group" : "User"), "id": .string(grant.principal.text),
        "name": .string(names[grant.principal] ?? grant.principal.text),
      ]
      object["role"] = .string(table.roles[grant.role]?.role.value ?? grant.role.text)
      if let target = grant.target { object["target"] = .string(table.targets[target]?.name ?? target.text) }
      if let expires = grant.expires { object["expires"] = .string(expires.description) }
      object["expired"] = .bool(
        grant.expires.map { $0.milliseconds <= now } ?? false || table.drafts.isApplied(grant.endsWith))
      if let draft = grant.draft {
        object["draft"] = .string(draft.text)
        if !table.drafts.isApplied(draft) { object["pending"] = true }
      }
      if let draft = grant.endsWith { object["endsWith"] = .string(draft.text) }
      for (name, text) in [
        ("reason", grant.reason), ("origin", grant.origin.rawValue), ("grantedBy", grant.grantedBy),
        ("onBehalfOf", grant.onBehalfOf),
      ] {
        if let text { object[name] = .string(text) }
      }
      AccessReport.add(resource, to: &object)
      return .object(object)
    }
  }

  static let creationSchema = AdminSchema.object([
    .init("user", .text, optional: true), .init("group", .text, optional: true), .init("role", .text),
    .init("target", .nullable(.text), optional: true), .init("expires", .nullable(.time), optional: true),
    .init("reason", .nullable(.text), optional: true), .init("onBehalfOf", .nullable(.text), optional: true),
  ])

  static let changeSchema = AdminSchema.object([
    .init("expires", .nullable(.time), optional: true), .init("reason", .nullable(.text), optional: true),
  ])

  static let schema = AdminSchema.object(
    [
      .init("id", .text),
      .init("principal", .object([.init("type", .text), .init("id", .text), .init("name", .text)])),
      .init("role", .text), .init("target", .text, optional: true), .init("expires", .time, optional: true),
      .init("expired", .boolean), .init("reason", .text, optional: true),
      .init("origin", .choice(Grant.Origin.allCases.map(\.rawValue))),
      .init("grantedBy", .text, optional: true), .init("onBehalfOf", .text, optional: true),
      .init("draft", .text, optional: true), .init("pending", .boolean, optional: true),
      .init("endsWith", .text, optional: true),
    ] + AccessReport.resourceMembers)
}
