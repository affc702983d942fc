import SCIM
package import Storage

/// A user who has a role, and why.
package struct AccessHolder: Sendable {
  package let user: ResourceID
  package let grant: AccessTable.GrantEntry
  /// Milliseconds since 1970.
  package let since: Int64
  package let role: AccessTable.RoleEntry
  package let target: AccessTable.TargetEntry?
  /// From the group that the user is in to the group that has the role; empty if the user has it directly.
  package let via: [ResourceID]
}

extension AccessEvaluation {
  /// The active users who have one of the roles, each once for each role and target, by the oldest grant; looks at every
  /// holder, so it is not for the lock.
  ///
  /// - Parameter target: only on this target, and in the whole directory; nil for all.
  package func holders(of roles: [AccessTable.RoleEntry], on target: ResourceID? = nil) -> [AccessHolder] {
    struct Place: Hashable {
      let user: ResourceID
      let role: ResourceID
      let target: ResourceID?
    }
    var seen = Set<Place>()
    var found: [AccessHolder] = []
    var descents: [ResourceID: MembershipView.Descent] = [:]
    func add(
      _ user: ResourceID, _ grant: AccessTable.GrantEntry, _ role: AccessTable.RoleEntry, _ via: [ResourceID]
    ) {
      guard seen.insert(Place(user: user, role: role.id, target: grant.target)).inserted else { return }
      found.append(
        AccessHolder(
          user: user, grant: grant, since: table.since(grant), role: role,
          target: grant.target.flatMap { table.targets[$0] }, via: via))
    }
    for role in roles {
      for grant in table.grants(ofRole: role.id) where holds(grant) {
        if let target, let own = grant.target, own != target { continue }
        guard grant.isGroup else {
          if view.principal(grant.principal)?.isActive == true { add(grant.principal, grant, role, []) }
          continue
        }
        let descent = descents[grant.principal] ?? view.activeUsers(in: grant.principal)
        descents[grant.principal] = descent
        for user in descent.users { add(user.id, grant, role, descent.path(from: user.group)) }
      }
    }
    return found
  }

  /// The same as a set for one role, on whatever target.
  func holderIDs(of role: ResourceID) -> Set<ResourceID> {
    var found = Set<ResourceID>()
    var done = Set<ResourceID>()
    for grant in table.grants(ofRole: role) where holds(grant) {
      guard done.insert(grant.principal).inserted else { continue }
      if grant.isGroup {
        for user in view.activeUsers(in: grant.principal).users { found.insert(user.id) }
      } else if view.principal(grant.principal)?.isActive == true {
        found.insert(grant.principal)
      }
    }
    return found
  }
}

extension MembershipView.Descent {
  /// From a group to the first one.
  func path(from group: Int) -> [ResourceID] {
    var path: [ResourceID] = []
    var next: Int? = group
    while let index = next {
      path.append(groups[index].id)
      next = groups[index].outer
    }
    return path
  }
}
