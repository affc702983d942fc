package import JSON
import SCIM
package import Storage

/// Roles, targets and grants as a file says them, to be made so: what it leaves out of a section is removed, and a section
/// that it does not have is left alone.
///
///     {"roles": [{"value": "admin", "rank": 400, "permissions": ["members:read"]}],
///      "targets": ["namespace:payments"],
///      "grants": [{"group": "Engineering", "role": "admin"}]}
///
/// Of grants it removes only those that a file made (origin `rule`): those given by hand or by a tool are not its own.
package struct RightsFile: Sendable {
  /// Of a file that one request applies; a draft can have more.
  package static let maxGrants = 2000

  /// A grant of the file, its principal by name.
  package struct FileGrant: Sendable {
    package let name: String
    package let isGroup: Bool
    let role: String
    let target: String?
    let expires: DateTime?
    let reason: String?
    /// Where it is in the file.
    package let pointer: String

    /// As given by hand.
    package func given(to principal: ResourceID, by grantedBy: String) -> NewGrant {
      NewGrant(
        principal: principal, isGroup: isGroup, role: role, target: target, expires: expires, reason: reason,
        grantedBy: grantedBy)
    }
  }

  let roles: [Role]?
  let targets: [Target]?
  package let grants: [FileGrant]?

  /// - Parameter maxGrants: the most it may have; a large draft takes more than one request applies.
  package init(json: JSONValue, maxGrants: Int = Self.maxGrants) throws(AccessError) {
    let reader = try AccessReader(json, "the file", ["roles", "targets", "grants"])
    var seen = Set<TextKey>()
    roles = try reader.list("roles").map { list throws(AccessError) in
      try Self.each(list, "/roles") { (json, place) throws(AccessError) in
        let role = try Role(json: json)
        guard seen.insert(TextKey(folding: "role " + role.value)).inserted else {
          throw AccessError("/value", "\"\(role.value)\" is in the file twice")
        }
        return role
      }
    }
    targets = try reader.list("targets").map { list throws(AccessError) in
      try Self.each(list, "/targets") { (json, place) throws(AccessError) in
        let target = try Self.target(json)
        guard seen.insert(TextKey(folding: "target " + target.name)).inserted else {
          throw AccessError("", "\(target.name) is in the file twice")
        }
        return target
      }
    }
    grants = try reader.list("grants").map { list throws(AccessError) in
      guard list.count <= maxGrants else {
        throw AccessError("/grants", "are \(list.count); at most \(maxGrants) can be given here")
      }
      return try Self.each(list, "/grants") { (json, place) throws(AccessError) in try Self.grant(json, place)
      }
    }
  }

  private static func each<Value>(
    _ list: [JSONValue], _ place: String, _ read: (JSONValue, String) throws(AccessError) -> Value
  ) throws(AccessError) -> [Value] {
    var values: [Value] = []
    for (index, json) in list.enumerated() {
      let here = "\(place)/\(index)"
      do throws(AccessError) { values.append(try read(json, here)) } catch { throw error.inside(here) }
    }
    return values
  }

  private static func target(_ json: JSONValue) throws(AccessError) -> Target {
    guard let name = json.stringValue else { return try Target(json: json) }
    guard let target = Target(name: name) else {
      throw AccessError("", "\"\(name.prefix(64))\" is not kind:value, such as namespace:payments")
    }
    return target
  }

  private static func grant(_ json: JSONValue, _ place: String) throws(AccessError) -> FileGrant {
    let reader = try AccessReader(json, "a grant", ["user", "group", "role", "target", "expires", "reason"])
    let (user, group) = (try reader.text("user"), try reader.text("group"))
    guard [user, group].compactMap({ $0 }).count == 1, let name = user ?? group else {
      throw AccessError("", "either user or group must be given")
    }
    let reason = try reader.text("reason")
    try AccessNames.check(reason, "/reason")
    var expires: DateTime?
    if let text = try reader.text("expires") {
      guard let end = DateTime(text) else {
        throw AccessError("/expires", "must be a date and time like 2027-01-31T00:00:00Z")
      }
      expires = end
    }
    return FileGrant(
      name: name, isGroup: user.map { _ in false } ?? true, role: try reader.required("role"),
      target: try reader.text("target"),
      expires: expires, reason: reason, pointer: place)
  }

  /// A step, and what it does in words.
  package struct Difference: Sendable {
    package let step: AccessStep
    /// `create`, `change` or `delete`.
    package let change: String
    /// Such as `role admin`.
    package let what: String
  }

  /// What has to be done so that the directory is as the file says; empty if it is.
  ///
  /// - Parameters:
  ///   - principals: the ids of the principals of the file's grants, in their order.
  ///   - origins: of the grants that there are, those that files made.
  package func differences(
    from table: AccessTable, principals: [ResourceID], ownGrants: Set<ResourceID>, grantedBy: String
  ) -> [Difference] {
    var removed: [Difference] = []
    var made: [Difference] = []
    for role in roles ?? [] {
      let old = table.role(role.value)
      if let old, old.role.document == role.document { continue }
      let change = old == nil ? "create" : "change"
      let step = old.map { AccessStep.setRole($0.id, role) } ?? .putRole(role)
      made.append(Difference(step: step, change: change, what: "role \(role.value)"))
    }
    for target in targets ?? [] {
      let old = table.target(target.name)
      if let old, old.target.document == target.document { continue }
      let change = old == nil ? "create" : "change"
      made.append(Difference(step: .putTarget(target), change: change, what: "target \(target.name)"))
    }
    made += grantsMissing(in: table, principals, grantedBy)
    removed += grantsTooMany(in: table, principals, ownGrants)
    if let roles {
      let named = Set(roles.map { TextKey(folding: $0.value) })
      for old in table.sortedRoles where !named.contains(TextKey(folding: old.role.value)) {
        removed.append(
          Difference(step: .deleteRole(old.id.text), change: "delete", what: "role \(old.role.value)"))
      }
    }
    if let targets {
      let named = Set(targets.map { TextKey(folding: $0.name) })
      for old in table.targets.values.sorted(by: { AccessNames.precedes($0.name, $1.name) })
      where !named.contains(TextKey(folding: old.name)) {
        removed.append(
          Difference(step: .deleteTarget(old.id.text), change: "delete", what: "target \(old.name)"))
      }
    }
    return made + removed
  }

  private static func key(_ principal: ResourceID, _ role: String, _ target: String?) -> TextKey {
    TextKey(folding: "\(principal.text) \(role) \(target ?? "")")
  }

  private func grantsMissing(
    in table: AccessTable, _ principals: [ResourceID], _ grantedBy: String
  ) -> [Difference] {
    zip(grants ?? [], principals).compactMap { grant, principal in
      let role = table.role(grant.role)
      let target = grant.target.flatMap { table.target($0) }
      let isOfAccount = grant.target.map { _ in false } ?? true
      let held = table.grants(of: principal).filter(table.isInEffect)
      let isThere = held.contains { old in
        old.role == role?.id && old.target == target?.id && (target != nil || isOfAccount)
          && old.expires == grant.expires?.milliseconds
      }
      if isThere { return nil }
      let what = "grant of \(grant.role) to \(grant.name)" + (grant.target.map { " on \($0)" } ?? "")
      if let old = held.first(where: {
        $0.role == role?.id && $0.target == target?.id && (target != nil || isOfAccount)
      }) {
        return Difference(
          step: .setGrant(old.id, expires: grant.expires, reason: grant.reason), change: "change", what: what)
      }
      return Difference(
        step: .addGrant(
          NewGrant(
            principal: principal, isGroup: grant.isGroup, role: grant.role, target: grant.target,
            expires: grant.expires, reason: grant.reason, origin: .rule, grantedBy: grantedBy)),
        change: "create", what: what)
    }
  }

  private func grantsTooMany(
    in table: AccessTable, _ principals: [ResourceID], _ own: Set<ResourceID>
  ) -> [Difference] {
    guard let grants else { return [] }
    let named = Set(zip(grants, principals).map { Self.key($1, $0.role, $0.target) })
    return own.compactMap { table.grant($0) }.filter(table.isInEffect).sorted {
      ($0.since, $0.id) < ($1.since, $1.id)
    }.compactMap {
      old in
      guard let role = table.roles[old.role]?.role.value else { return nil }
      let target = old.target.flatMap { table.targets[$0]?.name }
      guard !named.contains(Self.key(old.principal, role, target)) else { return nil }
      let what = "grant of \(role) to \(old.principal.text)" + (target.map { " on \($0)" } ?? "")
      return Difference(step: .removeGrant(old.id), change: "delete", what: what)
    }
  }
}
