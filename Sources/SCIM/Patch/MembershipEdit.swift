import JSON

/// A change of a group's members: by ids, so that it costs what it changes and not what the group holds.
package enum MembershipEdit: Sendable {
  case add([String])
  case remove([String])
  /// Removes the members that a filter other than `value eq "id"` selects.
  case removeMatching(Filter)
  case replace([String])

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
        throw .bad(.invalidValue, "A member needs a \"value\": the id of a user or group.")
      }
      if seen.insert(ByteString(id)).inserted { ids.append(id) }
    }
    return ids
  }

  /// From an operation on `members`.
  static func edits(
    for operation: PatchOperation, _ values: inout ValueDecoder
  ) throws(SCIMError) -> MembershipEdit {
    let target = operation.target
    switch operation.kind {
    case .remove:
      guard let filter = target.selection?.filter else { return .replace([]) }
      if let (path, id) = filter.equality, path.sub?.name == "value" { return .remove([id]) }
      return .removeMatching(filter)
    case .add, .replace:
      guard target.selection == nil else {
        throw .bad(.mutability, "A member cannot be changed; remove it and add another.")
      }
      let ids = try ids(in: operation.value, target.attribute, &values)
      return operation.kind == .add ? .add(ids) : .replace(ids)
    }
  }
}
