import JSON
package import SCIM

extension ValueMask {
  /// A filter as it was understood, values masked.
  ///
  /// - Parameter isInner: whether it stands between brackets, where sub-attributes are named alone.
  package func text(of filter: Filter, isInner: Bool = false) -> String {
    func name(_ path: AttributePath) -> String { isInner ? path.leaf?.name ?? path.notation : path.notation }
    func operand(_ filter: Filter) -> String {
      switch filter {
      case .and, .or: "(\(text(of: filter, isInner: isInner)))"
      default: text(of: filter, isInner: isInner)
      }
    }
    switch filter {
    case .and(let a, let b): return "\(operand(a)) and \(operand(b))"
    case .or(let a, let b): return "\(operand(a)) or \(operand(b))"
    case .not(let a): return "not (\(text(of: a, isInner: isInner)))"
    case .constant(let flag): return flag ? "(always)" : "(never)"
    case .present(let path): return "\(name(path)) pr"
    case .compare(let comparison):
      let value = shown(comparison.operand.json, comparison.path.leaf, of: owner(of: comparison.path))
      return "\(name(comparison.path)) \(comparison.op.rawValue) \(value.serializedText)"
    case .values(let path, let inner): return "\(path.notation)[\(text(of: inner, isInner: true))]"
    }
  }

  /// The attribute that the path's sub-attribute is a part of.
  private func owner(of path: AttributePath) -> Attribute? { path.sub == nil ? nil : path.attribute }

  /// The target of an operation: `emails[type eq "(masked)"].value`.
  func text(of target: PatchTarget) -> String {
    guard let selection = target.selection else { return target.path.notation }
    let owner = AttributePath(schema: target.path.schema, attribute: target.attribute, sub: nil)
    let sub = target.sub.map { ".\($0.name)" } ?? ""
    return "\(owner.notation)[\(text(of: selection.filter, isInner: true))]\(sub)"
  }

  /// A filter or a path that could not be understood: kept are operators, brackets, and the words before operators,
  /// which are names of attributes.
  ///
  /// - Parameter names: receives these names.
  func text(ofUnread text: String, _ types: [ResourceType], names: inout [String]) -> String {
    let words = Self.words(of: text)
    var result = ""
    for (index, word) in words.enumerated() {
      let next = words[(index + 1)...].first { !$0.hasSameBytes(as: " ") }
      if Self.isFixed(word) {
        result += word
      } else if Self.isName(word),
        next.map(Self.isOperator) == true || types.contains(where: { $0.path(word) != nil })
      {
        names.append(word)
        result += redacted(word)
      } else {
        result += word.utf8.first == UInt8(ascii: "\"") ? "\"\(Self.masked)\"" : Self.masked
      }
    }
    return result
  }

  /// The words of a text, what is between them, and quoted texts as one word each.
  private static func words(of text: String) -> [String] {
    var words = [""]
    var isQuoted = false
    for scalar in text.unicodeScalars.prefix(1000) {
      if scalar == "\"" {
        if !isQuoted { words.append("") }
        words[words.count - 1].unicodeScalars.append(scalar)
        if isQuoted { words.append("") }
        isQuoted.toggle()
      } else if !isQuoted, " ()[]".unicodeScalars.contains(scalar) {
        words += [String(Character(scalar)), ""]
      } else {
        words[words.count - 1].unicodeScalars.append(scalar)
      }
    }
    return words.filter { !$0.isEmpty }
  }

  private static func isFixed(_ word: String) -> Bool {
    isOperator(word) || fixed.contains { $0.hasSameBytes(as: CaseFolding.lowered(word)) }
  }

  private static func isOperator(_ word: String) -> Bool {
    operators.contains { $0.hasSameBytes(as: CaseFolding.lowered(word)) }
  }

  private static let operators = FilterExpression.Operator.allCases.map(\.rawValue) + ["pr"]
  private static let fixed = [" ", "(", ")", "[", "]", "and", "or", "not", "true", "false", "null"]
}

extension Filter.Operand {
  fileprivate var json: JSONValue {
    switch self {
    case .boolean(let flag): .bool(flag)
    case .integer(let number): .integer(number)
    case .decimal: .string("a number")
    case .dateTime(let time): .string(time.description)
    case .text(let key), .link(let key): .string(key.text)
    }
  }
}
