import HTTP
import JSON
import Platform
import SCIM
import Storage

/// Who did what, and whether the record of it is untouched.
enum AuditNoun {
  private static let filters = [
    AdminParameter(
      "since", .text(maxBytes: 64), "Only records from this time on, such as 2026-11-30T00:00:00Z."),
    AdminParameter(
      "actor", .text(maxBytes: 128), "Only records of this key id, user of the machine, or kind of actor."),
    AdminParameter("administrative", .flag, "Only changes of keys, connections, roles, grants and the like."),
  ]

  static var routes: [AdminRoute] {
    [
      AdminRoute(
        .get, AdminRoute.directory + "/audit", "audit", "list", .read,
        "List the records of a directory, newest first", answers: .json(.page(.named("AuditItem")))
      ) { call throws(AdminProblem) in try list(call.directory, call) }.with {
        $0.parameters = AdminParameter.page + filters
        $0.isLong = true
      },
      AdminRoute(
        .get, AdminRoute.root + "/audit", "audit", "listSystem", .read,
        "List the records of _system, newest first: directories and keys for all directories",
        answers: .json(.page(.named("AuditItem")))
      ) { call throws(AdminProblem) in try list(call.world.store.system, call) }.with {
        $0.parameters = AdminParameter.page + filters
        $0.isLong = true
      },
      AdminRoute(
        .get, AdminRoute.root + "/audit/verification", "audit", "verify", .read,
        "Check that no record was changed, removed or added", answers: .json(.page(.named("AuditReport")))
      ) { call throws(AdminProblem) in try verify(call) }.with {
        $0.parameters = [
          AdminParameter(
            "head", .text(maxBytes: 64), "A hash noted earlier, which must still be in the chain."),
          AdminParameter(
            "directory", .text(maxBytes: 128), "Only this directory; `_system` for that of the server."),
        ]
        $0.isLong = true
        $0.showsPart = true
      },
    ]
  }

  // MARK: Listing

  private static func list(_ directory: Directory, _ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let before = try PageCursor.number(call.query["cursor"])
    var since: Int64?
    if let text = call.query["since"] {
      guard let time = DateTime(text) else {
        throw AdminProblem(
          .invalidParameter, "\"since\" is not a time, such as 2026-11-30T00:00:00Z.", at: "?since")
      }
      since = time.milliseconds
    }
    let (actor, isAdministrative) = (call.query["actor"], call.query.has("administrative"))
    let trail: AuditTrail
    do throws(LogError) {
      trail = try directory.audit(before: before, limit: call.query.integer("limit")) { frame in
        let kinds = frame["kinds"]?.arrayValue
        guard
          kinds?.allSatisfy({ $0.arrayValue?.first?.stringValue?.hasSameBytes(as: "note") ?? false }) != true
        else {
          return false
        }
        if let since, (frame["time"]?.stringValue.flatMap { DateTime($0) }?.milliseconds ?? .max) < since {
          return false
        }
        if let actor, !isBy(actor, frame["actor"]) { return false }
        return !isAdministrative || isAboutAdministration(kinds, directory.catalog)
      }
    } catch {
      throw AdminProblem(error)
    }
    return AdminAnswer(
      items: trail.items.map { AuditItem($0).json }, next: trail.next.map { PageCursor.text($0) })
  }

  private static func isBy(_ name: String, _ actor: JSONValue?) -> Bool {
    ["key", "user", "kind", "connection"].contains {
      actor?[$0]?.stringValue?.hasSameBytes(as: name) ?? false
    }
  }

  private static func isAboutAdministration(_ kinds: [JSONValue]?, _ catalog: Catalog) -> Bool {
    (kinds ?? []).contains { kind in
      kind.arrayValue?.dropFirst().first?.stringValue.flatMap { catalog.type(named: $0) }?.isAdministrative
        ?? false
    }
  }

  // MARK: Verifying

  private static func verify(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    var head: Digest256?
    if let text = call.query["head"] {
      guard let digest = Digest256(hex: text.utf8) else {
        throw AdminProblem(.invalidParameter, "\"head\" is not a hash of 64 hexadecimal digits.", at: "?head")
      }
      head = digest
    }
    var items: [JSONValue] = []
    for directory in try directories(call) {
      do throws(LogError) {
        items.append(AuditReport(directory.name, try directory.verification(anchoredAt: head)).json)
      } catch {
        // A directory that is being deleted is skipped.
        let isThere =
          directory === call.world.store.system
          || call.world.store.existingDirectory(named: directory.name) != nil
        if isThere { throw AdminProblem(error) }
      }
    }
    return AdminAnswer(items: items, next: nil)
  }

  private static func directories(_ call: AdminCall) throws(AdminProblem) -> [Directory] {
    let (store, own) = (call.world.store, call.caller.directory)
    let all =
      own.map { [store.existingDirectory(named: $0)].compactMap { $0 } } ?? [store.system]
      + store.allDirectories
    guard let name = call.query["directory"] else { return all }
    let wanted = all.filter { $0.name.hasSameBytes(as: name) }
    guard !wanted.isEmpty else {
      throw AdminProblem(
        .unknownDirectory, "The directory \"\(name.prefix(64))\" does not exist.", at: "?directory")
    }
    return wanted
  }
}
