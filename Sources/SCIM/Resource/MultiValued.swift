package import JSON

/// The rules for the values of one multi-valued attribute (RFC 7643 §2.4).
package enum MultiValued {
  /// Adds a value; one with the same `value` and `type` as an earlier one is merged into it, the later winning.
  /// Returns the position of the value.
  @discardableResult
  package static func append(_ value: JSONValue, to values: inout [JSONValue]) -> Int {
    guard let same = values.firstIndex(where: { isSame($0, value) }) else {
      values.append(value)
      return values.count - 1
    }
    values[same] = merged(values[same], value)
    return same
  }

  /// `new` over `old`, sub-attribute by sub-attribute.
  package static func merged(_ old: JSONValue, _ new: JSONValue) -> JSONValue {
    guard var object = old.objectValue, let changes = new.objectValue else { return new }
    for member in changes.members { object[member.name] = member.value }
    return .object(object)
  }

  private static func isSame(_ a: JSONValue, _ b: JSONValue) -> Bool {
    guard a.objectValue != nil, b.objectValue != nil else { return a == b }
    guard let value = a["value"] else { return a == b }
    return value == b["value"] && a["type"] == b["type"]
  }

  /// Leaves `primary` true on one value at most: on the last of `preferred` that has it, else on the first that has it.
  package static func settlePrimary(_ values: inout [JSONValue], preferred: [Int] = []) {
    let primaries = values.indices.filter { values[$0]["primary"]?.boolValue == true }
    guard primaries.count > 1 else { return }
    let keep = preferred.last { primaries.contains($0) } ?? primaries[0]
    for index in primaries where index != keep {
      guard var object = values[index].objectValue else { continue }
      object["primary"] = .bool(false)
      values[index] = .object(object)
    }
  }
}
