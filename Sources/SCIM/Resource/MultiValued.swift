package import JSON

/// The rules for the values of one multi-valued attribute (RFC 7643 §2.4).
package enum MultiValued {
  /// Values of one attribute of one resource; group members are stored elsewhere and have no such limit. Real users
  /// have a handful, and a PATCH may look at each for each of its operations.
  package static let maxValues = 500

  /// `new` over `old`, sub-attribute by sub-attribute.
  package static func merged(_ old: JSONValue, _ new: JSONValue) -> JSONValue {
    guard var object = old.objectValue, let changes = new.objectValue else { return new }
    for member in changes.members { object[member.name] = member.value }
    return .object(object)
  }

  /// True for an empty element: without a value, and with only descriptive sub-attributes. An element of an attribute
  /// that has no `value`, such as an address, says nothing if only `type` and `primary` are left.
  static func isEmpty(_ element: JSONValue, of attribute: Attribute) -> Bool {
    guard let object = element.objectValue else { return false }
    let hasValue = attribute.valueAttribute != nil
    return !object.members.contains { member in
      switch member.name {
      case "type", "primary": false
      case "display", "$ref": !hasValue && member.value.isPresent()
      default: member.value.isPresent()
      }
    }
  }

  /// Leaves `primary` true on at most one value: on the last of `preferred` that has it, else on the first that has it.
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
