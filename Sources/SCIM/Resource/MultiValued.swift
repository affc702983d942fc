package import JSON

/// The rules for the values of one multi-valued attribute (RFC 7643 §2.4).
package enum MultiValued {
  /// Values of one attribute of one resource; group members are kept elsewhere and have no such bound. Real users have
  /// a handful, and a PATCH may look at each for each of its operations.
  package static let maxValues = 500

  /// `new` over `old`, sub-attribute by sub-attribute.
  package static func merged(_ old: JSONValue, _ new: JSONValue) -> JSONValue {
    guard var object = old.objectValue, let changes = new.objectValue else { return new }
    for member in changes.members { object[member.name] = member.value }
    return .object(object)
  }

  /// True for an element that says nothing: without a value, and with nothing else than what describes one. An element of
  /// an attribute that has no `value`, such as an address, says nothing if only `type` and `primary` are left.
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

/// Values in order, where one with the same `value` and `type` as an earlier one is merged into it, the later winning
/// (RFC 7643 §2.4: the same pair is not returned twice). Linear in the number of values.
struct ValueList {
  /// Up to so many values are compared one by one.
  private static let handful = 8

  private(set) var values: [JSONValue]
  private let attribute: Attribute
  /// Empty while there is a handful.
  private var positions: [ValueIdentity: Int] = [:]

  /// `values` are known to differ in `value` or `type`.
  init(of attribute: Attribute, _ values: [JSONValue] = []) {
    self.attribute = attribute
    self.values = values
  }

  /// `values` may have become the same when a sub-attribute was changed.
  init(of attribute: Attribute, merging values: [JSONValue]) {
    self.init(of: attribute)
    for value in values { _ = append(value) }
  }

  /// Returns the position of the value.
  mutating func append(_ value: JSONValue) -> Int {
    if let same = position(of: value) {
      values[same] = MultiValued.merged(values[same], value)
      return same
    }
    if !positions.isEmpty { positions[identity(of: value)] = values.count }
    values.append(value)
    return values.count - 1
  }

  /// Where the value that `value` would be merged into is.
  mutating func position(of value: JSONValue) -> Int? {
    guard values.count > ValueList.handful else { return values.firstIndex { isSame($0, value) } }
    if positions.isEmpty {
      for (index, value) in values.enumerated() { positions[identity(of: value)] = index }
    }
    return positions[identity(of: value)]
  }

  /// The same as equal identities, without making them.
  private func isSame(_ a: JSONValue, _ b: JSONValue) -> Bool {
    guard let value = a["value"], let other = b["value"] else {
      return ValueList.isEqual(a, b, attribute.kind == .complex ? nil : attribute)
    }
    let parts = attribute.subAttributes
    return ValueList.isEqual(a["type"], b["type"], parts["type"])
      && ValueList.isEqual(value, other, parts["value"])
  }

  private static func isEqual(_ a: JSONValue?, _ b: JSONValue?, _ attribute: Attribute?) -> Bool {
    if a == b { return true }
    guard let text = a?.stringValue, let other = b?.stringValue, attribute?.comparesExactly == false else {
      return false
    }
    return TextKey(folding: text) == TextKey(folding: other)
  }

  private func identity(of value: JSONValue) -> ValueIdentity { ValueIdentity(value, of: attribute) }
}

/// What makes two values of a multi-valued attribute the same: `value` and `type` as they compare in a filter, or the
/// whole value if it has no `value`.
private enum ValueIdentity: Hashable {
  case pair(Part, Part)
  case whole(Part)

  enum Part: Hashable {
    case absent
    case folded(TextKey)
    case exact(ByteString)

    init(_ value: JSONValue?, _ attribute: Attribute?) {
      guard let value else {
        self = .absent
        return
      }
      if let text = value.stringValue, attribute?.comparesExactly == false {
        self = .folded(TextKey(folding: text))
      } else {
        self = .exact(ByteString(value.serializedText))
      }
    }
  }

  init(_ value: JSONValue, of attribute: Attribute) {
    if let own = value["value"] {
      let parts = attribute.subAttributes
      self = .pair(Part(own, parts["value"]), Part(value["type"], parts["type"]))
    } else {
      self = .whole(Part(value, attribute.kind == .complex ? nil : attribute))
    }
  }
}
