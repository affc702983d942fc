import HTTP
import SCIM
import Storage

/// Administration of users, groups, and all resources by the name of their type.
struct ResourceNoun: Sendable {
  /// The noun of the commands.
  let noun: String
  /// The path after the directory, such as `/users`.
  let collection: String
  /// Nil if the path names the type.
  let isOwnType: (@Sendable (ResourceType) -> Bool)?

  static let all = [
    ResourceNoun(noun: "user", collection: "/users", isOwnType: \.hasGroups),
    ResourceNoun(noun: "group", collection: "/groups", isOwnType: \.hasMembers),
    ResourceNoun(noun: "resource", collection: "/resources/{type}", isOwnType: nil),
  ]

  private var plural: String { noun + "s" }
  private var root: String { AdminRoute.directory + collection }
  private var one: String { root + "/{id}" }

  var routes: [AdminRoute] {
    let activation = noun == "group" ? [] : [activate(true), activate(false)]
    return [list, create, show, update, delete, restore, erase, history] + activation
  }

  /// A route whose handler works on the resources of its type.
  private func route(
    _ method: HTTPMethod, _ template: String, _ verb: String, _ scope: AdminScope, _ summary: String,
    answers success: AdminRoute.Success,
    _ handle: @escaping @Sendable (ResourceActs) throws(AdminProblem) -> AdminAnswer
  ) -> AdminRoute {
    AdminRoute(method, template, noun, verb, scope, summary, answers: success) {
      [isOwnType] call throws(AdminProblem) in
      try handle(ResourceActs(call: call, type: try Self.type(of: call, isOwnType)))
    }
  }

  /// Throws 404 for a type that the catalog does not have.
  private static func type(
    of call: AdminCall, _ isOwn: (@Sendable (ResourceType) -> Bool)?
  ) throws(AdminProblem) -> ResourceType {
    let catalog = call.directory.catalog
    if let isOwn {
      guard let type = catalog.types.first(where: isOwn) else {
        throw AdminProblem(.unknownType, "This server has no such resource type.")
      }
      return type
    }
    guard let type = catalog.type(called: call["type"]) else {
      throw AdminProblem(
        .unknownType, "The resource type \"\(call["type"].prefix(64))\" does not exist.",
        fix: "Use one of \(catalog.types.map(\.name).joined(separator: ", ")).")
    }
    return type
  }

  private static let resource = AdminRoute.Success.json(.named("Resource"))

  private var list: AdminRoute {
    route(
      .get, root, "list", .read, "List \(plural), or deleted \(plural)",
      answers: .json(.page(.named("ResourceOverview")))
    ) { acts throws(AdminProblem) in try acts.list() }
    .with {
      $0.parameters =
        [
          AdminParameter("filter", .text(maxBytes: 8192), "A SCIM filter (RFC 7644, 3.4.2.2)."),
          AdminParameter("deleted", .flag, "List the deleted \(plural) that can be restored."),
        ] + AdminParameter.page
    }
  }

  private var create: AdminRoute {
    route(
      .post, root, "create", .write, "Create a \(noun), from a resource or from PATCH operations",
      answers: .json(.named("Resource"), status: 201)
    ) { acts throws(AdminProblem) in try acts.create() }
    .with {
      $0.body = .json(.either([.named("Resource"), .named("PatchOp")]))
      $0.replay = shown
    }
  }

  private var show: AdminRoute {
    route(.get, one, "show", .read, "Show a \(noun)", answers: Self.resource) {
      acts throws(AdminProblem) in try acts.show()
    }
  }

  private var update: AdminRoute {
    route(.patch, one, "update", .write, "Change a \(noun) by PATCH operations", answers: Self.resource) {
      acts throws(AdminProblem) in try acts.update()
    }.with {
      $0.parameters = [.force]
      $0.body = .json(.named("PatchOp"))
      $0.takesIfMatch = true
      $0.replay = shown
    }
  }

  /// A repeated request is answered from the deleted resource.
  private var delete: AdminRoute {
    route(
      .delete, one, "delete", .write, "Delete a \(noun), which can be restored for a while",
      answers: .json(.named("DeletionReport"))
    ) { acts throws(AdminProblem) in try acts.delete() }
    .with {
      $0.parameters = [.force]
      $0.takesIfMatch = true
      $0.takesDryRun = true
      $0.replay = { [isOwnType] call, id throws(AdminProblem) in
        try ResourceActs(call: call.at(id), type: try Self.type(of: call, isOwnType)).deleted()
      }
    }
  }

  /// Answers a repeated request with the resource as it is now.
  private var shown: AdminRoute.Replay {
    { [isOwnType] call, id throws(AdminProblem) in
      try ResourceActs(call: call.at(id), type: try Self.type(of: call, isOwnType)).show()
    }
  }

  private var restore: AdminRoute {
    route(
      .post, one + "/restore", "restore", .write, "Restore a deleted \(noun) under the same id",
      answers: Self.resource
    ) { acts throws(AdminProblem) in try acts.restore() }
    .with { $0.replay = shown }
  }

  /// A repeated request searches the files again, because the first one may not have reached all.
  private var erase: AdminRoute {
    route(
      .post, one + "/erase", "erase", .erase, "Erase a \(noun) permanently, including its history",
      answers: .json(.named("ErasureReport"))
    ) { acts throws(AdminProblem) in try acts.erase() }
    .with {
      $0.parameters = [.force]
      $0.takesDryRun = true
      $0.isLong = true
      $0.replay = { [isOwnType] call, id throws(AdminProblem) in
        try ResourceActs(call: call.at(id), type: try Self.type(of: call, isOwnType)).erased()
      }
    }
  }

  private var history: AdminRoute {
    route(
      .get, one + "/history", "history", .read, "Show what happened to a \(noun), when, and by whom",
      answers: .json(ResourceActs.historySchema)
    ) { acts throws(AdminProblem) in try acts.history() }
    .with {
      $0.parameters = AdminParameter.page
      $0.isLong = true
    }
  }

  private func activate(_ isActive: Bool) -> AdminRoute {
    let verb = isActive ? "reactivate" : "deactivate"
    return route(
      .post, one + "/" + verb, verb, .write, "Set `active` of a \(noun) to \(isActive)",
      answers: Self.resource
    ) { acts throws(AdminProblem) in try acts.activate(isActive) }
    .with {
      $0.parameters = [.force]
      $0.takesIfMatch = true
      $0.replay = shown
    }
  }
}
