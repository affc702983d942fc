import Access
import SCIM
import Storage

/// A review for auditors: a line for each user who had a right by one of its grants when it was opened, with what was
/// decided. Every line names the end of the log, by which it can be checked later.
enum ReviewExport {
  private static let columns = [
    "review", "user", "id", "role", "target", "via", "grant", "since", "grantedBy", "lastChange", "decision",
    "reviewer", "decided", "comment", "logHead",
  ]

  static func lines(
    _ name: String, _ items: [ReviewItem], _ access: PastAccess, _ format: RightsLines.Format
  ) -> RightsLines {
    let items = items.reduce(into: [ResourceID: ReviewItem]()) { $0[$1.id] = $1 }
    return RightsLines(
      access, format, columns,
      cells: { user, holding in
        items[holding.grant.id].map { [name] + cells(user, holding, $0, access) }
      })
  }

  private static func cells(
    _ user: EffectiveAccess, _ holding: EffectiveAccess.Holding, _ item: ReviewItem, _ access: PastAccess
  ) -> [String?] {
    let grant = access.grant(item.id)
    let via = holding.via.map(\.name).joined(separator: " > ")
    let decision = item.decision
    let changed = item.grant?.resource.modified.description ?? decision?.decided?.description
    return [
      user.userName, user.user.text, holding.role.role.value, holding.target?.name,
      via.isEmpty ? nil : via, item.id.text, DateTime(milliseconds: holding.since).description,
      grant?.grantedBy, changed, decision?.verdict.rawValue, decision?.reviewer,
      decision?.decided?.description, decision?.comment, access.head,
    ]
  }
}
