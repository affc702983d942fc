import JSON

/// An attribute of a request that no schema defines: its place and the structure of its value; never the value.
package struct UnkeptAttribute: Sendable {
  /// The characteristics that a schema would give it.
  package struct Shape: Sendable, Equatable {
    /// The types of RFC 7643 §2.3 that values tell apart.
    package enum Kind: String, Sendable {
      case string, boolean, integer, decimal, complex
    }

    /// Nil if only null or an empty list was seen.
    package var type: Kind?
    package var isMultiValued: Bool

    package init(type: Kind?, isMultiValued: Bool) {
      self.type = type
      self.isMultiValued = isMultiValued
    }

    /// A shape that accepts the values of both.
    package func merged(with other: Shape) -> Shape {
      var type = type ?? other.type
      if let mine = self.type, let others = other.type, mine != others {
        type = Set([mine, others]) == [.integer, .decimal] ? .decimal : .string
      }
      return Shape(type: type, isMultiValued: isMultiValued || other.isMultiValued)
    }
  }

  /// The URN of the extension that it stood in; nil for one of the resource itself.
  package let schema: String?
  /// The name; of a part of a complex attribute `name.part`.
  package let name: String
  package let shape: Shape

  package init(schema: String?, name: String, shape: Shape) {
    self.schema = schema
    self.name = name
    self.shape = shape
  }

  /// A member's form: the attributes of an extension, an attribute with sub-attributes, or just an attribute.
  static func all(of member: String, _ value: JSONValue) -> [UnkeptAttribute] {
    guard member.utf8.contains(UInt8(ascii: ":")) else { return attribute(member, in: nil, value) }
    if let object = value.objectValue {
      return object.members.flatMap { attribute($0.name, in: member, $0.value) }
    }
    guard let colon = member.utf8.lastIndex(of: UInt8(ascii: ":")) else { return [] }
    return attribute(String(member[member.utf8.index(after: colon)...]), in: String(member[..<colon]), value)
  }

  /// An attribute and, if its values are objects, their parts.
  static func attribute(_ name: String, in schema: String?, _ value: JSONValue) -> [UnkeptAttribute] {
    let shape = Shape(of: value)
    let parts = value.objectValue ?? value.arrayValue?.lazy.compactMap(\.objectValue).first
    return [UnkeptAttribute(schema: schema, name: name, shape: shape)]
      + (parts?.members ?? []).map {
        UnkeptAttribute(schema: schema, name: "\(name).\($0.name)", shape: Shape(of: $0.value))
      }
  }
}

extension UnkeptAttribute.Shape {
  fileprivate init(of value: JSONValue) {
    isMultiValued = value.arrayValue != nil
    type =
      switch value.arrayValue?.first ?? value {
      case .null, .array: nil
      case .bool: .boolean
      case .integer: .integer
      case .decimal: .decimal
      case .string: .string
      case .object: .complex
      }
  }
}
