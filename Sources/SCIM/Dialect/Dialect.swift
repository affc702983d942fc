import JSON

/// The rules that apply to one request, and those that changed it.
package struct Dialect: Sendable {
  package let profile: Profile
  /// Rules beyond those of the profile.
  private let more: Set<DialectRule>
  /// In the order in which they first fired.
  package private(set) var fired: [DialectRule] = []
  /// Attributes of the request that no schema of the resource type has; they had no effect.
  package private(set) var ignored: [String] = []
  /// The same by schema, with the structure of the values.
  package private(set) var unkept: [UnkeptAttribute] = []
  /// 400 invalidSyntax instead of ignoring unknown attributes.
  package let refusesUnknownAttributes: Bool

  package init(
    profile: Profile = .generic, adding more: Set<DialectRule> = [], refusesUnknownAttributes: Bool = false
  ) {
    self.profile = profile
    self.more = more
    self.refusesUnknownAttributes = refusesUnknownAttributes
  }

  /// True if the rule is on; it then counts as fired.
  package mutating func allow(_ rule: DialectRule) -> Bool {
    guard profile.rules.contains(rule) || more.contains(rule) else { return false }
    if !fired.contains(rule) { fired.append(rule) }
    return true
  }

  /// Ignores an attribute and records it, or throws if unknown attributes are refused. At most 32 are recorded.
  /// - Parameter schema: the extension that contains it, if the resource type has that extension.
  mutating func ignore(
    _ attribute: String, _ value: JSONValue?, in schema: String? = nil
  ) throws(SCIMError) {
    guard !refusesUnknownAttributes else {
      throw SCIMError(.attributeUnknown, "\"\(attribute)\" is not an attribute of this resource type.")
    }
    guard ignored.count < 32 else { return }
    ignored.append(String(attribute.prefix(160)))
    let value = value ?? .null
    let all = schema.map {
      UnkeptAttribute.attribute(String(attribute.dropFirst($0.count + 1)), in: $0, value)
    }
    unkept += (all ?? UnkeptAttribute.all(of: attribute, value)).prefix(64)
  }
}
