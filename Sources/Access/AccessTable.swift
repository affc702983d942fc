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
    /// When it was made, in milliseconds since 1970.
    package let since: Int64
    package let isGroup: Bool
    /// Whether an identity provider named the role.
    let isOfProvider: Bool
    /// The large draft that makes it, and the one that removes it.
    let draft: DraftNumbers.Number
    let endsWith: DraftNumbers.Number

    /// Whether its end has passed.
    package func isExpired(at now: Int64) -> Bool { expires.map { $0 <= now } ?? false }
  }

  package private(set) var roles: [ResourceID: RoleEntry] = [:]
  package private(set) var targets: [ResourceID: TargetEntry] = [:]
  private var roleNames: [TextKey: ResourceID] = [:]
  private var targetNames: [TextKey: ResourceID] = [:]
  /// The large drafts that grants can name.
  package private(set) var drafts = DraftNumbers()
  /// How many grants of a role or on a target large drafts make and remove.
  private var drafted: [ResourceID: [DraftNumbers.Number: (made: Int, removed: Int)]] = [:]
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

  /// Including those that are pending, and those that ended with a draft and are not removed yet.
  package func allGrantCount(ofRole role: ResourceID) -> Int { ofRoles[role]?.count ?? 0 }

  /// Including those that are pending, and those that ended with a draft and are not removed yet.
  package func allGrantCount(onTarget target: ResourceID) -> Int { ofTargets[target]?.count ?? 0 }

  package func grantCount(ofRole role: ResourceID) -> Int {
    allGrantCount(ofRole: role) - countWithoutEffect(role)
  }

  package func grantCount(onTarget target: ResourceID) -> Int {
    allGrantCount(onTarget: target) - countWithoutEffect(target)
  }

  /// Grants of a role or on a target that are pending, or ended with a draft.
  private func countWithoutEffect(_ id: ResourceID) -> Int {
    (drafted[id] ?? [:]).reduce(0) { sum, entry in
      if entry.key == DraftNumbers.none { return sum }
      return sum + (drafts.isApplied(entry.key) ? entry.value.removed : entry.value.made)
    }
  }

  /// Whether a grant gives its role: its end has not passed, and no draft that is yet to be applied makes it, and none
  /// that is applied removed it.
  package func holds(_ grant: GrantEntry, at now: Int64) -> Bool {
    !grant.isExpired(at: now) && isInEffect(grant)
  }

  /// Whether large drafts let a grant give its role, whatever its end.
  package func isInEffect(_ grant: GrantEntry) -> Bool { !isPending(grant) && !isRemoved(grant) }

  /// Whether the draft that makes a grant is not applied yet.
  package func isPending(_ grant: GrantEntry) -> Bool {
    grant.draft != DraftNumbers.none && !drafts.isApplied(grant.draft)
  }

  /// Since when a grant gives its role, in milliseconds since 1970: when it was made, or its draft applied.
  func since(_ grant: GrantEntry) -> Int64 { max(grant.since, drafts.applied(grant.draft) ?? 0) }

  /// Whether a draft that is applied removes a grant, which only its job has not done yet.
  package func isRemoved(_ grant: GrantEntry) -> Bool {
    grant.endsWith != DraftNumbers.none && drafts.isApplied(grant.endsWith)
  }

  /// Whether the grants of a role are the same in another table.
  func hasSameGrants(ofRole role: ResourceID, as other: AccessTable) -> Bool {
    let (own, others) = (ofRoles[role], other.ofRoles[role])
    guard own?.count == others?.count else { return false }
    return (own?.all ?? []).allSatisfy { id in
      guard let one = grants[id], let its = other.grants[id] else { return false }
      return one.expires == its.expires && isInEffect(one) == other.isInEffect(its)
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
    case "Draft": drafts.set(id, document)
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
      isOfProvider: grant.origin == .scim, draft: drafts.number(of: grant.draft),
      endsWith: drafts.number(of: grant.endsWith))
    grants[id] = entry
    ofPrincipals[grant.principal, default: []].append(entry)
    ofRoles[grant.role, default: IDSet()].insert(id)
    if let target = grant.target { ofTargets[target, default: IDSet()].insert(id) }
    if let expires = entry.expires { expiring[id] = expires }
    count(entry, 1)
  }

  /// Counts a grant of large drafts in, or out with -1.
  private mutating func count(_ grant: GrantEntry, _ step: Int) {
    guard grant.draft != DraftNumbers.none || grant.endsWith != DraftNumbers.none else { return }
    drafts.count(grant.draft, step)
    drafts.count(grant.endsWith, step)
    for id in [grant.role, grant.target].compactMap({ $0 }) {
      drafted[id, default: [:]][grant.draft, default: (0, 0)].made += step
      drafted[id, default: [:]][grant.endsWith, default: (0, 0)].removed += step
    }
  }

  private mutating func forget(_ grant: GrantEntry) {
    grants[grant.id] = nil
    count(grant, -1)
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
