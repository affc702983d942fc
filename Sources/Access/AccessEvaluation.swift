import SCIM
package import Storage

/// Who may do what at one moment: a function of who is in which group, of the grants, and of the time.
package struct AccessEvaluation {
  package let view: MembershipView
  package let table: AccessTable
  /// Milliseconds since 1970.
  let now: Int64

  package init(_ view: MembershipView, _ table: AccessTable, now: Int64) {
    self.view = view.holdingBack(table.heldBack.isEmpty ? [] : Set(table.heldBack.keys))
    self.table = table
    self.now = now
  }

  /// A grant that holds for a user, and through which of the user's groups; nil if directly.
  struct Held {
    let grant: AccessTable.GrantEntry
    let group: Int?
  }

  /// What holds for a user.
  struct Walk {
    var held: [Held] = []
    var groups = MembershipView.Groups()
    /// The last record that shows in it.
    var seq: UInt64
    let nests: Bool

    /// Two walks of one user with the same stamp found the same: nothing but a record or the policy changes what there is,
    /// and nothing but the end of a grant what holds of it.
    var stamp: AccessStamp { AccessStamp(seq: seq, held: held.count, nests: nests) }
  }

  /// - Parameter limit: the most groups to look at.
  func walk(_ user: MembershipView.Principal, limit: Int = .max) -> Walk {
    var walk = Walk(seq: max(user.seq, table.seq), nests: view.nests)
    guard user.isActive else { return walk }
    walk.groups = view.groups(of: user, limit: limit)
    walk.seq = max(walk.seq, walk.groups.seq)
    func add(_ principal: ResourceID, _ group: Int?) {
      for grant in table.grants(of: principal) where holds(grant) {
        walk.held.append(Held(grant: grant, group: group))
      }
    }
    add(user.id, nil)
    for (index, group) in walk.groups.list.enumerated() { add(group.id, index) }
    return walk
  }

  /// Whether a grant holds now, and is not of a connection that is held back.
  func holds(_ grant: AccessTable.GrantEntry) -> Bool {
    table.holds(grant, at: now) && !(grant.isOfProvider && view.isHeldBack(grant.principal))
  }

  /// Everything that a user may do.
  func access(of user: MembershipView.Principal, _ walk: Walk) -> EffectiveAccess {
    var holdings: [EffectiveAccess.Holding] = []
    holdings.reserveCapacity(walk.held.count)
    for held in walk.held { if let holding = holding(held, walk) { holdings.append(holding) } }
    holdings.sort(by: Self.precedes)
    return EffectiveAccess(
      user: user.id, userName: view.name(of: user.id), isActive: user.isActive, holdings: holdings)
  }

  /// Nil if its role or target is gone.
  func holding(_ held: Held, _ walk: Walk) -> EffectiveAccess.Holding? {
    guard let role = table.roles[held.grant.role] else { return nil }
    var target: AccessTable.TargetEntry?
    if let id = held.grant.target {
      guard let found = table.targets[id] else { return nil }
      target = found
    }
    guard (role.role.kind == .scoped) == (target != nil) else { return nil }
    return EffectiveAccess.Holding(
      grant: held.grant, since: table.since(held.grant), role: role, target: target,
      via: via(held.group, walk.groups.list))
  }

  private func via(
    _ position: Int?, _ groups: [MembershipView.Containment]
  ) -> [EffectiveAccess.Group] {
    var path: [EffectiveAccess.Group] = []
    var next = position
    while let index = next {
      path.append(EffectiveAccess.Group(id: groups[index].id, name: view.name(of: groups[index].id)))
      next = groups[index].inner
    }
    return path.reversed()
  }

  private static func precedes(_ a: EffectiveAccess.Holding, _ b: EffectiveAccess.Holding) -> Bool {
    if a.role !== b.role {
      let (left, right) = (a.role.role, b.role.role)
      if left.kind != right.kind { return left.kind == .account }
      if left.rank != right.rank { return left.rank > right.rank }
      return AccessNames.precedes(left.value, right.value)
    }
    if a.target !== b.target { return AccessNames.precedes(a.target?.name ?? "", b.target?.name ?? "") }
    return (a.since, a.grant.id) < (b.since, b.grant.id)
  }

  /// The nearest grant that lets a user do something; nil if none does. A role of the whole directory holds for every
  /// target; without a target, only such roles count.
  func holding(_ walk: Walk, _ permission: String, on target: ResourceID?) -> EffectiveAccess.Holding? {
    for held in walk.held where held.grant.target == nil || held.grant.target == target {
      guard table.roles[held.grant.role]?.permissions.contains(permission) == true,
        let holding = holding(held, walk)
      else { continue }
      return holding
    }
    return nil
  }
}
