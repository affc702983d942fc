import JSON

/// A record of which the values of erased resources were taken out; see `ChangeRecord`.
enum ErasedRecord {
  private static let values = ["resource", "before", "after"]

  /// The record without the values of these ids; nil where it has none. It can be redone as before.
  static func of(_ record: JSONValue, _ ids: Set<String>) -> JSONValue? {
    guard var object = record.objectValue, let changes = record["changes"]?.arrayValue else { return nil }
    var hasValues = false
    let erased = changes.map { change -> JSONValue in
      guard let id = change["id"]?.stringValue, ids.contains(id), change["erased"] == nil,
        var members = change.objectValue, values.contains(where: { members[$0] != nil })
      else { return change }
      hasValues = true
      for name in values where members[name] != nil { members[name] = [:] }
      members["erased"] = true
      return .object(members)
    }
    guard hasValues else { return nil }
    object["changes"] = .array(erased)
    return .object(object)
  }
}
