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
  private let now: Int64
  /// What takes the steps back, the last one first.
  package private(set) var undo: [AccessStep] = []
  /// Of the role, target or grant that the last step made or changed.
  package private(set) var touched: ResourceID?

  /// - Parameter now: milliseconds since 1970.
  package init(_ directory: Directory, _ table: AccessTable, now: Int64) {
    types = AccessTypes(directory)
    self.table = table
    self.now = now
  }

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
    undo.insert(isHeldBack ? .release(id) : .holdBack(id), at: 0)
  }

  // MARK: Roles

  private mutating func create(_ role: Role, _ tx: inout Transaction) throws(SCIMError) {
    guard table.roles.count < Self.maxRoles else { throw Self.full("\(Self.maxRoles) roles") }
    put(
      types.role,
      try tx.create(types.role, ordered(role.document, types.role), members: [], skipsUnknown: false),
      role.document)
    undo.insert(.deleteRole(role.value), at: 0)
  }

  private mutating func set(_ id: ResourceID, _ role: Role, _ tx: inout Transaction) throws(SCIMError) {
    let old = try tx.resource(types.role, id.text)
    guard let before = Role(old.document) else { throw .notFound("Role \(id.text)") }
    touched = id
    guard before.document != role.document else { return }
    guard before.kind == role.kind || table.grantCount(ofRole: id) == 0 else {
      throw SCIMError(
        status: 409,
        detail: "The role \"\(before.value)\" has grants, so its kind cannot become \(role.kind.rawValue). "
          + "Remove the grants first, or make another role.")
    }
    try tx.update(old, ordered(role.document, types.role), [], skipsUnknown: false)
    put(types.role, id, role.document)
    undo.insert(.setRole(id, before), at: 0)
  }

  private mutating func deleteRole(_ name: String, _ tx: inout Transaction) throws(SCIMError) {
    let old = try tx.resource(types.role, try role(name, tx).id.text)
    guard let before = Role(old.document) else { throw .notFound("Role \(name.prefix(64))") }
    for grant in table.grants(ofRole: old.id) { try remove(grant.id, &tx) }
    try tx.delete(old)
    drop(types.role, old.id)
    undo.insert(.putRole(before), at: 0)
  }

  // MARK: Targets

  private mutating func put(_ target: Target, _ tx: inout Transaction) throws(SCIMError) {
    let document = ordered(target.document, types.target)
    guard let id = tx.find(types.target, "name", target.name).first else {
      guard table.targets.count < Self.maxTargets else { throw Self.full("\(Self.maxTargets) targets") }
      put(
        types.target, try tx.create(types.target, document, members: [], skipsUnknown: false), document)
      undo.insert(.deleteTarget(target.name), at: 0)
      return
    }
    let old = try tx.resource(types.target, id.text)
    touched = id
    guard let before = Target(old.document), before.document != target.document else { return }
    try tx.update(old, document, [], skipsUnknown: false)
    put(types.target, id, document)
    undo.insert(.putTarget(before), at: 0)
  }

  private mutating func deleteTarget(_ name: String, _ tx: inout Transaction) throws(SCIMError) {
    let old = try tx.resource(types.target, try target(name, tx).id.text)
    guard let before = Target(old.document) else { throw .notFound("Target \(name.prefix(64))") }
    for grant in table.grants(onTarget: old.id) { try remove(grant.id, &tx) }
    try tx.delete(old)
    drop(types.target, old.id)
    undo.insert(.putTarget(before), at: 0)
  }

  // MARK: Grants

  private mutating func add(_ new: NewGrant, _ tx: inout Transaction) throws(SCIMError) {
    guard table.grantCount < Self.maxGrants else { throw Self.full("\(Self.maxGrants) grants") }
    let role = try role(new.role, tx)
    let target = try new.target.map { name throws(SCIMError) in try self.target(name, tx) }
    guard (role.role.kind == .scoped) == (target != nil) else {
      throw .bad(
        .invalidValue,
        target == nil
          ? "The role \"\(role.role.value)\" is scoped: say on which target, as kind:value."
          : "The role \"\(role.role.value)\" is an account role, which has no target.")
    }
    _ = try tx.resource(new.isGroup ? types.group : types.user, new.principal.text)
    if let expires = new.expires, expires.milliseconds <= now {
      throw .bad(.invalidValue, "expires: \(expires) is in the past.")
    }
    var grant = Grant(
      principal: new.principal, isGroup: new.isGroup, role: role.id, target: target?.id, expires: new.expires,
      reason: new.reason, origin: new.origin)
    grant.grantedBy = new.grantedBy
    grant.onBehalfOf = new.onBehalfOf
    try checkNew(grant, role.role, target?.name, &tx)
    let document = ordered(grant.document, types.grant)
    let id = try tx.create(types.grant, document, members: [], skipsUnknown: false)
    put(types.grant, id, document)
    undo.insert(.removeGrant(id), at: 0)
  }

  /// Throws 409 if the principal has the role already. A grant that has ended and is not removed yet is no hindrance.
  private mutating func checkNew(
    _ grant: Grant, _ role: Role, _ target: String?, _ tx: inout Transaction
  ) throws(SCIMError) {
    guard let other = tx.find(types.grant, "key", grant.key).first else { return }
    let old = try tx.resource(types.grant, other.text)
    if let end = Grant(old.document)?.expires, end.milliseconds <= now {
      try tx.step { tx throws(SCIMError) in try tx.delete(old) }
      return drop(types.grant, other)
    }
    throw SCIMError(
      status: 409, kind: .uniqueness,
      detail: "The \(grant.isGroup ? "group" : "user") already has the role \"\(role.value)\""
        + (target.map { " on \($0)" } ?? "")
        + " by the grant \(other.text). Change that grant, or remove it first.")
  }

  private mutating func set(
    _ id: ResourceID, _ expires: DateTime?, _ reason: String?, _ tx: inout Transaction
  ) throws(SCIMError) {
    let old = try tx.resource(types.grant, id.text)
    guard var grant = Grant(old.document) else { throw .notFound("Grant \(id.text)") }
    if let expires, expires.milliseconds <= now {
      throw .bad(.invalidValue, "expires: \(expires) is in the past.")
    }
    undo.insert(.setGrant(id, expires: grant.expires, reason: grant.reason), at: 0)
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
    guard let role = table.roles[grant.role] else { return }
    let target = grant.target.flatMap { table.targets[$0]?.name }
    undo.insert(
      .addGrant(
        NewGrant(
          principal: grant.principal, isGroup: grant.isGroup, role: role.role.value, target: target,
          expires: grant.expires, reason: grant.reason, origin: grant.origin, grantedBy: grant.grantedBy,
          onBehalfOf: grant.onBehalfOf)), at: 0)
  }

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
    table.take(type.name, id, document, created: now)
    touched = id
  }

  private mutating func drop(_ type: ResourceType, _ id: ResourceID) {
    table.take(type.name, id, nil, created: now)
    touched = id
  }

  private static func full(_ what: String) -> SCIMError {
    SCIMError(status: 409, detail: "The directory has \(what), the most it can have. Remove some first.")
  }
}
