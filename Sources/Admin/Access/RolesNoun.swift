import Access
import HTTP
import JSON
import SCIM
import Storage

/// What users can have.
enum RolesNoun {
  private static let root = AdminRoute.directory + "/roles"
  private static let one = root + "/{id}"

  static var routes: [AdminRoute] { [list, create, show, update, delete] }

  private static var list: AdminRoute {
    AdminRoute(
      .get, root, "role", "list", .read, "List the roles of a directory",
      answers: .json(.page(.named("Role")))
    ) { call throws(AdminProblem) in try listed(call) }.with { $0.parameters = AdminParameter.page }
  }

  /// The roles in order of creation.
  static func listed(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    try AccessReport.listed(call, "Role", json)
  }

  private static var create: AdminRoute {
    AdminRoute(
      .post, root, "role", "create", .write, "Create a role", answers: .json(.named("Role"), status: 201)
    ) { call throws(AdminProblem) in
      let body = try call.json()
      let role: Role
      do throws(AccessError) { role = try Role(json: body) } catch { throw AdminProblem(error) }
      let id = try call.write("CREATE /roles") { change, tx throws(AccessFailure) in
        if let other = tx.find(call.type("Role"), "value", role.value).first {
          throw .problem(
            AdminProblem(
              .notUnique, "There is a role \"\(role.value)\" already: \(other.text).", at: "/value"))
        }
        try rights { () throws(SCIMError) in try change.perform(.putRole(role), &tx) }
        return change.touched
      }
      return try answer(id, call, .created)
    }.with {
      $0.body = .json(.named("RoleBody"))
      $0.replay = { call, id throws(AdminProblem) in try answer(ResourceID(id), call) }
    }
  }

  private static var show: AdminRoute {
    AdminRoute(.get, one, "role", "show", .read, "Show a role", answers: .json(.named("Role"))) {
      call throws(AdminProblem) in try answer(try call.role(call["id"]).id, call)
    }
  }

  private static var update: AdminRoute {
    AdminRoute(
      .patch, one, "role", "update", .write, "Change the members of a role that are given",
      answers: .json(.named("Role"))
    ) { call throws(AdminProblem) in
      let body = try call.json()
      let id = try call.role(call["id"]).id
      try call.write("PATCH /roles/{id}") { change, tx throws(AccessFailure) in
        let old = try rights { () throws(SCIMError) in
          let old = try tx.resource(call.type("Role"), id.text)
          try EntityTag.check(call.ifMatch, old.version)
          return old
        }
        guard var role = change.table.roles[old.id]?.role else {
          throw .problem(AdminProblem(.unknownRole, "The role \(id.text) was removed."))
        }
        do throws(AccessError) { try role.change(body) } catch { throw .problem(AdminProblem(error)) }
        try rights { () throws(SCIMError) in try change.perform(.setRole(id, role), &tx) }
      }
      return try answer(id, call)
    }.with {
      $0.body = .json(.named("RoleBody"))
      $0.takesIfMatch = true
      $0.replay = { call, id throws(AdminProblem) in try answer(ResourceID(id), call) }
    }
  }

  private static var delete: AdminRoute {
    AdminRoute(
      .delete, one, "role", "delete", .write, "Delete a role; with force=true its grants too",
      answers: .json(.named("AccessRemoval"))
    ) { call throws(AdminProblem) in
      let role = try call.role(call["id"])
      return try AccessReport.removed(
        call, .deleteRole(role.id.text), role.id, name: role.role.value, type: "Role"
      ) { $0.allGrantCount(ofRole: role.id) }
    }.with {
      $0.parameters = [.force]
      $0.takesIfMatch = true
      $0.replay = AdminAnswer.kept
    }
  }

  // MARK: Parts

  private static func answer(
    _ id: ResourceID?, _ call: AdminCall, _ status: HTTPStatus = .ok
  ) throws(AdminProblem) -> AdminAnswer {
    try AccessReport.answer(id, call, "Role", status, json)
  }

  private static func json(_ resource: AdministrativeResource, _ table: AccessTable) -> JSONValue? {
    guard let role = table.roles[resource.id]?.role else { return nil }
    var object: JSONObject = ["id": .string(resource.id.text)]
    object.members += role.json.members
    object["grants"] = .integer(Int64(table.grantCount(ofRole: resource.id)))
    AccessReport.add(resource, to: &object)
    return .object(object)
  }

  static let bodySchema = AdminSchema.object([
    .init("value", .text, optional: true), .init("display", .nullable(.text), optional: true),
    .init("description", .nullable(.text), optional: true),
    .init("kind", .choice(Role.Kind.allCases.map(\.rawValue)), optional: true),
    .init("permissions", .list(.text), optional: true), .init("rank", .integer, optional: true),
    .init("requestable", .boolean, optional: true), .init("critical", .boolean, optional: true),
  ])

  static let schema = AdminSchema.object(
    [
      .init("id", .text), .init("value", .text), .init("display", .text, optional: true),
      .init("description", .text, optional: true), .init("kind", .choice(Role.Kind.allCases.map(\.rawValue))),
      .init("permissions", .list(.text)), .init("rank", .integer), .init("requestable", .boolean),
      .init("critical", .boolean), .init("grants", .integer),
    ] + AccessReport.resourceMembers)
}
