import JSON

/// A change of a group's members by id, so that its cost depends on the change and not on the size of the group.
package enum MembershipEdit: Sendable {
  case add([String])
  case remove([String])
  /// Removes the members that a filter other than `value eq "id"` selects.
  case removeMatching(Filter)
  case replace([String])
  /// An `add` or `replace` of the members that a filter selects. If it selects some, the edit is refused with 400
  /// mutability if it `changes` them. If it selects none, `adding` becomes a member; nil is 400 noTarget.
  case selected(Filter, changes: Bool, adding: String?)

  /// The ids in the value of `members`: objects with `value`, or (a dialect) the ids alone; each once, in order.
  static func ids(
    in json: JSONValue?, _ attribute: Attribute, _ values: inout ValueDecoder
  ) throws(SCIMError) -> [String] {
    guard let json, !json.isNull else { return [] }
    let place = AttributePath(schema: nil, attribute: attribute, sub: nil)
    let members = try values.values(json, at: place)
    var ids: [String] = []
    var seen = Set<ByteString>()
    ids.reserveCapacity(members.count)
    for given in members {
      guard !given.isNull else { continue }
      let member = try values.single(given, for: attribute, at: place)
      guard let id = member?["value"]?.stringValue, !id.isEmpty else {
        throw SCIMError(.memberWithoutValue, "A member needs a \"value\": the id of a user or group.")
      }
      if seen.insert(ByteString(id)).inserted { ids.append(id) }
    }
    return ids
  }

  /// The edit that an operation on `members` asks for.
  static func edits(
    for operation: PatchOperation, _ values: inout ValueDecoder
  ) throws(SCIMError) -> MembershipEdit {
    let target = operation.target
    switch operation.kind {
    case .remove:
      guard let filter = target.selection?.filter else {
        return operation.value.map { .remove($0.elements.compactMap(\.stringValue)) } ?? .replace([])
      }
      if let (path, id) = filter.equality, path.sub?.name == "value" { return .remove([id.text]) }
      return .removeMatching(filter)
    case .add, .replace:
      if let filter = target.selection?.filter { return try selected(filter, operation, &values) }
      let ids = try ids(in: operation.value, target.attribute, &values)
      return operation.kind == .add ? .add(ids) : .replace(ids)
    }
  }

  /// `members[value eq "id"]`: only the id itself identifies the member to add.
  private static func selected(
    _ filter: Filter, _ operation: PatchOperation, _ values: inout ValueDecoder
  ) throws(SCIMError) -> MembershipEdit {
    let target = operation.target
    var wanted: String?
    if let (path, id) = filter.equality, path.sub?.name == "value" { wanted = id.text }
    let given = try givenID(operation, &values)
    let isSame = given == nil || given.map { id in wanted?.hasSameBytes(as: id) ?? false } ?? false
    let mayCreate = isSame && (operation.kind == .add || values.dialect.allow(.createSelected))
    let namesPart = target.sub != nil && target.sub?.name != "value"
    return .selected(filter, changes: !isSame || namesPart, adding: mayCreate ? wanted : nil)
  }

  /// The member id in the value of an operation; nil if it has none.
  private static func givenID(
    _ operation: PatchOperation, _ values: inout ValueDecoder
  ) throws(SCIMError) -> String? {
    guard let value = operation.value.map({ values.unwrapped($0) }), !value.isNull else { return nil }
    let target = operation.target
    if let sub = target.sub {
      let value = try values.value(value, for: sub, at: target.path)
      return sub.name == "value" ? value?.stringValue : nil
    }
    return try values.single(value, for: target.attribute, at: target.path)?["value"]?.stringValue
  }
}
