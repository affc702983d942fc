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
  /// Empty while there is a handful.
  private var positions: [ByteString: Int] = [:]

  /// `values` are known to differ in `value` or `type`.
  init(_ values: [JSONValue] = []) { self.values = values }

  /// `values` may have become the same when a sub-attribute was changed.
  init(merging values: [JSONValue]) {
    self.init()
    for value in values { _ = append(value) }
  }

  /// Returns the position of the value.
  mutating func append(_ value: JSONValue) -> Int {
    if let same = position(of: value) {
      values[same] = MultiValued.merged(values[same], value)
      return same
    }
    if !positions.isEmpty { positions[ValueList.identity(of: value)] = values.count }
    values.append(value)
    return values.count - 1
  }

  private mutating func position(of value: JSONValue) -> Int? {
    guard values.count > ValueList.handful else { return values.firstIndex { ValueList.isSame($0, value) } }
    if positions.isEmpty {
      for (index, value) in values.enumerated() { positions[ValueList.identity(of: value)] = index }
    }
    return positions[ValueList.identity(of: value)]
  }

  private static func isSame(_ a: JSONValue, _ b: JSONValue) -> Bool {
    guard let value = a["value"], let other = b["value"] else { return a == b }
    return value == other && a["type"] == b["type"]
  }

  private static func identity(of value: JSONValue) -> ByteString {
    var writer = JSONWriter()
    if let own = value["value"] {
      writer.beginArray()
      writer.value(own)
      writer.value(value["type"] ?? .null)
      writer.endArray()
    } else {
      writer.value(value)
    }
    return ByteString(String(decoding: writer.bytes, as: UTF8.self))
  }
}
