import Access
import HTTP
import JSON
import SCIM
import Storage

/// What scoped roles apply to.
enum TargetsNoun {
  private static let root = AdminRoute.directory + "/targets"
  private static let one = root + "/{id}"

  static var routes: [AdminRoute] { [list, create, show, update, delete] }

  private static var list: AdminRoute {
    AdminRoute(
      .get, root, "target", "list", .read, "List the targets of a directory",
      answers: .json(.page(.named("Target")))
    ) { call throws(AdminProblem) in try listed(call) }.with { $0.parameters = AdminParameter.page }
  }

  /// The targets in order of creation.
  static func listed(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    try AccessReport.listed(call, "Target", json)
  }

  private static var create: AdminRoute {
    AdminRoute(
      .post, root, "target", "create", .write, "Create a target",
      answers: .json(.named("Target"), status: 201)
    ) { call throws(AdminProblem) in
      let body = try call.json()
      let target: Target
      do throws(AccessError) { target = try Target(json: body) } catch { throw AdminProblem(error) }
      let id = try call.write("CREATE /targets") { change, tx throws(AccessFailure) in
        if let other = tx.find(call.type("Target"), "name", target.name).first {
          throw .problem(
            AdminProblem(.notUnique, "There is a target \(target.name) already: \(other.text).", at: "/value")
          )
        }
        try rights { () throws(SCIMError) in try change.perform(.putTarget(target), &tx) }
        return change.touched
      }
      return try answer(id, call, .created)
    }.with {
      $0.body = .json(.named("TargetBody"))
      $0.replay = { call, id throws(AdminProblem) in try answer(ResourceID(id), call) }
    }
  }

  private static var show: AdminRoute {
    AdminRoute(.get, one, "target", "show", .read, "Show a target", answers: .json(.named("Target"))) {
      call throws(AdminProblem) in try answer(try call.target(call["id"]).id, call)
    }
  }

  private static var update: AdminRoute {
    AdminRoute(
      .patch, one, "target", "update", .write, "Change what people call a target",
      answers: .json(.named("Target"))
    ) { call throws(AdminProblem) in
      let reader = try call.object()
      try reader.allow(["display"], of: "a change of a target")
      let display = try reader.optionalText("display")
      let entry = try call.target(call["id"])
      let target: Target
      do throws(AccessError) {
        var json = entry.target.json
        json["display"] = display.map { .string($0) }
        target = try Target(json: .object(json))
      } catch { throw AdminProblem(error) }
      try call.write("PATCH /targets/{id}") { change, tx throws(AccessFailure) in
        try rights { () throws(SCIMError) in
          let old = try tx.resource(call.type("Target"), entry.id.text)
          try EntityTag.check(call.ifMatch, old.version)
          try change.perform(.putTarget(target), &tx)
        }
      }
      return try answer(entry.id, call)
    }.with {
      $0.body = .json(.object([.init("display", .nullable(.text), optional: true)]))
      $0.takesIfMatch = true
      $0.replay = { call, id throws(AdminProblem) in try answer(ResourceID(id), call) }
    }
  }

  private static var delete: AdminRoute {
    AdminRoute(
      .delete, one, "target", "delete", .write, "Delete a target; with force=true its grants too",
      answers: .json(.named("AccessRemoval"))
    ) { call throws(AdminProblem) in
      let target = try call.target(call["id"])
      return try AccessReport.removed(
        call, .deleteTarget(target.id.text), target.id, name: target.name, type: "Target"
      ) { $0.allGrantCount(onTarget: target.id) }
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
    try AccessReport.answer(id, call, "Target", status, json)
  }

  private static func json(_ resource: AdministrativeResource, _ table: AccessTable) -> JSONValue? {
    guard let target = table.targets[resource.id]?.target else { return nil }
    var object: JSONObject = ["id": .string(resource.id.text), "name": .string(target.name)]
    object.members += target.json.members
    object["grants"] = .integer(Int64(table.grantCount(onTarget: resource.id)))
    AccessReport.add(resource, to: &object)
    return .object(object)
  }

  static let bodySchema = AdminSchema.object([
    .init("kind", .text), .init("value", .text), .init("display", .nullable(.text), optional: true),
  ])

  static let schema = AdminSchema.object(
    [
      .init("id", .text), .init("name", .text), .init("kind", .text), .init("value", .text),
      .init("display", .text, optional: true), .init("grants", .integer),
    ] + AccessReport.resourceMembers)
}
