import Credentials
import HTTP
import SCIM
import Storage

/// The connections of a directory to identity providers.
enum ConnectionsNoun {
  private static let root = AdminRoute.directory + "/connections"
  private static let one = root + "/{id}"

  static var routes: [AdminRoute] { [list, create, show, update, setPaused(true), setPaused(false)] }

  private static var list: AdminRoute {
    AdminRoute(
      .get, root, "connection", "list", .read, "List the connections of a directory",
      answers: .json(.page(.named("Connection")))
    ) { call throws(AdminProblem) in
      let all = call.directory.administrative(all: type(call)).whenDurable()
      return try AdminAnswer(page: call, of: all) { report($0, call)?.json }
    }.with { $0.parameters = AdminParameter.page }
  }

  /// Checks the key first, because it needs the ceiling of the caller; connection and key are then one record.
  private static var create: AdminRoute {
    AdminRoute(
      .post, root, "connection", "create", .write,
      "Set up an identity provider; the secret of its first key is shown only once",
      answers: .json(.named("Connection"), status: 201)
    ) { call throws(AdminProblem) in
      let creation = try ConnectionCreation(try call.object())
      var key = NewKey(
        name: creation.name, description: "Created with the connection", directory: call["directory"],
        expires: creation.expires)
      key.scopes = try KeysNoun.scopes(creation.scopes) ?? .scim
      key.networks = try DirectoryChange.networks(creation.networks, at: "/networks")
      var description = ConnectionDescription(
        name: creation.name, description: creation.description, provider: creation.provider)
      description.assignableRoles = creation.assignableRoles
      description.isHeldBack = call.directory.description.policies.roleReview == .draft
      let made: (connection: ResourceID, key: CreatedKey)
      do throws(MemberError) {
        let checked = try KeyAdministration(call.world.store, call.world.keys).check(key, call.caller.ceiling)
        key.expires = checked.map { .at($0) } ?? .never
      } catch {
        throw AdminProblem(error)
      }
      let takeOver = try creation.replaces.map { old throws(AdminProblem) in
        try TakeOver(from: old, users: nil, call)
      }
      if let takeOver, !call.isForced {
        try AdminCall.refuse(takeOver.losses(toHeldBack: description.isHeldBack, call))
      }
      let context = call.context("CREATE /connections")
      do throws(KeyAdministrationError) {
        made = try administration(call).create(
          description, in: call.directory, key: key, context,
          also: takeOver.map { takeOver in
            RecordAddition { (tx, id) throws(SCIMError) in
              _ = try takeOver.begin(to: id, named: creation.name, context.actor.command, &tx)
            }
          })
      } catch {
        throw KeysNoun.problem(error)
      }
      call.world.jobs.wake()
      return try answer(made.connection.text, call, .created, secret: made.key.secret)
    }.with {
      $0.body = .json(.named("ConnectionCreation"))
      $0.parameters = [.force]
      $0.replay = KeysNoun.secretShownOnce
    }
  }

  private static var show: AdminRoute {
    AdminRoute(
      .get, one, "connection", "show", .read, "Show a connection, its keys, and how much it manages",
      answers: .json(.named("Connection"))
    ) { call throws(AdminProblem) in try answer(call["id"], call) }.with { $0.reach = .path("id") }
  }

  private static var update: AdminRoute {
    AdminRoute(
      .patch, one, "connection", "update", .write, "Change the name, provider or description of a connection",
      answers: .json(.named("Connection"))
    ) { call throws(AdminProblem) in
      let change = try ConnectionChange(try call.object())
      let id = try find(call["id"], call).id
      do throws(KeyAdministrationError) {
        try administration(call).change(
          id, in: call.directory, ifMatch: call.ifMatch, call.context("PATCH /connections/{id}")
        ) { change.apply(to: &$0) }
      } catch {
        throw KeysNoun.problem(error)
      }
      return try answer(id.text, call)
    }.with {
      $0.body = .json(.named("ConnectionChange"))
      $0.takesIfMatch = true
      $0.replay = { call, id throws(AdminProblem) in try answer(id, call) }
    }
  }

  /// Pausing a paused connection, or resuming an active one, succeeds too.
  private static func setPaused(_ isPaused: Bool) -> AdminRoute {
    let verb = isPaused ? "pause" : "resume"
    return AdminRoute(
      .post, one + "/" + verb, "connection", verb, .write,
      isPaused
        ? "Answer the requests of a connection with 503 until it is resumed"
        : "Accept the requests of a connection again",
      answers: .json(.named("Connection"))
    ) { call throws(AdminProblem) in
      let id = try find(call["id"], call).id
      do throws(KeyAdministrationError) {
        try administration(call).set(
          id, paused: isPaused, in: call.directory, ifMatch: call.ifMatch,
          call.context("\(verb.uppercased()) /connections/{id}"))
      } catch {
        throw KeysNoun.problem(error)
      }
      return try answer(id.text, call)
    }.with {
      $0.takesIfMatch = true
      $0.replay = { call, id throws(AdminProblem) in try answer(id, call) }
    }
  }

  // MARK: Parts

  private static func administration(_ call: AdminCall) -> ConnectionAdministration {
    ConnectionAdministration(call.world.store, call.world.keys)
  }

  private static func type(_ call: AdminCall) -> ResourceType {
    call.world.store.system.administrativeType("Connection")
  }

  /// The connection that a text names, by id or name.
  static func find(
    _ text: String, _ call: AdminCall
  ) throws(AdminProblem) -> AdministrativeResource {
    try find(text, call, in: call.directory)
  }

  static func find(
    _ text: String, _ call: AdminCall, in directory: Directory
  ) throws(AdminProblem) -> AdministrativeResource {
    guard let found = directory.administrative(type(call), called: text, by: "name").whenDurable() else {
      throw AdminProblem(
        .unknownConnection, "No connection \"\(text.prefix(160))\" exists in \(directory.name).")
    }
    return found
  }

  /// The connection with its keys; nil if the resource has no name.
  private static func report(_ resource: AdministrativeResource, _ call: AdminCall) -> ConnectionReport? {
    var report = ConnectionReport(resource, in: call.directory.name, call.world)
    report?.keys = call.world.keys.keys(of: call.directory.name)
      .filter { $0.connection == resource.id }
      .map { KeyReport($0, world: call.world) }
    return report
  }

  /// The connection with its keys, counts and ignored attributes; with the secret right after its creation.
  private static func answer(
    _ name: String, _ call: AdminCall, _ status: HTTPStatus = .ok, secret: String? = nil
  ) throws(AdminProblem) -> AdminAnswer {
    let found = try find(name, call)
    guard var report = report(found, call) else {
      throw AdminProblem(.dataDamaged, "The connection \(found.id.text) has no name.")
    }
    let counts = call.directory.managedCounts(by: found.id).whenDurable()
    func count(_ isIt: (ResourceType) -> Bool) -> Int {
      call.directory.catalog.types.first(where: isIt).flatMap { counts[$0.name] } ?? 0
    }
    report.users = count(\.hasGroups)
    report.groups = count(\.hasMembers)
    report.ignored = call.directory.unkept(by: found.id).whenDurable().items.map { IgnoredAttribute($0) }
    report.steps = call.world.steps.steps(of: found.id).map { ConnectionStep($0) }
    report.baseURL = call.world.base
    report.key = secret
    return AdminAnswer(report.json, status).with(etag: report.version)
  }
}
