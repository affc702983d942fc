package import SCIM
package import Storage

/// Who gains and who loses what by a change, before it is made.
package struct AccessReview: Sendable {
  package struct RoleChange: Sendable {
    /// The value of the role, as it is or was.
    package let role: String
    package let isCritical: Bool
    /// Active users who have the role only afterwards, on whatever target.
    package let gains: [ResourceID]
    /// Active users who have it only before.
    package let loses: [ResourceID]
    package let keeps: Int
    package let permissionsAdded: [String]
    package let permissionsRemoved: [String]

    /// Whether somebody would notice.
    var matters: Bool {
      !gains.isEmpty || !loses.isEmpty || !permissionsAdded.isEmpty || !permissionsRemoved.isEmpty
    }
  }

  /// More of a role's holders than that cannot lose it without force.
  package static let maxLossPercent = 10

  package let roles: [RoleChange]
  /// Why it needs force, in sentences; empty if it does not.
  package let warnings: [String]
}

extension AccessEvaluation {
  /// - Parameter after: the table as the change leaves it; memberships stay as they are.
  package func review(becoming after: AccessTable, _ warnings: [String] = []) -> AccessReview {
    let next = AccessEvaluation(view, after, now: now)
    var changes: [AccessReview.RoleChange] = []
    for id in changedRoles(after) {
      let (old, new) = (table.roles[id]?.role, after.roles[id]?.role)
      guard let role = new ?? old else { continue }
      let (before, then) = (holderIDs(of: id), next.holderIDs(of: id))
      let (had, has) = (Set(old?.permissions ?? []), Set(new?.permissions ?? []))
      let isBoth = old != nil && new != nil
      let change = AccessReview.RoleChange(
        role: role.value, isCritical: (old ?? role).isCritical, gains: view.inOrder(then.subtracting(before)),
        loses: view.inOrder(before.subtracting(then)), keeps: before.intersection(then).count,
        permissionsAdded: isBoth ? has.subtracting(had).sorted() : [],
        permissionsRemoved: isBoth ? had.subtracting(has).sorted() : [])
      if change.matters { changes.append(change) }
    }
    changes.sort { AccessNames.precedes($0.role, $1.role) }
    return AccessReview(roles: changes, warnings: changes.flatMap(Self.warnings) + warnings)
  }

  private static func warnings(_ change: AccessReview.RoleChange) -> [String] {
    let before = change.loses.count + change.keeps
    guard !change.loses.isEmpty else { return [] }
    if change.isCritical, change.keeps == 0, change.gains.isEmpty {
      return ["The role \(change.role) is critical, and the last of its \(before) holders would lose it."]
    }
    guard change.loses.count * 100 > before * AccessReview.maxLossPercent else { return [] }
    return ["\(change.loses.count) of the \(before) holders of the role \(change.role) would lose it."]
  }

  /// Roles of which the definition or the grants differ.
  private func changedRoles(_ after: AccessTable) -> [ResourceID] {
    if Set(table.heldBack.keys) != Set(after.heldBack.keys) {
      return Array(Set(table.roles.keys).union(after.roles.keys))
    }
    var found = Set<ResourceID>()
    for id in Set(table.roles.keys).union(after.roles.keys) {
      let (old, new) = (table.roles[id]?.role, after.roles[id]?.role)
      if old?.kind != new?.kind || old?.permissions != new?.permissions || (old == nil) != (new == nil) {
        found.insert(id)
      } else if !table.hasSameGrants(ofRole: id, as: after) {
        found.insert(id)
      }
    }
    return Array(found)
  }
}

extension DirectoryAccess {
  /// How often steps are tried on the state when it changes meanwhile.
  private static let attempts = 5

  /// What steps came to on a copy of the state.
  package struct Trial: Sendable {
    package let review: AccessReview
    package let undo: [AccessStep]
    /// The names of the users in the review, as far as they are listed.
    package let names: [ResourceID: String]
  }

  /// Users of a role whose names are listed.
  package static let maxListed = 100

  /// Tries steps on a copy of the state, and says who gains and who loses. `body` may do more in the same change, and says
  /// whether it is made: as one record, or not at all.
  ///
  /// - Returns: the trial, and whether the change was too long for one record, so that it was not made.
  package func attempt(
    _ steps: [AccessStep], _ context: RequestContext,
    _ body: (Trial, inout Transaction) throws(SCIMError) -> Bool
  ) throws(SCIMError) -> (trial: Trial, isTooLong: Bool) {
    for _ in 0..<Self.attempts {
      var isStale = false
      let result = directory.drafting(context) {
        tx throws(SCIMError) -> (value: Trial, use: Directory.DraftUse) in
        let table = self.table
        // The table follows the state: it is that of the copy, or a later one.
        isStale = table.seq > tx.membership.last
        guard !isStale else { throw Directory.changedMeanwhile }
        var change = AccessChange(directory, table, now: now)
        let evaluation = AccessEvaluation(tx.membership, table, now: now)
        let warnings =
          try providerWarnings(steps, &tx) + evaluation.losses(shortenedBy: steps).map(\.sentence)
        for step in steps { try change.perform(step, &tx) }
        let review = evaluation.review(becoming: change.table, warnings)
        let trial = Trial(review: review, undo: change.undo, names: names(review, evaluation))
        return (trial, try body(trial, &tx) ? .whole : .dropped)
      }.whenDurable()
      if !isStale {
        let made = try result.get()
        return (made.value, made.isTooLong)
      }
    }
    throw Directory.changedMeanwhile
  }

  private func names(_ review: AccessReview, _ evaluation: AccessEvaluation) -> [ResourceID: String] {
    var names: [ResourceID: String] = [:]
    for change in review.roles {
      for user in change.gains.prefix(Self.maxListed) + change.loses.prefix(Self.maxListed) {
        names[user] = evaluation.view.name(of: user)
      }
    }
    return names
  }

  /// Critical roles for groups whose members a provider chooses.
  private func providerWarnings(_ steps: [AccessStep], _ tx: inout Transaction) throws(SCIMError) -> [String]
  {
    var warnings: [String] = []
    let table = table
    for case .addGrant(let grant) in steps where grant.isGroup {
      guard let role = table.role(grant.role), role.role.isCritical, tx.isManagedByConnection(grant.principal)
      else { continue }
      warnings.append(
        "The role \(role.role.value) is critical, and the members of the group "
          + "\(tx.membership.name(of: grant.principal)) are chosen by an identity provider.")
    }
    return warnings
  }
}
