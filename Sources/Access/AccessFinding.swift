import SCIM
package import Storage

/// Something about rights that an administrator should look at.
package struct AccessFinding: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    /// A user has a critical role, or the account role of the highest rank, by a grant of the user's own and through no
    /// group, so that nobody loses it by leaving a team.
    case directAdmin
    /// A deactivated user still has grants, which hold again with the reactivation.
    case inactiveWithGrants
    /// A user with rights did not sign in for 90 days. Only if applications report logins.
    case notSignedIn
    /// The reason of a grant names a day that has passed, or its end has passed.
    case pastReason
    /// Nobody has the role.
    case unusedRole
  }

  package let kind: Kind
  /// In a sentence.
  package let text: String
  package var user: ResourceID?
  package var role: String?
  package var grant: ResourceID?

  /// Days without a sign-in.
  package static let signInDays: Int64 = 90
}

extension AccessEvaluation {
  private static let day: Int64 = 86_400_000

  /// In the order of the kinds, and of names.
  ///
  /// - Parameters:
  ///   - signIns: when users signed in last, in milliseconds since 1970; nil if nobody reports it.
  ///   - reasons: of grants that have one.
  package func findings(
    signIns: [ResourceID: Int64]?, reasons: [ResourceID: String]
  ) -> [AccessFinding] {
    let roles = table.sortedRoles
    let holders = roles.map { (role: $0, users: holderIDs(of: $0.id)) }
    var found = roles.filter(isAdministrative).flatMap(directAdmins) + inactive()
    if let signIns {
      let all = holders.reduce(into: Set<ResourceID>()) { $0.formUnion($1.users) }
      found += notSignedIn(all, signIns)
    }
    found += past(reasons)
    for (role, users) in holders where users.isEmpty {
      found.append(
        AccessFinding(
          kind: .unusedRole, text: "Nobody has the role \(role.role.value).", role: role.role.value))
    }
    return found
  }

  private func isAdministrative(_ role: AccessTable.RoleEntry) -> Bool {
    if role.role.isCritical { return true }
    let highest = table.roles.values.filter { $0.role.kind == .account }.map(\.role.rank).max() ?? 0
    return role.role.kind == .account && role.role.rank == highest && highest > 0
  }

  private func directAdmins(_ role: AccessTable.RoleEntry) -> [AccessFinding] {
    let grants = table.grants(ofRole: role.id).filter(holds)
    let throughGroups = Set(
      grants.filter(\.isGroup).flatMap { view.activeUsers(in: $0.principal).users.map(\.id) })
    return named(
      grants.filter { grant in
        !grant.isGroup && !throughGroups.contains(grant.principal)
          && view.principal(grant.principal)?.isActive == true
      }
    ).map { name, grant in
      AccessFinding(
        kind: .directAdmin, text: "\(name) has the role \(role.role.value) directly, and through no group.",
        user: grant.principal, role: role.role.value, grant: grant.id)
    }
  }

  private func inactive() -> [AccessFinding] {
    named(
      table.roles.keys.flatMap { table.grants(ofRole: $0) }.filter { grant in
        !grant.isGroup && table.holds(grant, at: now) && view.principal(grant.principal)?.isActive == false
      }
    ).map { name, grant in
      let role = table.roles[grant.role]?.role.value ?? grant.role.text
      return AccessFinding(
        kind: .inactiveWithGrants, text: "\(name) is deactivated and still has a grant of the role \(role).",
        user: grant.principal, role: role, grant: grant.id)
    }
  }

  private func notSignedIn(_ users: Set<ResourceID>, _ signIns: [ResourceID: Int64]) -> [AccessFinding] {
    let limit = now - AccessFinding.signInDays * Self.day
    let late = users.filter { (signIns[$0] ?? view.created($0) ?? now) < limit }
    return late.map { (name: view.name(of: $0), id: $0) }
      .sorted { AccessNames.precedes($0.name, $1.name) }
      .map { name, id in
        let since = signIns[id].map { "since \(DateTime(milliseconds: $0).description.prefix(10))" }
        return AccessFinding(
          kind: .notSignedIn,
          text: "\(name) has rights and has \(since.map { "not signed in \($0)" } ?? "never signed in").",
          user: id)
      }
  }

  private func past(_ reasons: [ResourceID: String]) -> [AccessFinding] {
    let today = now / Self.day * Self.day
    let grants = table.roles.keys.flatMap { table.grants(ofRole: $0) }
    return named(grants).compactMap { name, grant in
      let role = table.roles[grant.role]?.role.value ?? grant.role.text
      let text: String
      guard table.isInEffect(grant) else { return nil }
      if grant.isExpired(at: now) {
        text = "The grant of \(role) to \(name) has ended and is not removed yet."
      } else if let day = reasons[grant.id].flatMap(Self.lastDay), day.milliseconds < today {
        text = "\(name) still has the role \(role), and the reason names \(day.description.prefix(10))."
      } else {
        return nil
      }
      return AccessFinding(
        kind: .pastReason, text: text, user: grant.isGroup ? nil : grant.principal, role: role,
        grant: grant.id)
    }
  }

  /// The latest day that a text names as `2026-11-30`; nil if it names none.
  static func lastDay(in text: String) -> DateTime? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 10 else { return nil }
    return (0...(bytes.count - 10)).compactMap { start in
      let part = bytes[start..<start + 10]
      guard part[start + 4] == UInt8(ascii: "-"), part[start + 7] == UInt8(ascii: "-") else { return nil }
      return DateTime(String(decoding: part, as: UTF8.self) + "T00:00:00Z")
    }.max()
  }

  /// With the names of their principals, in the order of these.
  private func named(
    _ grants: [AccessTable.GrantEntry]
  ) -> [(name: String, grant: AccessTable.GrantEntry)] {
    grants.map { (view.name(of: $0.principal), $0) }.sorted { a, b in
      if AccessNames.precedes(a.0, b.0) { return true }
      return AccessNames.precedes(b.0, a.0) ? false : a.1.id < b.1.id
    }
  }
}
