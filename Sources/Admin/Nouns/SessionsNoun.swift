import Credentials
import HTTP
import JSON
import SCIM
import Storage

/// The sessions of the console, and the links that begin them.
enum SessionsNoun {
  private static let root = AdminRoute.root + "/sessions"

  static var routes: [AdminRoute] { [link, list, end] }

  /// A viewer's link for a caller who may only read.
  private static var link: AdminRoute {
    AdminRoute(
      .post, AdminRoute.root + "/console/links", "console", "link", .read,
      "Create a link to the console, for one use within a minute",
      answers: .json(.named("ConsoleLink"), status: 201)
    ) { call throws(AdminProblem) in
      let reader = try call.object()
      try reader.allow(["viewer", "remote"], of: "a link")
      let wantsViewer = try reader.optionalBoolean("viewer") ?? false
      let isViewer = wantsViewer || !call.caller.scopes.contains(.write)
      let scopes = call.caller.scopes.map(\.scope).reduce(Scopes()) { $0.union($1) }
      let origin = try origin(call)
      let grant = SessionGrant(
        origin, directory: call.caller.directory,
        scopes: isViewer ? scopes.intersection(viewer) : scopes)
      let made = call.world.sessions.invite(grant, forOthers: try reader.optionalBoolean("remote") ?? false)
      return AdminAnswer(
        ConsoleLinkReport(
          secret: made.secret, url: call.world.console, expires: made.expires, isViewer: isViewer
        ).json, .created)
    }.with {
      $0.body = .json(
        .object([.init("viewer", .boolean, optional: true), .init("remote", .boolean, optional: true)]))
      $0.showsPart = true
    }
  }

  /// What a viewer may do: read.
  private static let viewer: Scopes = [.adminRead, .apiPeopleRead, .apiAccessRead, .metricsRead]

  /// A session cannot make links, because it would outlive itself.
  private static func origin(_ call: AdminCall) throws(AdminProblem) -> ConsoleSession.Origin {
    switch call.caller.identity {
    case .socket(let user): return .user(user)
    case .command(let user): return .user(user)
    case .key(let id):
      guard let key = call.world.keys.key(id), let newest = key.generations.last else {
        throw AdminProblem(.unauthorized, "The key does not exist any more.")
      }
      let generation = call.caller.generation ?? newest.number
      return .key(id, generation: generation)
    case .session, .link:
      throw AdminProblem(
        .insufficientScope, "A session of the console cannot create links.",
        fix: "Use `scimd console`, or an admin key.")
    }
  }

  private static var list: AdminRoute {
    AdminRoute(
      .get, root, "session", "list", .read, "List the sessions of the console",
      answers: .json(.page(.named("Session")))
    ) { call throws(AdminProblem) in
      try AdminAnswer(page: call, of: visible(call)) { SessionReport($0, for: call.caller).json }
    }.with {
      $0.parameters = AdminParameter.page
      $0.showsPart = true
    }
  }

  private static var end: AdminRoute {
    AdminRoute(
      .delete, root + "/{id}", "session", "end", .write, "End a session of the console at once",
      answers: .json(.named("Session"))
    ) { call throws(AdminProblem) in
      guard let session = visible(call).first(where: { $0.id.hasSameBytes(as: call["id"]) }) else {
        throw AdminProblem(
          .unknownResource, "No session \"\(call["id"].prefix(64))\" exists.",
          fix: "`scimd session list` shows the sessions.")
      }
      do throws(SCIMError) {
        try call.world.sessions.end(session, call.context("END /sessions/{id}")).whenDurable().get()
      } catch {
        throw AdminProblem(error)
      }
      return AdminAnswer(SessionReport(session, for: call.caller).json)
    }.with { $0.showsPart = true }
  }

  /// Those of the caller's directory, or all.
  private static func visible(_ call: AdminCall) -> [ConsoleSession] {
    call.world.sessions.all.filter { session in
      guard let own = call.caller.directory else { return true }
      return session.directory?.hasSameBytes(as: own) ?? false
    }
  }
}
