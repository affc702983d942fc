package import JSON

/// Turns the JSON a client sent for an attribute into the value that is kept: names in the schema's letter case, types
/// checked (RFC 7643 §2.3), nulls, read-only and unknown sub-attributes left out, dialects rewritten.
package struct ValueDecoder {
  package var dialect: Dialect
  /// Octets of one text value.
  package static let maxTextBytes = 65_536

  package init(dialect: Dialect) { self.dialect = dialect }

  /// The value of `attribute` as a whole; nil if it is empty: null, `[]`, an object of nulls (RFC 7643 §2.5). Throws
  /// 400 invalidValue naming `place`.
  package mutating func value(
    _ json: JSONValue, for attribute: Attribute, at place: AttributePath
  ) throws(SCIMError) -> JSONValue? {
    guard attribute.multiValued else { return try single(unwrapped(json), for: attribute, at: place) }
    guard !json.isNull else { return nil }
    var list = ValueList(of: attribute)
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
    let (object, cleared) = try complex(json, for: attribute, at: place)
    return object.isEmpty || unassigns(object, cleared, attribute) ? nil : .object(object)
  }

  /// True for `{"value": ""}` of a single reference such as `manager`, and for `{"value": null}` if it holds nothing
  /// else.
  mutating func unassigns(_ object: JSONObject, _ cleared: [String], _ attribute: Attribute) -> Bool {
    guard !attribute.multiValued, attribute.isReference else { return false }
    if object["value"]?.stringValue?.isEmpty == true { return dialect.allow(.emptyReference) }
    return object.isEmpty && cleared.contains("value")
  }

  /// The sub-attributes given, and the names of those set to null.
  package mutating func complex(
    _ json: JSONValue, for attribute: Attribute, at place: AttributePath
  ) throws(SCIMError) -> (object: JSONObject, cleared: [String]) {
    guard let given = object(json, attribute) else {
      return (try scalar(json, for: attribute, at: place), [])
    }
    let table = attribute.subAttributes
    var parts = [Part](repeating: .absent, count: table.count)
    for member in given.members {
      guard let position = table.position(of: member.name) else {
        try dialect.ignore("\(place.notation).\(member.name)", member.value)
        continue
      }
      guard case .absent = parts[position] else {
        throw ValueDecoder.twice("\(place.notation).\(member.name)")
      }
      parts[position] = try part(member.value, for: table[position], at: place)
    }
    var object = JSONObject()
    object.members.reserveCapacity(given.count)
    var cleared: [String] = []
    for (sub, part) in zip(table, parts) {
      switch part {
      case .value(let value): object.members.append(.init(name: sub.name, value: value))
      case .cleared: cleared.append(sub.name)
      case .absent, .dropped: break
      }
    }
    return (roleExpanded(object, of: place), cleared)
  }

  /// The state of one sub-attribute in an object.
  private enum Part {
    case absent, cleared
    /// Given, but read-only for clients or not stored.
    case dropped
    case value(JSONValue)
  }

  /// One sub-attribute of an object that a client sent.
  private mutating func part(
    _ json: JSONValue, for sub: Attribute, at place: AttributePath
  ) throws(SCIMError) -> Part {
    guard sub.mutability != .readOnly else { return .dropped }
    let found = try value(json, for: sub, at: place.appending(sub))
    if sub.isSecret { return .dropped }
    return found.map { .value($0) } ?? .cleared
  }

  /// The object, as JSON or as its JSON text.
  mutating func object(_ json: JSONValue, _ attribute: Attribute) -> JSONObject? {
    if let object = json.objectValue { return object }
    guard attribute.multiValued, let text = json.stringValue,
      let object = EmbeddedJSON.element(text, of: attribute), dialect.allow(.jsonTextElement)
    else { return nil }
    return object
  }

  /// A role or entitlement whose `value` is the text of an app role, with that role's `value` and `displayName`.
  mutating func roleExpanded(_ object: JSONObject, of place: AttributePath) -> JSONObject {
    guard place.isRole,
      let text = object["value"]?.stringValue, let role = EmbeddedJSON.role(text),
      dialect.allow(.jsonTextValue)
    else { return object }
    var object = object
    object["value"] = .string(role.value)
    if object["display"] == nil, let display = role.display { object["display"] = .string(display) }
    return object
  }

  /// Throws 400 invalidValue for too many values of one attribute.
  static func checkCount(_ count: Int, at place: AttributePath) throws(SCIMError) {
    guard count <= MultiValued.maxValues else {
      throw SCIMError(
        .tooManyValues, on: place.notation,
        "\(place.notation) may have at most \(MultiValued.maxValues) values.")
    }
  }

  static func twice(_ name: String) -> SCIMError {
    SCIMError(.memberTwice, "\"\(name)\" is given twice; attribute names ignore letter case.")
  }

  // MARK: Dialects

  /// The elements of an array, or a single value in place of an array.
  mutating func values(_ json: JSONValue, at place: AttributePath) throws(SCIMError) -> [JSONValue] {
    if let values = json.arrayValue { return values }
    guard dialect.allow(.objectForArray) else {
      throw SCIMError(
        .notAnArray, on: place.notation,
        "\(place.notation) is multi-valued: its value must be an array.")
    }
    return [json]
  }

  /// The only element of a list, or a value that is no list; null for an empty list.
  mutating func unwrapped(_ json: JSONValue) -> JSONValue {
    guard let values = json.arrayValue else { return json }
    if values.isEmpty { return .null }
    return values.count == 1 && dialect.allow(.singularInArray) ? values[0] : json
  }

  /// A scalar in place of a complex value: its `value`, by the dialect `scalarForComplex`.
  private mutating func scalar(
    _ json: JSONValue, for attribute: Attribute, at place: AttributePath
  ) throws(SCIMError) -> JSONObject {
    guard json.isScalar, let sub = attribute.valueAttribute else {
      throw SCIMError(
        .complexNotObject, on: place.notation,
        "\(place.notation) is complex: its value must be an object.")
    }
    if let text = json.stringValue, text.isEmpty, dialect.allow(.emptyReference) { return JSONObject() }
    guard dialect.allow(.scalarForComplex) else {
      throw SCIMError(
        .complexNotObject, on: place.notation,
        "\(place.notation) is complex: its value must be an object.")
    }
    guard let value = try simple(json, for: sub, at: place.appending(sub)) else { return JSONObject() }
    let object = JSONObject([.init(name: sub.name, value: sub.multiValued ? .array([value]) : value)])
    return roleExpanded(object, of: place)
  }

  // MARK: Simple types

  /// A value of a simple type, in its canonical spelling; throws 400 invalidValue for another type.
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
    if attribute.kind == .string, let text = json.numberText, dialect.allow(.numberAsText) {
      return .string(text)
    }
    throw SCIMError(
      .valueType, on: place.notation,
      "\(place.notation) is \(json.kindInWords); send \(attribute.kind.expectation).")
  }
}

extension JSONValue {
  /// A number as it was written; nil for anything else.
  var numberText: String? {
    switch self {
    case .integer(let number): String(number)
    case .decimal(let number): number.text
    default: nil
    }
  }

  /// The value's kind in an error text: `a number`.
  var kindInWords: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .integer, .decimal: "a number"
    case .string(let text):
      text.utf8.count > ValueDecoder.maxTextBytes ? "text of \(text.utf8.count) bytes" : "text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

extension Attribute.Kind {
  /// The expected value in an error text.
  fileprivate var expectation: String {
    switch self {
    case .string: "text of at most \(ValueDecoder.maxTextBytes) bytes"
    case .reference: "a URI of at most \(ValueDecoder.maxTextBytes) bytes, as text"
    case .boolean: "true or false"
    case .integer: "a whole number of 64 bits, without fraction or exponent"
    case .decimal: "a number"
    case .dateTime: "a date and time such as \"2026-01-31T08:00:00Z\""
    case .binary: "base64 text"
    case .complex: "an object"
    }
  }

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
