import Access
import JSON
import SCIM
import Storage

/// Everything that users may do, or could do at one moment: a line for each user, role and target, with its reason.
enum AccessExport {
  private static let columns = [
    "user", "id", "role", "kind", "target", "via", "grant", "since", "expires", "origin", "grantedBy",
    "onBehalfOf", "reason",
  ]

  static func lines(_ access: PastAccess, _ format: RightsLines.Format) -> RightsLines {
    RightsLines(
      access, format, columns,
      detail: { object, holding in
        object["via"] = .array(holding.via.map { ["id": .string($0.id.text), "name": .string($0.name)] })
      }, cells: { user, holding in cells(user, holding, access.grant(holding.grant.id)) })
  }

  private static func cells(
    _ user: EffectiveAccess, _ holding: EffectiveAccess.Holding, _ grant: Grant?
  ) -> [String?] {
    let expires = holding.grant.expires.map { DateTime(milliseconds: $0).description }
    let names = holding.via.map(\.name)
    return [
      user.userName, user.user.text, holding.role.role.value, holding.role.role.kind.rawValue,
      holding.target?.name, names.isEmpty ? nil : names.joined(separator: " > "), holding.grant.id.text,
      DateTime(milliseconds: holding.since).description, expires, grant?.origin.rawValue,
      grant?.grantedBy, grant?.onBehalfOf, grant?.reason,
    ]
  }
}
