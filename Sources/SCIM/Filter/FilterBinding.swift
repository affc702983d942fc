import JSON

/// Looks the names of a filter up in a resource type and checks that operators and values fit them.
package struct FilterBinding {
  /// How to treat a name that the type does not have.
  package enum UnknownAttribute: Sendable {
    /// 400 invalidFilter: a typing mistake must not return everybody or nobody (endpoint queries).
    case refuse
    /// It has no value (queries over several types, RFC 7644 §3.4.2.1).
    case noValue
  }

  let type: ResourceType
  let unknown: UnknownAttribute

  package init(type: ResourceType, unknown: UnknownAttribute = .refuse) {
    self.type = type
    self.unknown = unknown
  }

  /// Throws 400 invalidFilter, or 403 sensitive if the filter uses a secret attribute (RFC 7644 §7.5.2).
  package func bind(_ expression: FilterExpression) throws(SCIMError) -> Filter {
    try bind(expression) { text throws(SCIMError) in
      guard let path = type.path(text), path.attribute != nil else {
        switch unknown {
        case .noValue: return nil
        case .refuse:
          throw SCIMError(.filterAttributeUnknown, "\"\(text)\" is not an attribute of \(type.name).")
        }
      }
      return path
    }
  }

  /// Binds the inner filter of `attribute[...]`, whose names are sub-attributes.
  package func bind(
    _ expression: FilterExpression, valuesOf path: AttributePath
  ) throws(SCIMError) -> Filter {
    guard let attribute = path.attribute else {
      throw SCIMError(.filterNotOnSimple, "\"\(path.notation)\" has no values to filter.")
    }
    return try bind(expression) { given throws(SCIMError) in
      let text = type.innerName(given, of: path.schema)
      if attribute.kind != .complex, CaseFolding.sameName(text, "value") {
        return AttributePath(schema: path.schema, attribute: attribute, sub: nil)
      }
      guard let sub = attribute.subAttributes[text] else {
        throw SCIMError(.filterSubattributeUnknown, "\"\(text)\" is not a sub-attribute of \(path.notation).")
      }
      return AttributePath(schema: path.schema, attribute: attribute, sub: sub)
    }
  }

  private typealias Resolve = (String) throws(SCIMError) -> AttributePath?

  /// - Parameter resolve: the attribute of a name; nil if it counts as an attribute without values.
  private func bind(_ expression: FilterExpression, _ resolve: Resolve) throws(SCIMError) -> Filter {
    switch expression {
    case .and(let a, let b): return .and(try bind(a, resolve), try bind(b, resolve))
    case .or(let a, let b): return .or(try bind(a, resolve), try bind(b, resolve))
    case .not(let a): return .not(try bind(a, resolve))
    case .present(let text):
      guard let path = try checked(resolve(text)) else { return .constant(false) }
      return .present(path)
    case .compare(let text, let op, let value):
      guard let path = try checked(resolve(text)) else { return .constant(op == .ne) }
      return try comparison(path, op, value)
    case .values(let text, let inner):
      guard let path = try checked(resolve(text)) else { return .constant(false) }
      guard path.sub == nil else {
        throw SCIMError(.filterNotOnSimple, "\"\(path.notation)\" has no values to filter.")
      }
      return .values(path, try bind(inner, valuesOf: path))
    }
  }

  /// A secret attribute cannot be queried.
  private func checked(_ path: AttributePath?) throws(SCIMError) -> AttributePath? {
    if let path, path.leaf?.returned == .never || path.attribute?.returned == .never {
      throw SCIMError(
        .filterSecret,
        "\(path.notation) is secret and cannot be used in a filter.")
    }
    return path
  }

  /// `eq null` is bound as `not pr`; a complex attribute is compared by its `value`.
  private func comparison(
    _ path: AttributePath, _ op: FilterExpression.Operator, _ value: JSONValue
  ) throws(SCIMError) -> Filter {
    if value.isNull, op == .eq || op == .ne { return op == .eq ? .not(.present(path)) : .present(path) }
    var path = path
    if let attribute = path.leaf, attribute.kind == .complex {
      guard path.sub == nil, let implied = attribute.valueAttribute else {
        throw SCIMError(
          .filterNeedsSubattribute,
          "\(path.notation) is complex: name one of its sub-attributes, as \(path.notation).value.")
      }
      path = AttributePath(schema: path.schema, attribute: attribute, sub: implied)
    }
    guard let leaf = path.leaf else {
      throw SCIMError(.filterNeedsSubattribute, "\(path.notation) cannot be compared.")
    }
    let operand = try FilterBinding.operand(value, for: leaf, path, op)
    return .compare(Filter.Comparison(path: path, op: op, operand: operand))
  }

  /// Throws unless operator and value fit the type of the attribute.
  private static func operand(
    _ value: JSONValue, for attribute: Attribute, _ path: AttributePath, _ op: FilterExpression.Operator
  ) throws(SCIMError) -> Filter.Operand {
    guard allows(op, attribute.kind) else {
      throw SCIMError(
        .filterOperatorType,
        "\"\(op.rawValue)\" does not work on \(path.notation), which is a \(attribute.kind.rawValue).")
    }
    guard let operand = Filter.Operand(value, of: attribute) else {
      throw SCIMError(
        .filterValueType,
        "\(path.notation) is a \(attribute.kind.rawValue), and the filter's value is \(value.kindInWords)."
          + (attribute.kind == .string ? " Put text into double quotes." : ""))
    }
    return operand
  }

  /// RFC 7644 table 3: no order on booleans and binaries, no substrings outside text.
  private static func allows(_ op: FilterExpression.Operator, _ kind: Attribute.Kind) -> Bool {
    switch op {
    case .eq, .ne: true
    case .co, .sw, .ew: kind == .string || kind == .reference
    case .gt, .ge, .lt, .le: kind != .boolean && kind != .binary
    }
  }
}
