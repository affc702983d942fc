import JSON

/// Values in order; a value with the same `value` and `type` as an earlier one is merged into it, the later winning
/// (RFC 7643 §2.4: the same pair is not returned twice). Linear in the number of values.
struct ValueList {
  /// Up to this many values are compared one by one.
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

  /// `values` may have become equal when a sub-attribute was changed.
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

  /// The position of the value into which `value` would be merged.
  mutating func position(of value: JSONValue) -> Int? {
    guard values.count > ValueList.handful else { return values.firstIndex { isSame($0, value) } }
    if positions.isEmpty {
      for (index, value) in values.enumerated() { positions[identity(of: value)] = index }
    }
    return positions[identity(of: value)]
  }

  /// Compares identities without creating them.
  private func isSame(_ a: JSONValue, _ b: JSONValue) -> Bool {
    guard let value = a["value"], let other = b["value"] else {
      return ValueList.isEqual(a, b, attribute.kind == .complex ? nil : attribute)
    }
    let parts = attribute.subAttributes
    return ValueList.isEqual(a["type"], b["type"], parts["type"])
      && ValueList.isEqual(value, other, parts["value"])
  }

  /// As values of the attribute compare in a filter.
  private static func isEqual(_ a: JSONValue?, _ b: JSONValue?, _ attribute: Attribute?) -> Bool {
    if a == b { return true }
    guard let text = a?.stringValue, let other = b?.stringValue, attribute?.comparesExactly == false else {
      return false
    }
    return TextKey(folding: text) == TextKey(folding: other)
  }

  private func identity(of value: JSONValue) -> ValueIdentity { ValueIdentity(value, of: attribute) }
}
