import JSON

extension FilterExpression {
  /// The filter with values that providers send in forms of their own rewritten to those that attributes have: a number
  /// in place of text, an app role as the text of its JSON. What names no attribute stays for the binding to refuse.
  ///
  /// - Parameter owner: the attribute whose values the filter selects; nil for a filter on resources.
  package func rewritten(
    for type: ResourceType, valuesOf owner: AttributePath? = nil, _ dialect: inout Dialect
  ) -> FilterExpression {
    switch self {
    case .and(let a, let b):
      let first = a.rewritten(for: type, valuesOf: owner, &dialect)
      return .and(first, b.rewritten(for: type, valuesOf: owner, &dialect))
    case .or(let a, let b):
      let first = a.rewritten(for: type, valuesOf: owner, &dialect)
      return .or(first, b.rewritten(for: type, valuesOf: owner, &dialect))
    case .not(let a): return .not(a.rewritten(for: type, valuesOf: owner, &dialect))
    case .present: return self
    case .values(let text, let inner):
      guard let path = type.path(text) else { return self }
      return .values(path: text, inner.rewritten(for: type, valuesOf: path, &dialect))
    case .compare(let text, let op, let value):
      guard let path = FilterExpression.path(text, type, owner) else { return self }
      return .compare(path: text, op, path.rewritten(value, &dialect))
    }
  }

  /// The attribute that a name means, in the whole filter or between brackets.
  private static func path(_ text: String, _ type: ResourceType, _ owner: AttributePath?) -> AttributePath? {
    guard let owner, let attribute = owner.attribute else { return type.path(text) }
    guard let sub = attribute.subAttributes[type.innerName(text, of: owner.schema)] else { return nil }
    return owner.appending(sub)
  }
}

extension AttributePath {
  /// A value that is compared with the path's attribute; without a sub-attribute a complex one means its `value`.
  fileprivate func rewritten(_ value: JSONValue, _ dialect: inout Dialect) -> JSONValue {
    guard let leaf = sub ?? attribute?.valueAttribute ?? attribute else { return value }
    if leaf.kind == .string, let text = value.numberText, dialect.allow(.numberAsText) {
      return .string(text)
    }
    if leaf.name == "value", isRole, let role = value.stringValue.flatMap(EmbeddedJSON.role),
      dialect.allow(.jsonTextValue)
    {
      return .string(role.value)
    }
    return value
  }

  /// True for the attributes in which Entra ID keeps app roles.
  var isRole: Bool { schema == nil && (attribute?.name == "roles" || attribute?.name == "entitlements") }
}
