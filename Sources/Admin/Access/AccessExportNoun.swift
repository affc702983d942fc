import Access
import Feed
import HTTP
import JSON
import Platform
import SCIM
import Storage

/// Everything that users may do, or could do at a past moment, as a file; and a snapshot for applications.
enum AccessExportNoun {
  static let format = AdminParameter(
    "format", .choice(RightsLines.Format.allCases.map(\.rawValue)),
    "`ndjson`, one JSON object per line (the default), or `csv`.")

  static var routes: [AdminRoute] {
    [
      AdminRoute(
        .get, AdminRoute.directory + "/rights", "access", "export", .read,
        "Export every role of every user with its reason, now or as it was at a time",
        answers: .lines("application/x-ndjson")
      ) { call throws(AdminProblem) in
        let format = call.query["format"].flatMap(RightsLines.Format.init) ?? .ndjson
        let access = try access(call, at: try time(call))
        return AdminAnswer(
          .stream(AccessExport.lines(access, format)),
          format == .csv ? "text/csv; charset=utf-8" : "application/x-ndjson")
      }.with {
        $0.parameters = [
          format,
          AdminParameter(
            "asOf", .text(maxBytes: 64),
            "The time, such as 2026-11-30T12:00:00Z, or a day, which is its start."),
        ]
        $0.isLong = true
      }
    ]
  }

  static var snapshot: AdminRoute {
    AdminRoute(
      .get, AdminRoute.application + "/snapshot", "api", "snapshot", .peopleRead,
      "List all users, groups and grants of one moment, and the event after which it was",
      answers: .lines("application/x-ndjson")
    ) { call throws(AdminProblem) in
      guard call.caller.scopes.contains(.accessRead) else {
        throw AdminProblem(
          .insufficientScope, "This request needs the scope \(AdminScope.accessRead.rawValue) too.")
      }
      let source = call.directory.exportSource().whenDurable()
      let asOf = try EventsNoun.reading(
        { feed throws(FeedError) in try feed.position(behind: source.last) }, call)
      return AdminAnswer(
        .stream(SnapshotPieces(source, call.directory, asOf: asOf.description)), "application/x-ndjson")
    }.with { $0.isLong = true }
  }

  // MARK: The past

  /// Milliseconds since 1970; nil for now.
  private static func time(_ call: AdminCall) throws(AdminProblem) -> Int64? {
    guard let text = call.query["asOf"] else { return nil }
    guard let time = DateTime(text) ?? DateTime(text + "T00:00:00Z") else {
      throw AdminProblem(
        .invalidParameter, "asOf must be a time like 2026-11-30T12:00:00Z, or a day like 2026-11-30.",
        at: "?asOf")
    }
    guard time.milliseconds < call.world.environment.now() else {
      throw AdminProblem(
        .invalidParameter, "asOf is not in the past, so it could still change what the answer is.",
        at: "?asOf",
        fix: "Leave asOf out to export what holds now.")
    }
    return time.milliseconds
  }

  static func access(_ call: AdminCall, at time: Int64?) throws(AdminProblem) -> PastAccess {
    do throws(PastError) {
      let past = try call.directory.past(at: time)
      return PastAccess(past, in: call.directory, nests: try nests(call, at: time))
    } catch {
      throw problem(error, call)
    }
  }

  /// The policy as it was, which the log of all directories says.
  private static func nests(_ call: AdminCall, at time: Int64?) throws(PastError) -> Bool {
    guard let time else { return call.directory.description.policies.nestedGroups }
    let system = call.world.store.system
    let all = try system.past(at: time).resources(system.administrativeType("Directory"))
    let then = all.lazy.compactMap { DirectoryDescription($0.document) }
      .first { $0.name.hasSameBytes(as: call.directory.name) }
    return then?.policies.nestedGroups ?? true
  }

  private static func problem(_ error: PastError, _ call: AdminCall) -> AdminProblem {
    switch error {
    case .beyondHistory(let oldest):
      AdminProblem(
        .invalidParameter,
        "The history of \(call.directory.name) does not reach back so far: "
          + (oldest.map { "it begins at \($0)." } ?? "nothing of it is kept."),
        at: "?asOf",
        fix: "Ask for a later time. The setting historyRetentionDays says how long history is kept.")
    case .recordsLost(let seq):
      AdminProblem(
        .invalidParameter,
        "Record \(seq), which is later than that, was lost and the log repaired without it, so that nobody knows "
          + "what held before.", at: "?asOf", fix: "Ask for a later time.")
    case .log(let error): AdminProblem(error)
    }
  }
}
