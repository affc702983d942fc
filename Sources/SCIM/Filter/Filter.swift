package import JSON

/// A filter bound to the attributes of a resource type: ready to be evaluated.
package indirect enum Filter: Sendable {
  case and(Filter, Filter)
  case or(Filter, Filter)
  case not(Filter)
  /// The result of comparing an attribute that the type lacks, in a query over several types.
  case constant(Bool)
  case present(AttributePath)
  case compare(Comparison)
  /// One value of the multi-valued (or complex) attribute must satisfy the inner filter, whose paths name its
  /// sub-attributes.
  case values(AttributePath, Filter)

  package struct Comparison: Sendable {
    package let path: AttributePath
    package let op: FilterExpression.Operator
    package let operand: Operand
  }

  /// The right side, converted once to the type of the attribute.
  package enum Operand: Sendable {
    case boolean(Bool)
    case integer(Int64)
    case decimal(ExactNumber)
    case dateTime(DateTime)
    /// Compared as the attribute's values compare.
    case text(TextKey)
    /// Compared byte for byte, without the segment that names a version of the protocol.
    case link(TextKey)
  }

  /// The text that an equality with `path` compares with, folded or exact as the attribute compares; for index
  /// look-ups.
  package var equality: (path: AttributePath, text: TextKey)? {
    guard case .compare(let comparison) = self, comparison.op == .eq else { return nil }
    switch comparison.operand {
    case .text(let text): return (comparison.path, text)
    default: return nil
    }
  }
}

extension Filter.Operand {
  /// Nil for a value that is not of the attribute's type.
  init?(_ value: JSONValue, of attribute: Attribute) {
    switch (attribute.kind, value) {
    case (.string, .string(let text)), (.reference, .string(let text)), (.binary, .string(let text)):
      if attribute.isLink {
        self = .link(LinkComparison.comparable(text))
      } else {
        self = .text(TextKey(text, of: attribute))
      }
    case (.boolean, _):
      guard let flag = value.boolValue ?? value.stringValue.flatMap(DialectRule.boolean(in:)) else {
        return nil
      }
      self = .boolean(flag)
    case (.integer, .integer(let number)), (.decimal, .integer(let number)): self = .integer(number)
    case (.integer, .decimal(let number)), (.decimal, .decimal(let number)):
      self = .decimal(ExactNumber(number))
    case (.dateTime, .string(let text)):
      guard let instant = DateTime(text) else { return nil }
      self = .dateTime(instant)
    default: return nil
    }
  }
}
