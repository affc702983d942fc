package import JSON

/// Turns the JSON a client sent for an attribute into the value that is kept: names in the schema's letter case, types
/// checked (RFC 7643 §2.3), nulls, read-only and unknown sub-attributes left out, dialects rewritten.
package struct ValueDecoder {
  package var dialect: Dialect
  /// Octets of one text value.
  package static let maxTextBytes = 65_536

  package init(dialect: Dialect) { self.dialect = dialect }

  /// The value of `attribute` as a whole; nil where it comes to nothing: null, `[]`, an object of nulls
  /// (RFC 7643 §2.5). Throws 400 invalidValue naming `place`.
  package mutating func value(
    _ json: JSONValue, for attribute: Attribute, at place: AttributePath
  ) throws(SCIMError) -> JSONValue? {
    guard attribute.multiValued else { return try single(unwrapped(json), for: attribute, at: place) }
    guard !json.isNull else { return nil }
    var list = ValueList()
    for element in try values(json, at: place) {
      guard let value = try single(element, for: attribute, at: place) else { continue }
      _ = list.append(value)
    }
    try ValueDecoder.checkCount(list.values.count, at: place)
    guard !list.values.isEmpty else { return nil }
    return .array(list.values)
  }

  /// One value of a multi-valued attribute, or the value of a singular one.
  package mutating func single(
    _ json: JSONValue, for attribute: Attribute, at place: AttributePath
  ) throws(SCIMError) -> JSONValue? {
    guard !json.isNull else { return nil }
    guard attribute.kind == .complex else { return try simple(json, for: attribute, at: place) }
    let (object, _) = try complex(json, for: attribute, at: place)
    return object.isEmpty ? nil : .object(object)
  }

  /// The sub-attributes given, and the names of those set to null.
  package mutating func complex(
    _ json: JSONValue, for attribute: Attribute, at place: AttributePath
  ) throws(SCIMError) -> (object: JSONObject, cleared: [String]) {
    guard let given = json.objectValue else { return (try scalar(json, for: attribute, at: place), []) }
    let table = attribute.subAttributes
    // Nil where nothing was given, a nil inside where it came to nothing.
    var values = [JSONValue??](repeating: nil, count: table.count)
    var cleared: [String] = []
    for member in given.members {
      guard let position = table.position(of: member.name) else {
        try dialect.ignore("\(place.notation).\(member.name)")
        continue
      }
      guard values[position] == nil else {
        throw ValueDecoder.twice("\(place.notation).\(member.name)")
      }
      let sub = table[position]
      let isKept = sub.mutability != .readOnly
      let found = isKept ? try value(member.value, for: sub, at: place.appending(sub)) : nil
      values[position] = .some(sub.isSecret ? nil : found)
      if isKept, !sub.isSecret, found == nil { cleared.append(sub.name) }
    }
    var object = JSONObject()
    object.members.reserveCapacity(given.count)
    for (sub, value) in zip(table, values) {
      if let value = value ?? nil { object.members.append(.init(name: sub.name, value: value)) }
    }
    return (object, cleared)
  }

  static func checkCount(_ count: Int, at place: AttributePath) throws(SCIMError) {
    guard count <= MultiValued.maxValues else {
      throw .bad(.invalidValue, "\(place.notation) may have \(MultiValued.maxValues) values at most.")
    }
  }

  static func twice(_ name: String) -> SCIMError {
    .bad(.invalidSyntax, "\"\(name)\" is given twice; attribute names ignore letter case.")
  }

  // MARK: Dialects

  /// The elements of an array, or a value that stands alone where an array belongs.
  mutating func values(_ json: JSONValue, at place: AttributePath) throws(SCIMError) -> [JSONValue] {
    if let values = json.arrayValue { return values }
    guard dialect.allow(.objectForArray) else {
      throw .bad(.invalidValue, "\(place.notation) is multi-valued: its value must be an array.")
    }
    return [json]
  }

  private mutating func unwrapped(_ json: JSONValue) -> JSONValue {
    guard let values = json.arrayValue else { return json }
    if values.isEmpty { return .null }
    return values.count == 1 && dialect.allow(.singularInArray) ? values[0] : json
  }

  private mutating func scalar(
    _ json: JSONValue, for attribute: Attribute, at place: AttributePath
  ) throws(SCIMError) -> JSONObject {
    guard json.isScalar, let sub = attribute.valueAttribute else {
      throw .bad(.invalidValue, "\(place.notation) is complex: its value must be an object.")
    }
    if let text = json.stringValue, text.isEmpty, dialect.allow(.emptyReference) { return JSONObject() }
    guard dialect.allow(.scalarForComplex) else {
      throw .bad(.invalidValue, "\(place.notation) is complex: its value must be an object.")
    }
    guard let value = try simple(json, for: sub, at: place.appending(sub)) else { return JSONObject() }
    return JSONObject([.init(name: sub.name, value: sub.multiValued ? .array([value]) : value)])
  }

  // MARK: Simple types

  private mutating func simple(
    _ json: JSONValue, for attribute: Attribute, at place: AttributePath
  ) throws(SCIMError) -> JSONValue? {
    var json = json
    if let inner = json["value"], dialect.allow(.singularInArray) { json = inner }
    if json.isNull { return nil }
    if attribute.kind.accepts(json) { return attribute.canonical(json) }
    if attribute.kind == .boolean, let text = json.stringValue, let flag = DialectRule.boolean(in: text),
      dialect.allow(.booleanText)
    {
      return .bool(flag)
    }
    throw .bad(.invalidValue, "\(place.notation) \(ValueDecoder.expectation(attribute.kind)).")
  }

  private static func expectation(_ kind: Attribute.Kind) -> String {
    switch kind {
    case .string: "must be text of at most \(maxTextBytes) bytes"
    case .reference: "must be a URI of at most \(maxTextBytes) bytes, as text"
    case .boolean: "must be true or false"
    case .integer: "must be a number without fraction or exponent"
    case .decimal: "must be a number"
    case .dateTime: "must be a date and time such as \"2026-01-31T08:00:00Z\""
    case .binary: "must be base64 text"
    case .complex: "must be an object"
    }
  }
}

extension Attribute.Kind {
  /// Whether a value is one of this simple type (RFC 7643 §2.3).
  func accepts(_ json: JSONValue) -> Bool {
    switch (self, json) {
    case (.string, .string(let text)), (.reference, .string(let text)):
      text.utf8.count <= ValueDecoder.maxTextBytes
    case (.boolean, .bool), (.integer, .integer), (.decimal, .integer), (.decimal, .decimal): true
    case (.dateTime, .string(let text)): DateTime(text) != nil
    case (.binary, .string(let text)): Base64.isValid(text)
    default: false
    }
  }
}

/// Base 64 as RFC 4648 §4 has it; padding may be left out (RFC 7643 §2.3.6).
enum Base64 {
  static func isValid(_ text: String) -> Bool {
    var digits = 0
    var padding = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: "=") {
        padding += 1
      } else if padding > 0 || !isDigit(byte) {
        return false
      } else {
        digits += 1
      }
    }
    return digits % 4 != 1 && (padding == 0 || (digits + padding) % 4 == 0 && padding <= 2)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    FilterParser.isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "+")
      || byte == UInt8(ascii: "/")
  }
}
