import Credentials
import HTTP
import Insight
import JSON
import Platform
import SCIM
import Storage

/// The last requests: what came, how it was understood, what it changed or why it was refused.
enum RequestsNoun {
  static var routes: [AdminRoute] {
    let (ofAll, ofOne) = (AdminRoute.root + "/requests", AdminRoute.directory + "/requests")
    return [
      list(ofAll, "List the last requests of all directories, and those without a known key"),
      watch(ofAll, "Stream new requests of all directories as server-sent events"), show(ofAll),
      explain(ofAll),
      list(ofOne, "List the last requests of a directory, newest first"),
      watch(ofOne, "Stream new requests of a directory as server-sent events"), show(ofOne), explain(ofOne),
      replay,
    ]
  }

  private static func list(_ path: String, _ summary: String) -> AdminRoute {
    AdminRoute(.get, path, "requests", "list", .read, summary, answers: .json(.page(.named("Request")))) {
      call throws(AdminProblem) in try list(call)
    }.with {
      $0.parameters = RequestFilter.parameters + AdminParameter.page
      $0.isLong = true
      $0.reach = .parameter("connection")
    }
  }

  private static func show(_ path: String) -> AdminRoute {
    AdminRoute(
      .get, path + "/{id}", "requests", "show", .read,
      "Show a request: who asked for what, how it was understood, what it changed or why it was refused",
      answers: .json(.named("Request"))
    ) { call throws(AdminProblem) in AdminAnswer(try found(call).explained) }.with {
      $0.isLong = true
      $0.reach = .handler
    }
  }

  private static func explain(_ path: String) -> AdminRoute {
    AdminRoute(
      .get, path + "/{id}/explain", "requests", "explain", .read,
      "Explain a request: what happened, why, and what to do in the words of its provider",
      answers: .json(.named("Explanation"))
    ) { call throws(AdminProblem) in
      let provider = call.query["provider"].flatMap { Profile.named($0) }
      return AdminAnswer(try found(call, provider).answer)
    }.with {
      $0.parameters = [
        AdminParameter(
          "provider", .choice(Profile.all.map(\.name)),
          "In whose words. Default: the provider of the request's connection.")
      ]
      $0.isLong = true
      $0.reach = .handler
    }
  }

  /// The request that the path names.
  private static func found(
    _ call: AdminCall, _ provider: Profile? = nil
  ) throws(AdminProblem) -> RequestReport {
    let (entry, directory) = try find(call)
    return RequestReport(entry, directory, call.world, provider: provider)
  }

  private static var replay: AdminRoute {
    AdminRoute(
      .get, AdminRoute.directory + "/requests/{id}/replay", "requests", "replay", .read,
      "Say what a request would do if it came now; nothing is stored",
      answers: .json(.named("Request"))
    ) { call throws(AdminProblem) in
      let (entry, name) = try find(call)
      let key = entry["key"]?.stringValue
      let profile = key.flatMap { call.world.keys.key($0)?.profile }.flatMap { Profile.named($0) }
      let replay: RequestReplay
      do throws(RequestReplay.Obstacle) {
        replay = try RequestReplay(entry, call.directory.catalog, profile ?? .generic)
      } catch {
        throw AdminProblem(.notSupported, error.text, fix: "`scimd requests show` shows what is known of it.")
      }
      let actor = Actor(
        .key, key: key, connection: entry["connection"]?.stringValue.flatMap { ResourceID($0) },
        profile: profile?.name)
      let context = RequestContext(actor, requestID: call["id"], operation: "REPLAY")
      let trial = replay.run(in: call.directory, context, call.world.ring)
      return AdminAnswer(RequestReport(trial, name, call.world).explained)
    }.with { $0.isLong = true }
  }

  /// The entry in the path, and the directory that has it.
  private static func find(_ call: AdminCall) throws(AdminProblem) -> (entry: JSONValue, directory: String) {
    for directory in directories(of: call) {
      guard
        let entry = try read({ () throws(SystemError) in
          try call.world.ring.entry(call["id"], of: directory)
        })
      else { continue }
      let connection = entry.json["connection"]?.stringValue
      if let own = call.caller.connection, connection?.hasSameBytes(as: own.text) != true { continue }
      return (entry.json, directory)
    }
    throw AdminProblem(
      .unknownResource, "No request \"\(call["id"].prefix(64))\" is kept.",
      fix: "`scimd requests list` shows the requests that are kept.")
  }

  private static func watch(_ path: String, _ summary: String) -> AdminRoute {
    AdminRoute(
      .get, path + "/watch", "requests", "watch", .read, summary, answers: .lines("text/event-stream")
    ) { call throws(AdminProblem) in
      let names = call.tenant.map { [$0.name] }
      var filters: [String: RequestFilter] = [:]
      for name in names ?? directories(of: call) {
        if let filter = try filter(call, name) { filters[name] = filter }
      }
      let chosen = filters
      let world = call.world
      let last = call.head[.lastEventID].map { String(decoding: $0.prefix(64), as: UTF8.self) }
      let stream = world.ring.watch(after: last, of: Array(chosen.keys)) { directory, line in
        guard let filter = chosen[directory], filter.allows(line),
          let entry = try? JSONParser.parse(Array(line)), filter.allows(entry)
        else { return nil }
        return RequestReport(entry, directory, world).json
      }
      return AdminAnswer(.stream(stream), "text/event-stream")
    }.with {
      $0.parameters = RequestFilter.parameters
      $0.reach = .parameter("connection")
    }
  }

  // MARK: Reading

  /// Newest first. Of one directory a cursor is the number of an entry; of several the time of one, with how many of
  /// that time were shown.
  private static func list(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let limit = call.query.integer("limit")
    let start = try RequestCursor(call.query["cursor"], isOfOne: call.tenant != nil)
    var found: [(entry: RequestEntry, directory: String, time: Int64)] = []
    for directory in directories(of: call) {
      guard let filter = try filter(call, directory) else { continue }
      var count = 0
      try read { () throws(SystemError) in
        try call.world.ring.entries(of: directory, before: start.number, matching: { filter.allows($0) }) {
          entry in
          let time = RequestFilter.time(entry.json) ?? 0
          // Answers of the same moment are not in the order of their times.
          if let since = filter.since, time < since - RequestFilter.disorder { return false }
          guard start.time.map({ time <= $0 }) ?? true, filter.allows(entry.json) else { return true }
          found.append((entry, directory, time))
          count += 1
          return count <= limit + start.skipped
        }
      }
    }
    if call.tenant == nil { found.sort { $0.time > $1.time } }
    let page = found.dropFirst(start.skips(found.map(\.time))).prefix(limit)
    let hasMore = page.endIndex < found.endIndex
    let next = page.last.map { last in
      start.next(number: last.entry.number, time: last.time, shown: page.count { $0.time == last.time })
    }
    return AdminAnswer(
      items: page.map { RequestReport($0.entry.json, $0.directory, call.world).json },
      next: hasMore ? next : nil)
  }

  /// Nil if nothing of that directory can match, such as a connection that it does not have.
  private static func filter(_ call: AdminCall, _ name: String) throws(AdminProblem) -> RequestFilter? {
    let directory =
      name.hasSameBytes(as: DataFolder.systemName) ? nil : call.world.store.existingDirectory(named: name)
    if directory == nil, case .some = call.query["connection"] { return nil }
    do throws(AdminProblem) { return try RequestFilter(call, in: directory) } catch {
      // Another directory may have the connection.
      if call.tenant == nil, error.code == .unknownConnection { return nil }
      throw error
    }
  }

  /// The names of the rings that the caller asks about.
  private static func directories(of call: AdminCall) -> [String] {
    call.tenant.map { [$0.name] } ?? [DataFolder.systemName] + call.world.store.allDirectories.map(\.name)
  }

  private static func read<Value>(_ body: () throws(SystemError) -> Value) throws(AdminProblem) -> Value {
    do throws(SystemError) { return try body() } catch {
      throw AdminProblem(.internalError, "The requests cannot be read: \(error).")
    }
  }
}
