package import SCIM
package import Storage

/// Users who would lose a role by one act, if they are more than may lose it unnoticed.
package struct AccessLoss: Sendable {
  /// Of roles with fewer holders, any number may lose it; unless they are the last ones of a critical role.
  package static let minHolders = 10

  package let role: String
  package let isLast: Bool
  package let lost: Int
  /// Those who have it before.
  package let holders: Int

  /// Nil if few enough lose it.
  init?(_ role: Role, before: Set<ResourceID>, after: Set<ResourceID>) {
    lost = before.subtracting(after).count
    holders = before.count
    isLast = role.isCritical && after.isEmpty
    self.role = role.value
    guard lost > 0 else { return nil }
    let isMany = holders >= Self.minHolders && lost * 100 > holders * AccessReview.maxLossPercent
    guard isLast || isMany else { return nil }
  }

  /// In a sentence.
  package var sentence: String {
    guard isLast else { return "\(lost) of the \(holders) holders of the role \"\(role)\" would lose it." }
    let last = holders == 1 ? "last holder" : "last \(holders) holders"
    return "The role \"\(role)\" is critical, and its \(last) would lose it."
  }
}

extension AccessEvaluation {
  /// What would be lost if a role were deleted, a grant removed, or its end brought forward; nil if it is little.
  package func loss(by step: AccessStep) -> AccessLoss? {
    switch step {
    case .deleteRole(let name):
      return table.role(name).flatMap { losses(removing: table.grants(ofRole: $0.id).map(\.id)).first }
    case .removeGrant(let id):
      guard let grant = table.grant(id) else { return nil }
      // One of ten is not more than a tenth.
      if table.roles[grant.role]?.role.isCritical != true, !grant.isGroup { return nil }
      return losses(removing: [id]).first
    case .setGrant(let id, _, _): return ends(earlierBy: step) ? loss(by: .removeGrant(id)) : nil
    default: return nil
    }
  }

  /// Whether a grant would end earlier than it does.
  private func ends(earlierBy step: AccessStep) -> Bool {
    guard case .setGrant(let id, let expires?, _) = step, let grant = table.grant(id) else { return false }
    return grant.expires.map { expires.milliseconds < $0 } ?? true
  }

  /// What would be lost when the grants end whose end steps bring forward.
  func losses(shortenedBy steps: [AccessStep]) -> [AccessLoss] {
    let ids = steps.compactMap { step -> ResourceID? in
      guard case .setGrant(let id, _, _) = step, ends(earlierBy: step) else { return nil }
      return id
    }
    return ids.isEmpty ? [] : losses(removing: ids)
  }

  /// What would be lost without these users, and without the groups that a connection manages.
  ///
  /// - Parameter connection: nil if its groups stay.
  package func losses(without users: Set<ResourceID>, groupsOf connection: ResourceID?) -> [AccessLoss] {
    let next = AccessEvaluation(view, connection.map { table.holdingBack($0) } ?? table, now: now)
    return table.sortedRoles.compactMap { role in
      AccessLoss(
        role.role, before: holderIDs(of: role.id), after: next.holderIDs(of: role.id).subtracting(users))
    }
  }

  /// What would be lost if all these grants were removed.
  package func losses(removing grants: [ResourceID]) -> [AccessLoss] {
    var after = table
    var roles = Set<ResourceID>()
    for id in grants {
      if let grant = table.grant(id) { roles.insert(grant.role) }
      after.take("Grant", id, nil, created: 0)
    }
    let next = AccessEvaluation(view, after, now: now)
    return roles.compactMap { table.roles[$0] }.sorted { AccessNames.precedes($0.role.value, $1.role.value) }
      .compactMap { AccessLoss($0.role, before: holderIDs(of: $0.id), after: next.holderIDs(of: $0.id)) }
  }

  /// The roles that users could lose together with a user or a group, or with its members.
  fileprivate func rolesAtRisk(with principal: ResourceID) -> [AccessTable.RoleEntry] {
    guard let found = view.principal(principal) else { return [] }
    let holders = [principal] + view.groups(of: found).list.map(\.id)
    let roles = Set(holders.flatMap { table.grants(of: $0) }.filter(holds).map(\.role))
    return roles.compactMap { table.roles[$0] }.filter { !found.isUser || $0.role.isCritical }
      .sorted { AccessNames.precedes($0.role.value, $1.role.value) }
  }
}

extension DirectoryAccess {
  /// What would be lost of the roles of a user or a group by a change, which is tried on a copy of the state and not made.
  package func losses(
    with principal: ResourceID, _ context: RequestContext,
    by change: (inout Transaction) throws(SCIMError) -> Void
  ) throws(SCIMError) -> [AccessLoss] {
    let now = now
    let roles = examine { $0.rolesAtRisk(with: principal) }.whenDurable()
    guard !roles.isEmpty else { return [] }
    return try directory.drafting(context) {
      tx throws(SCIMError) -> (value: [AccessLoss], use: Directory.DraftUse) in
      let table = self.table
      let before = roles.map { AccessEvaluation(tx.membership, table, now: now).holderIDs(of: $0.id) }
      try tx.step(change)
      let after = AccessEvaluation(tx.membership, table, now: now)
      let losses = zip(roles, before).compactMap { role, holders in
        AccessLoss(role.role, before: holders, after: after.holderIDs(of: role.id))
      }
      return (losses, .dropped)
    }.whenDurable().get().value
  }
}
