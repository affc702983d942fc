import JSON

/// One attribute definition of a schema with its characteristics (RFC 7643 §2.2, §7).
package final class Attribute: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    case string, boolean, decimal, integer, dateTime, binary, reference, complex
  }

  package enum Mutability: String, Sendable, CaseIterable { case readOnly, readWrite, immutable, writeOnly }
  package enum Returned: String, Sendable, CaseIterable { case always, never, `default`, request }
  package enum Uniqueness: String, Sendable, CaseIterable { case none, server, global }

  package let name: String
  package let kind: Kind
  package let multiValued: Bool
  package let required: Bool
  package let caseExact: Bool
  package let mutability: Mutability
  package let returned: Returned
  package let uniqueness: Uniqueness
  /// Spellings that values are put into; suggestions, so that others stay as they are (RFC 7643 §2.4, §7).
  private let canonicalValues: [String]
  package let subAttributes: AttributeTable
  /// True if a value must have certain sub-attributes.
  let hasRequiredParts: Bool
  /// True if a part of a value cannot be changed once it is set.
  let hasImmutableParts: Bool

  package init(
    name: String, kind: Kind = .string, multiValued: Bool = false, required: Bool = false,
    caseExact: Bool = false, mutability: Mutability = .readWrite, returned: Returned = .default,
    uniqueness: Uniqueness = .none, canonicalValues: [String] = [], subAttributes: [Attribute] = []
  ) {
    self.name = name
    self.kind = kind
    self.multiValued = multiValued
    self.required = required
    self.caseExact = caseExact
    self.mutability = mutability
    self.returned = returned
    self.uniqueness = uniqueness
    self.canonicalValues = caseExact ? [] : canonicalValues
    self.subAttributes = AttributeTable(subAttributes)
    hasRequiredParts = subAttributes.contains { $0.required }
    hasImmutableParts = subAttributes.contains { $0.mutability == .immutable }
  }

  /// True for values that are accepted but not stored, such as a password.
  package var isSecret: Bool { mutability == .writeOnly && returned == .never }

  /// True if a stored value is returned only when it, or a part of it, is requested.
  var isHidden: Bool {
    (returned == .request || returned == .never) && !isSecret || subAttributes.contains(where: \.isHidden)
  }

  /// True if a PUT must leave a value, or a part of a single one, as it is.
  var keepsValues: Bool {
    mutability == .immutable || !multiValued && hasImmutableParts
  }

  /// The canonical value that `value` differs from in letter case alone, or `value` itself.
  func canonical(_ value: JSONValue) -> JSONValue {
    guard !canonicalValues.isEmpty, let text = value.stringValue else { return value }
    return canonicalValues.first { CaseFolding.sameName($0, text) }.map { .string($0) } ?? value
  }

  /// True if values compare byte for byte: also binary values and references (RFC 7643 §2.3.6, §2.3.7).
  package var comparesExactly: Bool { caseExact || kind == .binary || kind == .reference }

  /// True for the URI of a resource (RFC 7643 §2.4).
  var isLink: Bool { kind == .reference && name == "$ref" }

  /// The sub-attribute that represents a complex value if only a scalar is given.
  package var valueAttribute: Attribute? { subAttributes["value"] }

  /// True if a value has more sub-attributes than `type` and `primary`.
  var describesValues: Bool { subAttributes.contains { $0.name != "type" && $0.name != "primary" } }

  /// True for a complex value that names another resource by its id and its URI, such as `manager` (RFC 7643 §2.4).
  package var isReference: Bool { valueAttribute != nil && subAttributes["$ref"] != nil }
}
