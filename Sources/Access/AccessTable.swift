import JSON
import SCIM
package import Storage

/// The roles, targets and grants of a directory, made ready to be asked: a view of its log, and a value, so that a copy
/// is what they were at one moment.
package struct AccessTable: Sendable {
  /// A role with its permissions as a set.
  package final class RoleEntry: Sendable {
    package let id: ResourceID
    package let role: Role
    let permissions: Set<String>

    init(_ id: ResourceID, _ role: Role) {
      self.id = id
      self.role = role
      permissions = Set(role.permissions)
    }
  }

  package final class TargetEntry: Sendable {
    package let id: ResourceID
    package let target: Target
    /// The text of its name, made once.
    package let name: String

    init(_ id: ResourceID, _ target: Target) {
      self.id = id
      self.target = target
      name = target.name
    }
  }

  /// What an evaluation needs of a grant.
  package struct GrantEntry: Sendable {
    package let id: ResourceID
    package let principal: ResourceID
    package let role: ResourceID
    package let target: ResourceID?
    /// Milliseconds since 1970; nil for never.
    package let expires: Int64?
    /// Milliseconds since 1970.
    package let since: Int64
    package let isGroup: Bool
    /// Whether an identity provider named the role.
    let isOfProvider: Bool

    package func holds(at now: Int64) -> Bool { expires.map { now < $0 } ?? true }
  }

  package private(set) var roles: [ResourceID: RoleEntry] = [:]
  package private(set) var targets: [ResourceID: TargetEntry] = [:]
  private var roleNames: [TextKey: ResourceID] = [:]
  private var targetNames: [TextKey: ResourceID] = [:]
  private var grants = PartedTable<GrantEntry>()
  private var ofPrincipals = PartedTable<[GrantEntry]>()
  private var ofRoles: [ResourceID: IDSet] = [:]
  private var ofTargets: [ResourceID: IDSet] = [:]
  private var expiring = PartedTable<Int64>()
  /// The names of connections of which nothing grants anything yet.
  package private(set) var heldBack: [ResourceID: String] = [:]
  /// The record that last changed it.
  package private(set) var seq: UInt64 = 0

  package init() {}

  package var grantCount: Int { grants.count }

  // MARK: Asking

  package func role(_ text: String) -> RoleEntry? {
    let id = roleNames[TextKey(folding: text)] ?? ResourceID(text)
    return id.flatMap { roles[$0] }
  }

  package func target(_ text: String) -> TargetEntry? {
    let id = targetNames[TextKey(folding: text)] ?? ResourceID(text)
    return id.flatMap { targets[$0] }
  }

  package func grant(_ id: ResourceID) -> GrantEntry? { grants[id] }

  /// What a user or a group was given directly, in order of being given.
  package func grants(of principal: ResourceID) -> [GrantEntry] { ofPrincipals[principal] ?? [] }

  /// In order of being given.
  package func grants(ofRole role: ResourceID) -> [GrantEntry] { entries(ofRoles[role]) }

  /// In order of being given.
  package func grants(onTarget target: ResourceID) -> [GrantEntry] { entries(ofTargets[target]) }

  package func grantCount(ofRole role: ResourceID) -> Int { ofRoles[role]?.count ?? 0 }

  package func grantCount(onTarget target: ResourceID) -> Int { ofTargets[target]?.count ?? 0 }

  /// Whether the grants of a role are the same in another table.
  func hasSameGrants(ofRole role: ResourceID, as other: AccessTable) -> Bool {
    let (own, others) = (ofRoles[role], other.ofRoles[role])
    guard own?.count == others?.count else { return false }
    return (own?.all ?? []).allSatisfy { id in
      other.grants[id].map { $0.expires == grants[id]?.expires } ?? false
    }
  }

  private func entries(_ ids: IDSet?) -> [GrantEntry] {
    (ids?.all ?? []).compactMap { grants[$0] }.sorted { ($0.since, $0.id) < ($1.since, $1.id) }
  }

  /// Account roles first, the highest rank first, then by value.
  package var sortedRoles: [RoleEntry] {
    roles.values.sorted { a, b in
      if a.role.kind != b.role.kind { return a.role.kind == .account }
      if a.role.rank != b.role.rank { return a.role.rank > b.role.rank }
      return AccessNames.precedes(a.role.value, b.role.value)
    }
  }

  /// The roles that have a permission, in the same order.
  package func roles(permitting permission: String) -> [RoleEntry] {
    sortedRoles.filter { $0.permissions.contains(permission) }
  }

  /// Grants that have ended by then, up to `limit` of them.
  package func expired(at now: Int64, limit: Int) -> [ResourceID] {
    var found: [ResourceID] = []
    expiring.forEach { id, end in if end <= now, found.count < limit { found.append(id) } }
    return found
  }

  /// When the next grant ends; nil if none does.
  package var nextExpiry: Int64? {
    var next: Int64?
    expiring.forEach { _, end in next = min(next ?? end, end) }
    return next
  }

  // MARK: Following

  /// A resource of one of its types as it is from now on.
  package mutating func take(_ change: AdministrativeChange) {
    take(change.type.name, change.id, change.document, created: change.created)
    seq = max(seq, change.seq)
  }

  /// As of which record it was filled: so that what is told apart by `seq` is so over restarts.
  mutating func begin(at seq: UInt64) { self.seq = max(self.seq, seq) }

  mutating func take(_ type: String, _ id: ResourceID, _ document: Document?, created: Int64) {
    switch type {
    case "Role": set(id, document.flatMap { Role($0) })
    case "Target": set(id, document.flatMap { Target($0) })
    case "Grant": set(id, document.flatMap { Grant($0) }, created)
    case "Connection":
      let isHeldBack = document?.attributes["heldBack"]?.boolValue == true
      heldBack[id] = isHeldBack ? document?.attributes["name"]?.stringValue ?? id.text : nil
    default: break
    }
  }

  /// As if the first review of every connection were applied.
  var withoutHoldingBack: AccessTable {
    var table = self
    table.heldBack = [:]
    return table
  }

  /// As if nothing that a connection brought granted anything.
  func holdingBack(_ connection: ResourceID) -> AccessTable {
    var table = self
    table.heldBack[connection] = connection.text
    return table
  }

  private mutating func set(_ id: ResourceID, _ role: Role?) {
    if let old = roles[id] { roleNames[TextKey(folding: old.role.value)] = nil }
    roles[id] = role.map { RoleEntry(id, $0) }
    if let role { roleNames[TextKey(folding: role.value)] = id }
  }

  private mutating func set(_ id: ResourceID, _ target: Target?) {
    if let old = targets[id] { targetNames[TextKey(folding: old.name)] = nil }
    targets[id] = target.map { TargetEntry(id, $0) }
    if let target { targetNames[TextKey(folding: target.name)] = id }
  }

  private mutating func set(_ id: ResourceID, _ grant: Grant?, _ created: Int64) {
    let old = grants[id]
    if let old { forget(old) }
    guard let grant else { return }
    let entry = GrantEntry(
      id: id, principal: grant.principal, role: grant.role, target: grant.target,
      expires: grant.expires?.milliseconds, since: old?.since ?? created, isGroup: grant.isGroup,
      isOfProvider: grant.origin == .scim)
    grants[id] = entry
    ofPrincipals[grant.principal, default: []].append(entry)
    ofRoles[grant.role, default: IDSet()].insert(id)
    if let target = grant.target { ofTargets[target, default: IDSet()].insert(id) }
    if let expires = entry.expires { expiring[id] = expires }
  }

  private mutating func forget(_ grant: GrantEntry) {
    grants[grant.id] = nil
    expiring[grant.id] = nil
    ofPrincipals[grant.principal, default: []].removeAll { $0.id == grant.id }
    if ofPrincipals[grant.principal]?.isEmpty == true { ofPrincipals[grant.principal] = nil }
    ofRoles[grant.role]?.remove(grant.id)
    if ofRoles[grant.role]?.isEmpty == true { ofRoles[grant.role] = nil }
    guard let target = grant.target else { return }
    ofTargets[target]?.remove(grant.id)
    if ofTargets[target]?.isEmpty == true { ofTargets[target] = nil }
  }
}
