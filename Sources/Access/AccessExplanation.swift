import SCIM
package import Storage

/// Why a user may do something, or what is missing.
package struct AccessExplanation: Sendable {
  package let isAllowed: Bool
  /// In a sentence.
  package let because: String
  /// Every grant that allows it, the nearest first.
  package var paths: [EffectiveAccess.Holding] = []
  /// What would allow it, the least first, in sentences.
  package var missing: [String] = []
}

extension AccessEvaluation {
  /// How many ways are named of what is missing.
  private static let maxMissing = 20

  /// - Parameter target: by its name; nil for the whole directory.
  package func explanation(
    of user: MembershipView.Principal, _ permission: String, on target: String?
  ) -> AccessExplanation {
    let name = view.name(of: user.id)
    guard user.isActive else {
      return AccessExplanation(
        isAllowed: false, because: "\(name) is deactivated, so nothing is granted.",
        missing: ["Reactivate the user."])
    }
    let entry = target.flatMap { table.target($0) }
    if let target, entry == nil {
      return AccessExplanation(
        isAllowed: false, because: "There is no target \"\(target.prefix(256))\".",
        missing: ["Create the target \(target.prefix(256))."])
    }
    let all = access(of: user, walk(user)).holdings.filter { $0.role.permissions.contains(permission) }
    let paths = all.filter { $0.target == nil || $0.target === entry }.sorted { $0.via.count < $1.via.count }
    guard let first = paths.first else {
      return heldBack(user, permission, target) ?? missing(user, permission, entry, all)
    }
    return AccessExplanation(isAllowed: true, because: Self.sentence(name, permission, first), paths: paths)
  }

  package static func sentence(
    _ user: String, _ permission: String, _ holding: EffectiveAccess.Holding
  ) -> String {
    let way = holding.via.isEmpty ? "" : " -> " + holding.via.map(\.name).joined(separator: " -> ")
    let place = holding.target.map { " on \($0.name)" } ?? ""
    return
      "\(user)\(way) -> grant \(holding.grant.id.text) -> role \(holding.role.role.value)\(place) -> \(permission)"
  }

  /// The answer if only connections that were not reviewed yet would allow it; nil if they would not either.
  private func heldBack(
    _ user: MembershipView.Principal, _ permission: String, _ target: String?
  ) -> AccessExplanation? {
    guard !table.heldBack.isEmpty else { return nil }
    let then = AccessEvaluation(view, table.withoutHoldingBack, now: now).explanation(
      of: user, permission, on: target)
    guard let path = then.paths.first else { return nil }
    let ids = [path.grant.principal] + path.via.map(\.id) + [user.id]
    let names = Set(ids.compactMap { view.manager(of: $0) }.compactMap { table.heldBack[$0] })
      .sorted(by: AccessNames.precedes)
    let which = names.joined(separator: ", ")
    return AccessExplanation(
      isAllowed: false,
      because:
        "It is held back until the first review of the connection \(which) is applied: \(then.because).",
      missing: names.map {
        "The first review of the connection \($0): scimd access draft --connection \($0)"
      })
  }

  private func missing(
    _ user: MembershipView.Principal, _ permission: String, _ target: AccessTable.TargetEntry?,
    _ elsewhere: [EffectiveAccess.Holding]
  ) -> AccessExplanation {
    let roles = table.roles(permitting: permission)
    guard !roles.isEmpty else {
      return AccessExplanation(
        isAllowed: false, because: "No role has the permission \(permission).",
        missing: ["Add \(permission) to a role that the user has."])
    }
    let names = roles.prefix(10).map(\.role.value).joined(separator: ", ")
    let place = target.map { " on \($0.name)" } ?? ""
    let name = view.name(of: user.id)
    var because = "\(name) has none of the roles that allow \(permission)\(place): \(names)."
    if let other = elsewhere.first?.target {
      because =
        "\(name) has \(permission) on \(other.name) only\(target == nil ? ", not in the whole directory" : "")."
    }
    var ways = ways(user, roles, target)
    if ways.isEmpty {
      ways = [
        "Ask about one target, or add \(permission) to an account role: \(names) holds on single targets only."
      ]
    }
    return AccessExplanation(isAllowed: false, because: because, missing: ways)
  }

  /// Groups that would bring it, grants that have ended, and new grants.
  private func ways(
    _ user: MembershipView.Principal, _ roles: [AccessTable.RoleEntry], _ target: AccessTable.TargetEntry?
  ) -> [String] {
    var ended: [String] = []
    var groups: [String] = []
    var grants: [String] = []
    let own = Set([user.id] + view.groups(of: user).list.map(\.id))
    for role in roles {
      for grant in table.grants(ofRole: role.id).prefix(1000) {
        guard grant.target == nil || grant.target == target?.id, ended.count + groups.count < Self.maxMissing
        else { continue }
        guard !table.isRemoved(grant) else { continue }
        let isHeld = table.holds(grant, at: now)
        if own.contains(grant.principal), table.isPending(grant) {
          ended.append(
            "The grant \(grant.id.text) of \(role.role.value) takes effect when the draft that makes it is applied: "
              + "`scimd job list` shows its progress.")
        } else if own.contains(grant.principal), !isHeld {
          ended.append(
            "The grant \(grant.id.text) of \(role.role.value) ended at "
              + "\(DateTime(milliseconds: grant.expires ?? 0)); give it again.")
        } else if grant.isGroup, isHeld, view.principal(grant.principal) != nil {
          groups.append(
            "Membership in the group \(view.name(of: grant.principal)), which has the role \(role.role.value)."
          )
        }
      }
      if role.role.kind == .account || target != nil {
        let place = role.role.kind == .scoped ? target.map { " on \($0.name)" } ?? "" : ""
        grants.append("A grant of the role \(role.role.value)\(place).")
      }
    }
    return Array((ended + groups + grants).prefix(Self.maxMissing))
  }
}
