import JSON
package import SCIM
package import Storage

/// Steps on their way into one record: each is checked against the state that the steps before it left, and what takes
/// it back is collected.
package struct AccessChange {
  /// Most that a directory can have.
  package static let maxRoles = 10_000
  package static let maxTargets = 100_000
  package static let maxGrants = 1_000_000

  let types: AccessTypes
  /// How it is after the steps so far.
  package private(set) var table: AccessTable
  let now: Int64
  /// Whether `table` has what the steps so far made.
  private let follows: Bool
  /// What takes each step back, the first one first.
  private var undoing: [AccessStep] = []
  /// Of the role, target or grant that the last step made or changed.
  package private(set) var touched: ResourceID?

  /// - Parameters:
  ///   - now: milliseconds since 1970.
  ///   - follows: whether `table` follows the steps; without, a change of few grants in a large table is quick.
  package init(_ directory: Directory, _ table: AccessTable, now: Int64, follows: Bool = true) {
    self.follows = follows
    types = AccessTypes(directory)
    self.table = table
    self.now = now
  }

  /// What takes the steps back, the last one first.
  package var undo: [AccessStep] { undoing.reversed() }

  package mutating func perform(_ step: AccessStep, _ tx: inout Transaction) throws(SCIMError) {
    try tx.step { tx throws(SCIMError) in try carryOut(step, &tx) }
  }

  private mutating func carryOut(_ step: AccessStep, _ tx: inout Transaction) throws(SCIMError) {
    switch step {
    case .putRole(let role):
      if let id = tx.find(types.role, "value", role.value).first {
        try set(id, role, &tx)
      } else {
        try create(role, &tx)
      }
    case .setRole(let id, let role): try set(id, role, &tx)
    case .deleteRole(let name): try deleteRole(name, &tx)
    case .putTarget(let target): try put(target, &tx)
    case .deleteTarget(let name): try deleteTarget(name, &tx)
    case .addGrant(let grant): try add(grant, &tx)
    case .setGrant(let id, let expires, let reason): try set(id, expires, reason, &tx)
    case .removeGrant(let id): try remove(id, &tx)
    case .holdBack(let id): try hold(id, true, &tx)
    case .release(let id): try hold(id, false, &tx)
    }
  }

  private mutating func hold(_ id: ResourceID, _ isHeldBack: Bool, _ tx: inout Transaction) throws(SCIMError)
  {
    let old = try tx.resource(types.connection, id.text)
    guard (old.document.attributes["heldBack"]?.boolValue == true) != isHeldBack else { return }
    var document = old.document
    document.attributes["heldBack"] = isHeldBack ? true : nil
    try tx.update(old, ordered(document, types.connection), [], skipsUnknown: false)
    put(types.connection, id, document)
    undoing.append(isHeldBack ? .release(id) : .holdBack(id))
  }

  // MARK: Roles

  private mutating func create(_ role: Role, _ tx: inout Transaction) throws(SCIMError) {
    guard table.roles.count < Self.maxRoles else { throw Self.full("\(Self.maxRoles) roles") }
    put(
      types.role,
      try tx.create(types.role, ordered(role.document, types.role), members: [], skipsUnknown: false),
      role.document)
    undoing.append(.deleteRole(role.value))
  }

  private mutating func set(_ id: ResourceID, _ role: Role, _ tx: inout Transaction) throws(SCIMError) {
    let old = try tx.resource(types.role, id.text)
    guard let before = Role(old.document) else { throw .notFound("Role \(id.text)") }
    touched = id
    guard before.document != role.document else { return }
    guard before.kind == role.kind || table.allGrantCount(ofRole: id) == 0 else {
      throw SCIMError(
        .conflict,
        "The role \"\(before.value)\" has grants, so its kind cannot become \(role.kind.rawValue). "
          + "Remove the grants first, or make another role.")
    }
    try tx.update(old, ordered(role.document, types.role), [], skipsUnknown: false)
    put(types.role, id, role.document)
    undoing.append(.setRole(id, before))
  }

  private mutating func deleteRole(_ name: String, _ tx: inout Transaction) throws(SCIMError) {
    let old = try tx.resource(types.role, try role(name, tx).id.text)
    guard let before = Role(old.document) else { throw .notFound("Role \(name.prefix(64))") }
    for grant in table.grants(ofRole: old.id) { try remove(grant.id, &tx) }
    try tx.delete(old)
    drop(types.role, old.id)
    undoing.append(.putRole(before))
  }

  // MARK: Targets

  private mutating func put(_ target: Target, _ tx: inout Transaction) throws(SCIMError) {
    let document = ordered(target.document, types.target)
    guard let id = tx.find(types.target, "name", target.name).first else {
      guard table.targets.count < Self.maxTargets else { throw Self.full("\(Self.maxTargets) targets") }
      put(
        types.target, try tx.create(types.target, document, members: [], skipsUnknown: false), document)
      undoing.append(.deleteTarget(target.name))
      return
    }
    let old = try tx.resource(types.target, id.text)
    touched = id
    guard let before = Target(old.document), before.document != target.document else { return }
    try tx.update(old, document, [], skipsUnknown: false)
    put(types.target, id, document)
    undoing.append(.putTarget(before))
  }

  private mutating func deleteTarget(_ name: String, _ tx: inout Transaction) throws(SCIMError) {
    let old = try tx.resource(types.target, try target(name, tx).id.text)
    guard let before = Target(old.document) else { throw .notFound("Target \(name.prefix(64))") }
    for grant in table.grants(onTarget: old.id) { try remove(grant.id, &tx) }
    try tx.delete(old)
    drop(types.target, old.id)
    undoing.append(.putTarget(before))
  }

  // MARK: Grants

  private mutating func add(_ new: NewGrant, _ tx: inout Transaction) throws(SCIMError) {
    try checkRoom()
    let (grant, role, target) = try grant(new, tx)
    _ = try tx.resource(new.isGroup ? types.group : types.user, new.principal.text)
    if let expires = new.expires, expires.milliseconds <= now {
      throw SCIMError(.invalidValue, "expires: \(expires) is in the past.")
    }
    try checkNew(grant, role, target, &tx)
    try create(grant, &tx)
  }

  /// Throws 409 if the directory has as many grants as it can.
  func checkRoom() throws(SCIMError) {
    guard table.grantCount < Self.maxGrants else { throw Self.full("\(Self.maxGrants) grants") }
  }

  mutating func create(_ grant: Grant, _ tx: inout Transaction) throws(SCIMError) {
    let document = ordered(grant.document, types.grant)
    let id = try tx.create(types.grant, document, members: [], skipsUnknown: false)
    put(types.grant, id, document)
    undoing.append(.removeGrant(id))
  }

  /// The grant that a new one means, with its role and the name of its target; throws if they do not exist or do not go
  /// together.
  func grant(
    _ new: NewGrant, _ tx: borrowing Transaction
  ) throws(SCIMError) -> (grant: Grant, role: Role, target: String?) {
    let role = try role(new.role, tx)
    let target = try new.target.map { name throws(SCIMError) in try self.target(name, tx) }
    guard (role.role.kind == .scoped) == (target != nil) else {
      throw SCIMError(
        .invalidValue,
        target == nil
          ? "The role \"\(role.role.value)\" is scoped: say on which target, as kind:value."
          : "The role \"\(role.role.value)\" is an account role, which has no target.")
    }
    var grant = Grant(
      principal: new.principal, isGroup: new.isGroup, role: role.id, target: target?.id, expires: new.expires,
      reason: new.reason, origin: new.origin)
    grant.grantedBy = new.grantedBy
    grant.onBehalfOf = new.onBehalfOf
    return (grant, role.role, target?.name)
  }

  /// Throws 409 if the principal has the role already. A grant that has ended and is not removed yet is no hindrance.
  private mutating func checkNew(
    _ grant: Grant, _ role: Role, _ target: String?, _ tx: inout Transaction
  ) throws(SCIMError) {
    guard let other = tx.find(types.grant, "key", grant.key).first else { return }
    let old = try tx.resource(types.grant, other.text)
    let before = Grant(old.document)
    if hasEnded(before) {
      try tx.step { tx throws(SCIMError) in try tx.delete(old) }
      return drop(types.grant, other)
    }
    let what = "the role \"\(role.value)\"" + (target.map { " on \($0)" } ?? "")
    let who = "The \(grant.isGroup ? "group" : "user")"
    if let before, isPending(before), let draft = before.draft {
      throw SCIMError(
        .notUnique,
        "\(who) gets \(what) by the draft \(draft.text), which is being applied. Wait for its end, or "
          + "cancel its job.")
    }
    throw SCIMError(
      .notUnique,
      "\(who) already has \(what) by the grant \(other.text). Change that grant, or remove it first.")
  }

  /// Whether the end of a grant has passed, or a draft that is applied removes it.
  func hasEnded(_ grant: Grant?) -> Bool {
    if let end = grant?.expires, end.milliseconds <= now { return true }
    return table.drafts.isApplied(grant?.endsWith)
  }

  /// Whether the draft that makes a grant is not applied yet.
  func isPending(_ grant: Grant) -> Bool {
    grant.draft.map { !table.drafts.isApplied($0) } ?? false
  }

  private mutating func set(
    _ id: ResourceID, _ expires: DateTime?, _ reason: String?, _ tx: inout Transaction
  ) throws(SCIMError) {
    let old = try tx.resource(types.grant, id.text)
    guard var grant = Grant(old.document) else { throw .notFound("Grant \(id.text)") }
    if let expires, expires.milliseconds <= now {
      throw SCIMError(.invalidValue, "expires: \(expires) is in the past.")
    }
    undoing.append(.setGrant(id, expires: grant.expires, reason: grant.reason))
    grant.expires = expires
    grant.reason = reason
    let document = ordered(grant.document, types.grant)
    try tx.update(old, document, [], skipsUnknown: false)
    put(types.grant, id, document)
  }

  private mutating func remove(_ id: ResourceID, _ tx: inout Transaction) throws(SCIMError) {
    let old = try tx.resource(types.grant, id.text)
    guard let grant = Grant(old.document) else { throw .notFound("Grant \(id.text)") }
    try tx.delete(old)
    drop(types.grant, id)
    // One that gave nothing is not given back.
    guard !isPending(grant), !table.drafts.isApplied(grant.endsWith), let undo = step(restoring: grant) else {
      return
    }
    undoing.append(undo)
  }

  /// What gives a grant again; nil if its role is gone.
  func step(restoring grant: Grant) -> AccessStep? {
    guard let role = table.roles[grant.role] else { return nil }
    return .addGrant(
      NewGrant(
        principal: grant.principal, isGroup: grant.isGroup, role: role.role.value,
        target: grant.target.flatMap { table.targets[$0]?.name }, expires: grant.expires,
        reason: grant.reason, origin: grant.origin, grantedBy: grant.grantedBy, onBehalfOf: grant.onBehalfOf))
  }

  mutating func note(undo step: AccessStep) { undoing.append(step) }

  // MARK: Parts

  private func role(_ name: String, _ tx: borrowing Transaction) throws(SCIMError) -> (
    id: ResourceID, role: Role
  ) {
    guard let id = tx.find(types.role, "value", name).first ?? ResourceID(name),
      let role = Role(try tx.resource(types.role, id.text).document)
    else { throw .notFound("Role \"\(name.prefix(AccessNames.maxNameBytes))\"") }
    return (id, role)
  }

  private func target(_ name: String, _ tx: borrowing Transaction) throws(SCIMError) -> (
    id: ResourceID, name: String
  ) {
    guard let id = tx.find(types.target, "name", name).first ?? ResourceID(name),
      let target = Target(try tx.resource(types.target, id.text).document)
    else { throw .notFound("Target \"\(name.prefix(AccessNames.maxTargetBytes))\"") }
    return (id, target.name)
  }

  private func ordered(_ document: Document, _ type: ResourceType) -> Document { document.ordered(for: type) }

  private mutating func put(_ type: ResourceType, _ id: ResourceID, _ document: Document) {
    if follows { table.take(type.name, id, document, created: now) }
    touched = id
  }

  private mutating func drop(_ type: ResourceType, _ id: ResourceID) {
    if follows { table.take(type.name, id, nil, created: now) }
    touched = id
  }

  private static func full(_ what: String) -> SCIMError {
    SCIMError(.conflict, "The directory has \(what), the most it can have. Remove some first.")
  }
}
