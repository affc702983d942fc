import Access
import HTTP
import JSON
import SCIM
import Storage

/// Roles, targets and grants as a file says them.
enum RightsFileNoun {
  static var routes: [AdminRoute] {
    [
      AdminRoute(
        .post, AdminRoute.directory + "/rights", "role", "apply", .write,
        "Make roles, targets and grants as a file says them, or say what differs",
        answers: .json(.named("RightsReport"))
      ) { call throws(AdminProblem) in try apply(call) }.with {
        $0.body = .json(.named("RightsFile"))
        $0.parameters = [.force]
        $0.takesDryRun = true
        $0.isLong = true
        $0.replay = AdminAnswer.kept
      }
    ]
  }

  private static func apply(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let differences = try differences(try call.json(), call)
    let changes = differences.map { difference -> JSONValue in
      ["change": .string(difference.change), "what": .string(difference.what)]
    }
    guard differences.count <= AccessDraft.maxSteps else {
      throw AdminProblem(
        .tooMany, "The file makes \(differences.count) changes; one request makes \(AccessDraft.maxSteps).",
        fix:
          "Draft it, which takes up to \(AccessDraft.maxLargeSteps) grants: scimd access draft --file FILE.")
    }
    func report(_ trial: DirectoryAccess.Trial) -> JSONValue {
      [
        "changes": .array(changes), "review": ReviewReport.json(trial),
        "applied": .bool(!call.isDryRun && !changes.isEmpty),
      ]
    }
    let trial = try ReviewReport.attempt(
      differences.map(\.step), call, "APPLY /rights", makes: !call.isDryRun
    ) { trial, tx throws(SCIMError) in
      tx.keptAnswer = [
        "changes": .array(changes), "review": ["roles": [], "warnings": [], "needsForce": false],
        "applied": .bool(!changes.isEmpty),
      ]
    }
    return AdminAnswer(report(trial))
  }

  /// What has to be done so that the directory is as the file says.
  static func differences(
    _ json: JSONValue, _ call: AdminCall, maxGrants: Int = RightsFile.maxGrants
  ) throws(AdminProblem) -> [RightsFile.Difference] {
    let file: RightsFile
    do throws(AccessError) { file = try RightsFile(json: json, maxGrants: maxGrants) } catch {
      throw AdminProblem(error)
    }
    var principals: [ResourceID] = []
    for grant in file.grants ?? [] {
      let pointer = "\(grant.pointer)/\(grant.isGroup ? "group" : "user")"
      principals.append(try call.principal(grant.name, isGroup: grant.isGroup, at: pointer))
    }
    var own = Set<ResourceID>()
    if file.grants != nil {
      for resource in call.directory.administrative(all: call.type("Grant")).whenDurable()
      where Grant(resource.document)?.origin == .rule { own.insert(resource.id) }
    }
    return file.differences(
      from: call.access.table, principals: principals, ownGrants: own, grantedBy: call.giver)
  }

  private static let grant = AdminSchema.object([
    .init("user", .text, optional: true), .init("group", .text, optional: true), .init("role", .text),
    .init("target", .text, optional: true), .init("expires", .time, optional: true),
    .init("reason", .text, optional: true),
  ])

  static let fileSchema = AdminSchema.object([
    .init("roles", .list(.named("RoleBody")), optional: true),
    .init("targets", .list(.either([.text, .named("TargetBody")])), optional: true),
    .init("grants", .list(grant), optional: true),
  ])

  static let grantSchema = grant

  static let schema = AdminSchema.object([
    .init("changes", .list(.object([.init("change", .text), .init("what", .text)]))),
    .init("review", .named("AccessReview")), .init("applied", .boolean),
  ])
}
