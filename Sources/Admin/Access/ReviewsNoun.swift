import Access
import HTTP
import JSON
import Platform
import SCIM
import Storage

/// Reviews of who has what (access certification): grants that a reviewer approves or revokes until a day.
enum ReviewsNoun {
  private static let root = AdminRoute.directory + "/reviews"
  static let one = root + "/{id}"

  static var routes: [AdminRoute] { [list, create, show, decide, close, export] }

  private static var list: AdminRoute {
    AdminRoute(
      .get, root, "review", "list", .read, "List the reviews of a directory",
      answers: .json(.page(.named("Review")))
    ) { call throws(AdminProblem) in
      let start = try PageCursor.number(call.query["cursor"])
      let page = call.directory.administrative(
        call.type("Review"), after: start, limit: call.query.integer("limit")
      ).whenDurable()
      return AdminAnswer(
        items: page.items.compactMap { resource in
          AccessCampaign(resource.document).map { json(resource, $0, call, nil) }
        }, next: page.next.map { PageCursor.text($0) })
    }.with { $0.parameters = AdminParameter.page }
  }

  // MARK: Opening

  private static var create: AdminRoute {
    AdminRoute(
      .post, root, "review", "create", .write, "Open a review of all grants, or of some",
      answers: .json(.named("Review"), status: 201)
    ) { call throws(AdminProblem) in
      let reader = try call.object()
      try reader.allow(["name", "due", "role", "target", "user", "group"], of: "a new review")
      let name = try reader.text("name")
      guard (1...200).contains(name.utf8.count), ResourceID(name) == nil else {
        throw AdminProblem(
          .invalidMember, "name must have 1 to 200 bytes, and must not be a UUID.", at: "/name")
      }
      let (grants, scope) = try chosen(reader, call)
      guard (1...AccessCampaign.maxGrants).contains(grants.count) else {
        throw AdminProblem(
          .tooMany,
          "The review would have \(grants.count) grants; it must have 1 to \(AccessCampaign.maxGrants).",
          fix: "Choose by role, target, user or group.")
      }
      guard call.directory.administrativeResources(call.type("Review")).count < AccessCampaign.maxCampaigns
      else {
        throw AdminProblem(
          .tooMany, "The directory has \(AccessCampaign.maxCampaigns) reviews, the most it can have.")
      }
      var campaign = AccessCampaign(name: name, grants: grants)
      campaign.due = try reader.optionalTime("due")
      if let due = campaign.due, due.milliseconds <= call.world.environment.now() {
        throw AdminProblem(.invalidMember, "due: \(due) is in the past.", at: "/due")
      }
      campaign.scope = scope
      campaign.createdBy = call.giver
      let document = campaign.document.ordered(for: call.type("Review"))
      let id = try call.write("CREATE /reviews") { _, tx throws(AccessFailure) in
        if let other = tx.find(call.type("Review"), "name", name).first {
          throw .problem(
            AdminProblem(.notUnique, "There is a review \"\(name)\" already: \(other.text).", at: "/name"))
        }
        return try rights { () throws(SCIMError) in
          try tx.create(call.type("Review"), document, members: [], skipsUnknown: false)
        }
      }
      return try answer(id.text, call, .created)
    }.with {
      $0.body = .json(.named("ReviewCreation"))
      $0.replay = { call, id throws(AdminProblem) in try answer(id, call) }
    }
  }

  /// The grants that hold and that the members choose, the oldest first.
  private static func chosen(
    _ reader: ObjectReader, _ call: AdminCall
  ) throws(AdminProblem) -> ([ResourceID], scope: String) {
    let table = call.access.table
    let role = try reader.optionalText("role").map { text throws(AdminProblem) in try call.role(text) }
    let target = try reader.optionalText("target").map { text throws(AdminProblem) in try call.target(text) }
    let (user, group) = (try reader.optionalText("user"), try reader.optionalText("group"))
    guard [user, group].compactMap({ $0 }).count < 2 else {
      throw AdminProblem(.invalidMember, "user and group cannot be given together.", at: "/group")
    }
    var principal: ResourceID?
    if let user { principal = try call.principal(user, isGroup: false, at: "/user") }
    if let group { principal = try call.principal(group, isGroup: true, at: "/group") }
    let now = call.world.environment.now()
    let roles = role.map { [$0] } ?? Array(table.roles.values)
    let grants = roles.flatMap { table.grants(ofRole: $0.id) }.filter { grant in
      table.holds(grant, at: now) && (target.map { grant.target == $0.id } ?? true)
        && (principal.map { grant.principal == $0 } ?? true)
    }
    let words = [
      role.map { "role \($0.role.value)" }, target.map { "target \($0.name)" }, user.map { "user \($0)" },
      group.map { "group \($0)" },
    ].compactMap { $0 }
    return (
      grants.sorted { ($0.since, $0.id) < ($1.since, $1.id) }.map(\.id),
      words.isEmpty ? "all grants" : words.joined(separator: ", ")
    )
  }

  // MARK: Reading

  private static var show: AdminRoute {
    AdminRoute(
      .get, one, "review", "show", .read, "Show a review and its grants with what was decided",
      answers: .json(.named("Review"))
    ) { call throws(AdminProblem) in
      let (resource, campaign) = try find(call["id"], call)
      let start = try PageCursor.number(call.query["cursor"]).map { Int(clamping: $0) } ?? 0
      guard start <= campaign.grants.count else {
        throw AdminProblem(.invalidCursor, "The cursor does not belong to this list.", at: "?cursor")
      }
      let all = ReviewItem.all(campaign.grants, of: resource.id, call)
      let page = all[start...].prefix(call.query.integer("limit"))
      var object = json(resource, campaign, call, all).objectValue ?? JSONObject()
      let table = call.access.table
      object["items"] = .array(
        call.directory.look { view in (page.map { $0.json(table, view.name) }, view.last) }.whenDurable())
      if page.endIndex < all.count { object["next"] = .string(PageCursor.text(UInt64(page.endIndex))) }
      return AdminAnswer(.object(object)).with(etag: resource.version)
    }.with {
      $0.parameters = AdminParameter.page
      $0.isLong = true
    }
  }

  private static var export: AdminRoute {
    AdminRoute(
      .get, one + "/export", "review", "export", .read,
      "Export who had what when the review was opened, with what was decided",
      answers: .lines("application/x-ndjson")
    ) { call throws(AdminProblem) in
      let (resource, campaign) = try find(call["id"], call)
      let format = call.query["format"].flatMap(RightsLines.Format.init) ?? .ndjson
      let access = try AccessExportNoun.access(call, at: resource.created.milliseconds)
      let items = ReviewItem.all(campaign.grants, of: resource.id, call)
      return AdminAnswer(
        .stream(ReviewExport.lines(campaign.name, items, access, format)),
        format == .csv ? "text/csv; charset=utf-8" : "application/x-ndjson")
    }.with {
      $0.parameters = [AccessExportNoun.format]
      $0.isLong = true
    }
  }

  // MARK: Parts

  /// By id or name.
  static func find(
    _ text: String, _ call: AdminCall
  ) throws(AdminProblem) -> (AdministrativeResource, AccessCampaign) {
    let found = call.directory.administrative(call.type("Review"), called: text, by: "name").whenDurable()
    guard let found, let campaign = AccessCampaign(found.document) else {
      throw AdminProblem(
        .unknownResource, "There is no review \"\(text.prefix(160))\" in \(call.directory.name).",
        fix: "`scimd review list` shows them.")
    }
    return (found, campaign)
  }

  static func answer(
    _ text: String, _ call: AdminCall, _ status: HTTPStatus = .ok
  ) throws(AdminProblem) -> AdminAnswer {
    let (resource, campaign) = try find(text, call)
    let items = ReviewItem.all(campaign.grants, of: resource.id, call)
    return AdminAnswer(json(resource, campaign, call, items), status).with(etag: resource.version)
  }

  /// - Parameter items: nil in a list, which counts no decisions.
  private static func json(
    _ resource: AdministrativeResource, _ campaign: AccessCampaign, _ call: AdminCall, _ items: [ReviewItem]?
  ) -> JSONValue {
    var object: JSONObject = ["id": .string(resource.id.text), "name": .string(campaign.name)]
    object["state"] = .string(campaign.state.rawValue)
    if let due = campaign.due { object["due"] = .string(due.description) }
    if let reminded = campaign.reminded { object["reminded"] = .string(reminded.description) }
    object["overdue"] = .bool(campaign.isOverdue(at: call.world.environment.now()))
    if let scope = campaign.scope { object["scope"] = .string(scope) }
    object["grants"] = .integer(Int64(campaign.grants.count))
    if let items {
      for (name, verdict) in [("approved", AccessDecision.Verdict.approve), ("revoked", .revoke)] {
        object[name] = .integer(Int64(items.count { $0.decision?.verdict == verdict }))
      }
      object["undecided"] = .integer(Int64(items.count(where: \.isOpen)))
    }
    for (name, text) in [
      ("createdBy", campaign.createdBy), ("closedBy", campaign.closedBy),
      ("closed", campaign.closed?.description),
    ] {
      if let text { object[name] = .string(text) }
    }
    AccessReport.add(resource, to: &object)
    return .object(object)
  }

  static let creationSchema = AdminSchema.object([
    .init("name", .text), .init("due", .nullable(.time), optional: true),
    .init("role", .text, optional: true),
    .init("target", .text, optional: true), .init("user", .text, optional: true),
    .init("group", .text, optional: true),
  ])

  static let decisionsSchema = AdminSchema.object([
    .init(
      "decisions",
      .list(
        .object([
          .init("grant", .text),
          .init("decision", .choice(AccessDecision.Verdict.allCases.map(\.rawValue))),
          .init("comment", .nullable(.text), optional: true),
        ])))
  ])

  static let schema = AdminSchema.object(
    [
      .init("id", .text), .init("name", .text),
      .init("state", .choice(AccessCampaign.State.allCases.map(\.rawValue))),
      .init("due", .time, optional: true), .init("reminded", .time, optional: true),
      .init("overdue", .boolean), .init("scope", .text, optional: true), .init("grants", .integer),
      .init("approved", .integer, optional: true), .init("revoked", .integer, optional: true),
      .init("undecided", .integer, optional: true), .init("createdBy", .text, optional: true),
      .init("closedBy", .text, optional: true), .init("closed", .time, optional: true),
      .init("items", .list(.named("ReviewItem")), optional: true), .init("next", .text, optional: true),
    ] + AccessReport.resourceMembers)
}
