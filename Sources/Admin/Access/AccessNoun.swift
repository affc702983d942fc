import Access
import HTTP
import JSON
import SCIM
import Storage

/// Who may do what, and why.
enum AccessNoun {
  static var routes: [AdminRoute] { [show, explain, who] }

  private static var show: AdminRoute {
    AdminRoute(
      .get, AdminRoute.directory + "/access/{id}", "access", "show", .read,
      "Show what a user may do, with the reason of each right", answers: .json(.named("EffectiveAccess"))
    ) { call throws(AdminProblem) in
      let user = try call.principal(call["id"], isGroup: false, at: "")
      return AdminAnswer(.bytes(try access(of: user.text, call).bytes), "application/json")
    }
  }

  static func access(of user: String, _ call: AdminCall) throws(AdminProblem) -> RenderedAccess {
    let pending = try call.looking { () throws(DirectoryAccess.TooManyGroups) in
      try call.access.access(of: user, isOnLoop: call.isOnLoop, AccessReport.rendered)
    }
    guard let found = try call.value(of: pending) else {
      throw AdminProblem(
        .unknownResource, "There is no User \"\(user.prefix(160))\" in \(call.directory.name).")
    }
    return found
  }

  private static let permission = AdminParameter(
    "permission", .text(maxBytes: 300), "What is to be done, as noun:verb.")
  private static let target = AdminParameter("target", .text(maxBytes: 400), "On what, as kind:value.")

  private static var explain: AdminRoute {
    AdminRoute(
      .get, AdminRoute.directory + "/access/{id}/explain", "access", "explain", .read,
      "Explain why a user may do something, or what is missing", answers: .json(.named("AccessExplanation"))
    ) { call throws(AdminProblem) in
      let user = try call.principal(call["id"], isGroup: false, at: "")
      guard let permission = call.query["permission"], permission.contains(":") else {
        throw AdminProblem(
          .invalidParameter, "permission must be given as noun:verb, such as members:read.", at: "?permission"
        )
      }
      let target = call.query["target"]
      let found = call.access.explain(user.text, permission, on: target).whenDurable()
      guard let found else { throw AdminProblem(.unknownResource, "The user \(user.text) was deleted.") }
      let name = call.directory.displayName(of: user.text) ?? user.text
      return AdminAnswer(
        .bytes(bytes(found, user, name, permission, target)), "application/json")
    }.with { $0.parameters = [permission, target] }
  }

  private static func bytes(
    _ found: AccessExplanation, _ user: ResourceID, _ userName: String, _ permission: String,
    _ target: String?
  ) -> [UInt8] {
    var writer = JSONWriter(capacity: 1024)
    writer.beginObject()
    AccessReport.write(user: user, userName, &writer)
    AccessReport.write("permission", permission, &writer)
    if let target { AccessReport.write("target", target, &writer) }
    writer.name("allowed")
    writer.bool(found.isAllowed)
    AccessReport.write("because", found.because, &writer)
    AccessReport.write("paths", found.paths, &writer)
    AccessReport.write("missing", found.missing, &writer)
    writer.endObject()
    return writer.bytes
  }

  private static var who: AdminRoute {
    AdminRoute(
      .get, AdminRoute.directory + "/holders", "access", "who", .read,
      "List the active users who have a role or a permission", answers: .json(.page(.named("AccessHolder")))
    ) { call throws(AdminProblem) in try holders(call) }.with {
      $0.parameters =
        [
          AdminParameter("role", .text(maxBytes: 300), "Those who have this role, by id or value."),
          permission, target,
        ] + AdminParameter.page
      $0.isLong = true
    }
  }

  private static func holders(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let (role, permission) = (call.query["role"], call.query["permission"])
    guard [role, permission].compactMap({ $0 }).count == 1 else {
      throw AdminProblem(.invalidParameter, "Either role or permission must be given.", at: "?role")
    }
    let wanted = try role.map { text throws(AdminProblem) in try call.role(text) }
    let target = try call.query["target"].map { text throws(AdminProblem) in try call.target(text).id }
    let start = try PageCursor.number(call.query["cursor"]).map { Int(clamping: $0) } ?? 0
    let limit = call.query.integer("limit")
    let page = call.access.examine { evaluation -> (items: [JSONValue], next: Int?)? in
      let roles = wanted.map { [$0] } ?? evaluation.table.roles(permitting: permission ?? "")
      let all = evaluation.holders(of: roles, on: target)
      guard start <= all.count else { return nil }
      let page = all[start...].prefix(limit)
      return (page.map { json($0, evaluation) }, page.endIndex < all.count ? page.endIndex : nil)
    }.whenDurable()
    guard let page else {
      throw AdminProblem(.invalidCursor, "The cursor is not one that this list gave.", at: "?cursor")
    }
    return AdminAnswer(items: page.items, next: page.next.map { PageCursor.text(UInt64($0)) })
  }

  private static func json(_ holder: AccessHolder, _ evaluation: AccessEvaluation) -> JSONValue {
    var object: JSONObject = [
      "user": ["id": .string(holder.user.text), "userName": .string(evaluation.view.name(of: holder.user))],
      "role": .string(holder.role.role.value),
    ]
    if let target = holder.target { object["target"] = .string(target.name) }
    object["via"] = .array(
      holder.via.map { ["id": .string($0.text), "name": .string(evaluation.view.name(of: $0))] })
    object["grant"] = .string(holder.grant.id.text)
    object["since"] = .string(DateTime(milliseconds: holder.since).description)
    if let expires = holder.grant.expires {
      object["expires"] = .string(DateTime(milliseconds: expires).description)
    }
    return .object(object)
  }
}
