import Access
import HTTP
import JSON
import SCIM
import Storage

/// What an administrator should look at in the rights of a directory.
enum FindingsNoun {
  static var routes: [AdminRoute] {
    [
      AdminRoute(
        .get, AdminRoute.directory + "/findings", "access", "findings", .read,
        "List rights that an administrator should look at", answers: .json(.page(.named("AccessFinding")))
      ) { call throws(AdminProblem) in try list(call) }.with {
        $0.parameters =
          [
            AdminParameter(
              "kind", .choice(AccessFinding.Kind.allCases.map(\.rawValue)), "Only findings of this kind.")
          ] + AdminParameter.page
        $0.isLong = true
      }
    ]
  }

  private static func list(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    var reasons: [ResourceID: String] = [:]
    for resource in call.directory.administrative(all: call.type("Grant")).whenDurable() {
      reasons[resource.id] = Grant(resource.document)?.reason
    }
    let reports = call.directory.description.policies.signIn != .off
    let signIns = reports ? SignInNote.last(in: call.directory) : nil
    let kind = call.query["kind"]
    let items = call.access.examine { [reasons] evaluation in
      evaluation.findings(signIns: signIns, reasons: reasons)
        .filter { finding in kind.map { finding.kind.rawValue.hasSameBytes(as: $0) } ?? true }
        .map { json($0, evaluation) }
    }.whenDurable()
    return try AdminAnswer(page: call, of: items) { $0 }
  }

  private static func json(_ finding: AccessFinding, _ evaluation: AccessEvaluation) -> JSONValue {
    var object: JSONObject = ["kind": .string(finding.kind.rawValue), "text": .string(finding.text)]
    if let user = finding.user {
      object["user"] = ["id": .string(user.text), "userName": .string(evaluation.view.name(of: user))]
    }
    if let role = finding.role { object["role"] = .string(role) }
    if let grant = finding.grant { object["grant"] = .string(grant.text) }
    return .object(object)
  }

  static let schema = AdminSchema.object([
    .init("kind", .choice(AccessFinding.Kind.allCases.map(\.rawValue))), .init("text", .text),
    .init("user", .object([.init("id", .text), .init("userName", .text)]), optional: true),
    .init("role", .text, optional: true), .init("grant", .text, optional: true),
  ])
}
