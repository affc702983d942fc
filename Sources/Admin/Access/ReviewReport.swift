import Access
import JSON
import SCIM
import Storage

/// Who gains and who loses by a change, as administrators see it.
enum ReviewReport {
  static func json(_ trial: DirectoryAccess.Trial) -> JSONValue {
    func users(_ ids: [ResourceID]) -> JSONValue {
      let listed = ids.prefix(DirectoryAccess.maxListed).map { id -> JSONValue in
        ["id": .string(id.text), "userName": .string(trial.names[id] ?? id.text)]
      }
      return ["count": .integer(Int64(ids.count)), "users": .array(listed)]
    }
    let roles = trial.review.roles.map { change -> JSONValue in
      [
        "role": .string(change.role), "critical": .bool(change.isCritical), "gains": users(change.gains),
        "loses": users(change.loses), "keeps": .integer(Int64(change.keeps)),
        "permissionsAdded": .array(change.permissionsAdded.map { .string($0) }),
        "permissionsRemoved": .array(change.permissionsRemoved.map { .string($0) }),
      ]
    }
    return [
      "roles": .array(roles), "warnings": .array(trial.review.warnings.map { .string($0) }),
      "needsForce": .bool(!trial.review.warnings.isEmpty),
    ]
  }

  /// Throws if a change needs force and has none.
  static func check(_ trial: DirectoryAccess.Trial, _ call: AdminCall) throws(AdminProblem) {
    guard !trial.review.warnings.isEmpty, !call.isForced else { return }
    throw AdminProblem(.needsForce, trial.review.warnings.prefix(10).joined(separator: " "))
  }

  /// Carries steps out after a look at what they take, or only looks.
  static func attempt(
    _ steps: [AccessStep], _ call: AdminCall, _ operation: String, makes: Bool,
    _ more: (DirectoryAccess.Trial, inout Transaction) throws(SCIMError) -> Void
  ) throws(AdminProblem) -> DirectoryAccess.Trial {
    var problem: AdminProblem?
    let found: (trial: DirectoryAccess.Trial, isTooLong: Bool)
    do throws(SCIMError) {
      found = try call.access.attempt(steps, call.context(operation)) { trial, tx throws(SCIMError) in
        guard makes else { return false }
        do throws(AdminProblem) { try check(trial, call) } catch {
          problem = error
          throw SCIMError(.conflict, error.detail)
        }
        try more(trial, &tx)
        return true
      }
    } catch {
      throw problem ?? AdminProblem(error)
    }
    guard !found.isTooLong else {
      throw AdminProblem(.tooMany, "The change is too long for one record; nothing was changed.")
    }
    return found.trial
  }

  private static let users = AdminSchema.object([
    .init("count", .integer), .init("users", .list(.object([.init("id", .text), .init("userName", .text)]))),
  ])

  static let schema = AdminSchema.object([
    .init(
      "roles",
      .list(
        .object([
          .init("role", .text), .init("critical", .boolean), .init("gains", users), .init("loses", users),
          .init("keeps", .integer), .init("permissionsAdded", .list(.text)),
          .init("permissionsRemoved", .list(.text)),
        ]))), .init("warnings", .list(.text)), .init("needsForce", .boolean),
  ])
}
