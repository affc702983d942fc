import Access
import HTTP
import JSON
import Platform
import SCIM
import Storage

/// What applications and IGA tools ask of the directory that their key belongs to: `/api/v1`.
enum ApplicationNoun {
  private static let root = AdminRoute.application
  private static let maxChecks = 100

  static var routes: [AdminRoute] {
    let own = [
      people("users", \.hasGroups), people("groups", \.hasMembers), roles, targets, access, check,
      AccessExportNoun.snapshot,
    ]
    return (own + GrantsNoun.routes(root + "/grants", .accessRead, .accessWrite, "api"))
      .map { $0.with { $0.isOfCaller = true } }
  }

  // MARK: Lists

  private static func people(
    _ collection: String, _ isIt: @escaping @Sendable (ResourceType) -> Bool
  ) -> AdminRoute {
    AdminRoute(
      .get, "\(root)/\(collection)", "api", "list", .peopleRead, "List the \(collection) of the directory",
      answers: .json(.page(.named("ResourceOverview")))
    ) { call throws(AdminProblem) in
      guard let type = call.directory.catalog.types.first(where: isIt) else {
        throw AdminProblem(.unknownType, "This server has no \(collection).")
      }
      return try ResourceActs(call: call, type: type).list()
    }.with {
      $0.parameters =
        [
          AdminParameter("filter", .text(maxBytes: 8192), "A SCIM filter (RFC 7644, 3.4.2.2)."),
          AdminParameter("deleted", .flag, "List the deleted \(collection) that can be restored."),
        ] + AdminParameter.page
    }
  }

  private static var roles: AdminRoute {
    AdminRoute(
      .get, root + "/roles", "api", "list", .accessRead, "List the roles of the directory",
      answers: .json(.page(.named("Role")))
    ) { call throws(AdminProblem) in try RolesNoun.listed(call) }.with { $0.parameters = AdminParameter.page }
  }

  private static var targets: AdminRoute {
    AdminRoute(
      .get, root + "/targets", "api", "list", .accessRead, "List the targets of the directory",
      answers: .json(.page(.named("Target")))
    ) { call throws(AdminProblem) in try TargetsNoun.listed(call) }.with {
      $0.parameters = AdminParameter.page
    }
  }

  // MARK: Access

  private static var access: AdminRoute {
    AdminRoute(
      .get, root + "/access/{id}", "api", "show", .accessRead,
      "Show what a user may do, by id or userName, with the reason of each right",
      answers: .json(.named("EffectiveAccess"))
    ) { call throws(AdminProblem) in
      let found = try AccessNoun.access(of: call["id"], call)
      guard call.has(found.tag) else {
        return AdminAnswer(.bytes(found.bytes), "application/json").with(etag: found.tag)
      }
      var answer = AdminAnswer(.empty, "application/json").with(etag: found.tag)
      answer.status = .notModified
      return answer
    }.with {
      $0.takesIfNoneMatch = true
      $0.isQuick = true
    }
  }

  private static var check: AdminRoute {
    AdminRoute(
      .post, root + "/access/check", "api", "check", .accessRead,
      "Ask whether users may do something: one check, or up to \(maxChecks) as checks",
      answers: .json(.named("AccessAnswers"))
    ) { call throws(AdminProblem) in
      let reader = try call.object()
      guard reader.has("checks") else { return AdminAnswer(try answer(to: reader, call)) }
      try reader.allow(["checks"], of: "a list of checks")
      let checks = try reader.objects("checks") { (reader) throws(AdminProblem) in reader }
      guard (1...maxChecks).contains(checks.count) else {
        throw AdminProblem(.tooMany, "There must be 1 to \(maxChecks) checks in one request.", at: "/checks")
      }
      guard !call.isOnLoop else { throw .later }
      var answers: [JSONValue] = []
      for check in checks { answers.append(try answer(to: check, call)) }
      return AdminAnswer(["answers": .array(answers)])
    }.with {
      $0.body = .json(.named("AccessCheck"))
      $0.isQuick = true
    }
  }

  /// A user who does not exist may do nothing: for an application that is an answer, not an error.
  private static func answer(to check: ObjectReader, _ call: AdminCall) throws(AdminProblem) -> JSONValue {
    try check.allow(["user", "permission", "target"], of: "a check")
    let (user, permission) = (try check.text("user"), try check.text("permission"))
    let target = try check.optionalText("target")
    let pending = try call.looking { () throws(DirectoryAccess.TooManyGroups) in
      try call.access.check(user, permission, on: target, isOnLoop: call.isOnLoop)
    }
    let found = try call.value(of: pending)
    let because = found?.because ?? "There is no such user."
    return ["allowed": .bool(found?.isAllowed ?? false), "because": .string(because)]
  }

  private static let oneCheck = AdminSchema.object([
    .init("user", .text), .init("permission", .text), .init("target", .nullable(.text), optional: true),
  ])
  private static let oneAnswer = AdminSchema.object([.init("allowed", .boolean), .init("because", .text)])

  static let checkSchema = AdminSchema.either([oneCheck, .object([.init("checks", .list(oneCheck))])])
  static let answersSchema = AdminSchema.either([oneAnswer, .object([.init("answers", .list(oneAnswer))])])
}

extension AdminCall {
  var isOfApplication: Bool { head.path.starts(with: AdminRoute.application.utf8) }

  /// Whether If-None-Match names the entity tag: compared weakly (RFC 9110 §13.1.2).
  func has(_ tag: String) -> Bool {
    guard let field = head[.ifNoneMatch] else { return false }
    return String(decoding: field, as: UTF8.self).split(separator: ",").contains { part in
      let text = part.drop { $0 == " " }.prefix { $0 != " " }
      return text.utf8.elementsEqual("*".utf8) || text.utf8.elementsEqual(tag.utf8)
        || text.utf8.elementsEqual("W/\(tag)".utf8)
    }
  }
}
