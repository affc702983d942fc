import Credentials
import HTTP
import SCIM
import Storage

/// The directories themselves.
enum DirectoriesNoun {
  private static let root = AdminRoute.root + "/directories"

  static var routes: [AdminRoute] { [list, create, show, update, setPaused(true), setPaused(false)] }

  /// In order of names; cursors hold the last name.
  private static var list: AdminRoute {
    AdminRoute(
      .get, root, "directory", "list", .read, "List the directories",
      answers: .json(.page(.named("Directory")))
    ) { call throws(AdminProblem) in
      let start = try PageCursor.name(call.query["cursor"])
      let type = type(call)
      var found = call.world.store.system.administrative(all: type).whenDurable()
        .compactMap { DirectoryReport($0) }.sorted { $0.name < $1.name }
      if let start { found.removeAll { $0.name <= start } }
      let page = found.prefix(call.query.integer("limit"))
      return AdminAnswer(
        items: page.map { counted($0, call).json },
        next: page.count < found.count ? page.last.map { PageCursor.text(then: $0.name) } : nil)
    }.with { $0.parameters = AdminParameter.page }
  }

  private static var create: AdminRoute {
    AdminRoute(
      .post, root, "directory", "create", .write, "Create a directory, an isolated tenant",
      answers: .json(.named("Directory"), status: 201)
    ) { call throws(AdminProblem) in
      let change = try DirectoryChange(try call.object(), isNew: true)
      let description = change.applied(to: DirectoryDescription(name: change.name ?? ""))
      let context = call.context("CREATE /directories")
      do throws(StoreError) {
        _ = try call.world.store.makeDirectory(description, context, mustBeNew: true).get()
      } catch {
        throw AdminProblem(error)
      }
      return try answer(description.name, call, .created)
    }.with {
      $0.body = .json(.named("DirectoryCreation"))
      $0.replay = { call, id throws(AdminProblem) in try answer(id, call) }
    }
  }

  private static var show: AdminRoute {
    AdminRoute(
      .get, AdminRoute.directory, "directory", "show", .read, "Show a directory",
      answers: .json(.named("Directory"))
    ) { call throws(AdminProblem) in try answer(call.directory.name, call) }
  }

  private static var update: AdminRoute {
    AdminRoute(
      .patch, AdminRoute.directory, "directory", "update", .write,
      "Change the names and policies of a directory",
      answers: .json(.named("Directory"))
    ) { call throws(AdminProblem) in
      let change = try DirectoryChange(try call.object(), isNew: false)
      return try edit(call, "PATCH /directories/{directory}") { old in change.applied(to: old) }
    }.with {
      $0.body = .json(.named("DirectoryChange"))
      $0.takesIfMatch = true
      $0.changesSystem = true
      $0.replay = { call, _ throws(AdminProblem) in try answer(call["directory"], call) }
    }
  }

  private static func setPaused(_ isPaused: Bool) -> AdminRoute {
    let verb = isPaused ? "pause" : "resume"
    return AdminRoute(
      .post, AdminRoute.directory + "/" + verb, "directory", verb, .write,
      isPaused
        ? "Answer SCIM requests to a directory with 503 until it is resumed"
        : "Accept SCIM requests to a directory again",
      answers: .json(.named("Directory"))
    ) { call throws(AdminProblem) in
      try edit(call, "\(verb.uppercased()) /directories/{directory}") { old throws(SCIMError) in
        guard old.state != .removing else {
          throw SCIMError(.conflict, "The directory \(old.name) is being deleted.")
        }
        var new = old
        new.state = isPaused ? .paused : .active
        return new
      }
    }.with {
      $0.takesIfMatch = true
      $0.changesSystem = true
      $0.replay = { call, _ throws(AdminProblem) in try answer(call["directory"], call) }
    }
  }

  // MARK: Parts

  private static func type(_ call: AdminCall) -> ResourceType {
    call.world.store.system.administrativeType("Directory")
  }

  /// Changes the description of a directory, whose resource is in `_system`.
  private static func edit(
    _ call: AdminCall, _ operation: String,
    _ body: (DirectoryDescription) throws(SCIMError) -> DirectoryDescription
  ) throws(AdminProblem) -> AdminAnswer {
    let (name, type) = (call.directory.name, type(call))
    let changed = call.world.store.system.write(call.context(operation)) { tx throws(SCIMError) in
      let id = tx.find(type, "name", name).first
      let old = try tx.resource(type, id?.text ?? "")
      try EntityTag.check(call.ifMatch, old.version)
      guard let description = DirectoryDescription(old.document) else {
        throw .notFound("Directory \(name)")
      }
      try tx.update(old, try body(description).document.ordered(for: type), [], skipsUnknown: false)
      return nil
    }
    do throws(SCIMError) { _ = try changed.whenDurable().get() } catch { throw AdminProblem(error) }
    return try answer(name, call)
  }

  /// The directory with its counts and version, as it is now.
  private static func answer(
    _ name: String, _ call: AdminCall, _ status: HTTPStatus = .ok
  ) throws(AdminProblem) -> AdminAnswer {
    let found = call.world.store.system.administrative(type(call), called: name, by: "name").whenDurable()
    guard let report = found.flatMap({ DirectoryReport($0) }) else {
      throw AdminProblem(.unknownDirectory, "The directory \"\(name)\" does not exist.")
    }
    return AdminAnswer(counted(report, call).json, status).with(etag: report.version)
  }

  /// Adds the counts, which are zero if the directory is not open.
  private static func counted(_ report: DirectoryReport, _ call: AdminCall) -> DirectoryReport {
    guard let directory = call.world.store.existingDirectory(named: report.name) else { return report }
    var report = report
    let counts = directory.counts()
    func count(_ isIt: (ResourceType) -> Bool) -> Int {
      guard let name = directory.catalog.types.first(where: isIt)?.name else { return 0 }
      return counts.first { $0.type == name }?.count ?? 0
    }
    report.users = count(\.hasGroups)
    report.groups = count(\.hasMembers)
    report.connections =
      directory.administrativeResources(directory.administrativeType("Connection")).count
    report.keys = call.world.keys.count(in: report.name)
    return report
  }
}
