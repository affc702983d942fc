import JSON

/// A record from which the values of erased resources were removed; see `ChangeRecord`.
enum ErasedRecord {
  /// The payload, or in format 1 the record, without the values of these ids; nil if it has none. It can be redone as
  /// before.
  static func of(_ record: JSONValue, _ ids: Set<String>) -> JSONValue? {
    guard var object = record.objectValue, let changes = record["changes"]?.arrayValue else { return nil }
    var hasValues = false
    let erased = changes.map { change -> JSONValue in
      guard let emptied = emptied(change, ids) else { return change }
      hasValues = true
      return emptied
    }
    guard hasValues else { return nil }
    object["changes"] = .array(erased)
    return .object(object)
  }

  /// The change without its values; nil if it is of another resource or has none.
  private static func emptied(_ change: JSONValue, _ ids: Set<String>) -> JSONValue? {
    guard let kind = Change.Kind(change), let name = kind.subjectMember, let id = change[name]?.stringValue,
      ids.contains(id), change["erased"] == nil, var members = change.objectValue,
      kind.valueMembers.contains(where: { members[$0] != nil })
    else { return nil }
    for name in kind.valueMembers where members[name] != nil { members[name] = [:] }
    members["erased"] = true
    return .object(members)
  }
}
