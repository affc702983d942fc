import Access
import JSON
import SCIM
import Storage

/// A grant in a review, with what was decided about it.
struct ReviewItem: Sendable {
  let id: ResourceID
  /// Nil if it was removed.
  let grant: (resource: AdministrativeResource, value: Grant)?
  let decision: AccessDecision?

  /// Whether a reviewer still has to decide.
  var isOpen: Bool { grant != nil && decision == nil }

  /// The items of a review, or some of them, in its order.
  static func all(
    _ grants: some Sequence<ResourceID>, of review: ResourceID, _ call: AdminCall
  ) -> [ReviewItem] {
    let ids = Array(grants)
    let table = call.access.table
    let found = call.directory.administrative(call.type("Grant"), ids: ids).whenDurable()
    let known = found.reduce(into: [ResourceID: (resource: AdministrativeResource, value: Grant)]()) {
      if let grant = Grant($1.document), !table.drafts.isApplied(grant.endsWith) { $0[$1.id] = ($1, grant) }
    }
    let type = call.type("Decision")
    return ids.map { id in
      let decided = call.directory.administrative(
        type, called: AccessDecision.key(review, id), by: "key"
      ).whenDurable()
      return ReviewItem(
        id: id, grant: known[id], decision: decided.flatMap { AccessDecision($0.document) })
    }
  }

  /// - Parameter name: of a user or a group.
  func json(_ table: AccessTable, _ name: (ResourceID) -> String) -> JSONValue {
    var object: JSONObject = ["grant": .string(id.text)]
    if let (resource, grant) = grant {
      object["principal"] = [
        "type": .string(grant.isGroup ? "Group" : "User"), "id": .string(grant.principal.text),
        "name": .string(name(grant.principal)),
      ]
      object["role"] = .string(table.roles[grant.role]?.role.value ?? grant.role.text)
      if let target = grant.target { object["target"] = .string(table.targets[target]?.name ?? target.text) }
      object["since"] = .string(resource.created.description)
      if let giver = grant.grantedBy { object["grantedBy"] = .string(giver) }
    }
    object["removed"] = .bool(grant == nil)
    if let decision {
      object["decision"] = .string(decision.verdict.rawValue)
      if let reviewer = decision.reviewer { object["reviewer"] = .string(reviewer) }
      if let comment = decision.comment { object["comment"] = .string(comment) }
      if let decided = decision.decided { object["decided"] = .string(decided.description) }
    }
    return .object(object)
  }

  static let schema = AdminSchema.object([
    .init("grant", .text),
    .init(
      "principal", .object([.init("type", .text), .init("id", .text), .init("name", .text)]), optional: true),
    .init("role", .text, optional: true), .init("target", .text, optional: true),
    .init("since", .time, optional: true), .init("grantedBy", .text, optional: true),
    .init("removed", .boolean),
    .init("decision", .choice(AccessDecision.Verdict.allCases.map(\.rawValue)), optional: true),
    .init("reviewer", .text, optional: true), .init("comment", .text, optional: true),
    .init("decided", .time, optional: true),
  ])
}
