/// One JSON value (RFC 8259 §3); integers are kept apart from numbers with a fraction or an exponent.
package enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case decimal(JSONDecimal)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
}

extension JSONValue {
  /// The text of a string, else nil.
  @inlinable package var stringValue: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The truth of `true` or `false`, else nil; the strings "true" and "false" are strings.
  @inlinable package var boolValue: Bool? {
    if case .bool(let truth) = self { truth } else { nil }
  }

  /// The number when it was written without fraction and exponent, else nil.
  @inlinable package var integerValue: Int64? {
    if case .integer(let number) = self { number } else { nil }
  }

  /// The elements of an array, else nil.
  @inlinable package var arrayValue: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The object, else nil.
  @inlinable package var objectValue: JSONObject? {
    if case .object(let object) = self { object } else { nil }
  }

  /// Whether the value is the literal `null`.
  @inlinable package var isNull: Bool {
    if case .null = self { true } else { false }
  }

  /// An object without a member; any other value as it is.
  package func without(_ name: String) -> JSONValue {
    guard var object = objectValue else { return self }
    object[name] = nil
    return .object(object)
  }

  /// The member of an object under this exact name; nil for any other kind of value.
  @inlinable package subscript(name: String) -> JSONValue? {
    if case .object(let object) = self { object[name] } else { nil }
  }
}

extension JSONValue: Equatable {
  /// Equal in kind and content: strings byte for byte (never by canonical equivalence), objects whatever
  /// the order of their members, decimals by their text.
  package static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.decimal(let a), .decimal(let b)): a == b
    case (.string(let a), .string(let b)): a.hasSameBytes(as: b)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)): a == b
    default: false
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  /// A string.
  package init(stringLiteral value: String) { self = .string(value) }

  /// An integer.
  package init(integerLiteral value: Int64) { self = .integer(value) }

  /// `true` or `false`.
  package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSONValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
  /// An array.
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

  /// An object with its members in the order written; the names must be distinct.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(JSONObject(elements.map { JSONObject.Member(name: $0.0, value: $0.1) }))
  }
}
