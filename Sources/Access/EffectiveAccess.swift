import SCIM
package import Storage

/// What a user may do, with the reason of each right.
package struct EffectiveAccess: Sendable {
  package struct Group: Sendable, Equatable {
    package let id: ResourceID
    package let name: String
  }

  /// A role that the user has.
  package struct Holding: Sendable {
    package let grant: AccessTable.GrantEntry
    /// Milliseconds since 1970.
    package let since: Int64
    package let role: AccessTable.RoleEntry
    /// Nil for an account role.
    package let target: AccessTable.TargetEntry?
    /// From the group that the user is in to the group that has the role; empty if the user was given it directly.
    package let via: [Group]
  }

  package let user: ResourceID
  package let userName: String
  package let isActive: Bool
  /// Account roles first, the highest rank first.
  package let holdings: [Holding]

  /// The account role of the highest rank; nil if the user has none.
  package var accountRole: Role? { holdings.first { $0.role.role.kind == .account }?.role.role }

  /// What the user may do in the whole directory, each once, sorted.
  package var permissions: [String] { Self.union(holdings.filter { $0.target == nil }) }

  /// What the user may do on single targets only, by their names, sorted.
  package var targetPermissions: [(target: String, permissions: [String])] {
    var byTarget: [ResourceID: (name: String, holdings: [Holding])] = [:]
    for holding in holdings {
      if let target = holding.target {
        byTarget[target.id, default: (target.name, [])].holdings.append(holding)
      }
    }
    return byTarget.values.sorted { AccessNames.precedes($0.name, $1.name) }
      .map { ($0.name, Self.union($0.holdings)) }
  }

  private static func union(_ holdings: [Holding]) -> [String] {
    var seen = Set<ResourceID>()
    let roles = holdings.filter { seen.insert($0.role.id).inserted }.map(\.role)
    if roles.count == 1 { return roles[0].role.permissions }
    return roles.reduce(into: Set<String>()) { $0.formUnion($1.permissions) }.sorted()
  }
}
