/// An attribute of a resource type, found from its textual notation (RFC 7644 §3.10).
package struct AttributePath: Sendable {
  /// The extension that defines the attribute; nil for the base schema and the common attributes.
  package let schema: Schema?
  /// Nil if the path names a whole schema: an extension, or, with `schema` nil, the base schema.
  package let attribute: Attribute?
  package let sub: Attribute?

  package init(schema: Schema?, attribute: Attribute?, sub: Attribute?) {
    self.schema = schema
    self.attribute = attribute
    self.sub = sub
  }

  /// The notation a message shows: `name.givenName`, `urn:...:User:department`.
  package var notation: String {
    let names = [attribute?.name, sub?.name].compactMap { $0 }.joined(separator: ".")
    guard let schema else { return names }
    return names.isEmpty ? schema.id : "\(schema.id):\(names)"
  }

  /// The path of a sub-attribute of this one.
  func appending(_ sub: Attribute) -> AttributePath {
    AttributePath(schema: schema, attribute: attribute, sub: sub)
  }

  /// The attribute whose values the path selects: the sub-attribute if one is named.
  package var leaf: Attribute? { sub ?? attribute }
}

extension ResourceType {
  /// `text` as `[URN ":"] name ["." sub]`, letter case ignored; nil if the type has no such attribute. The longest URN
  /// of the type that `text` begins with is taken, so that dots and colons inside URNs do no harm. A name that the base
  /// schema lacks and exactly one extension has means that extension's.
  package func path(_ text: String) -> AttributePath? {
    guard !text.isEmpty else { return nil }
    if text.utf8.count >= 4, CaseFolding.sameName(String(text.prefix(4)), "urn:") { return qualified(text) }
    let (name, sub) = ResourceType.split(text)
    if let attribute = attribute(named: name) { return resolve(nil, attribute, sub) }
    let owners = extensions.filter { $0.schema.attributes[name] != nil }
    guard owners.count == 1, let owner = owners.first, let attribute = owner.schema.attributes[name]
    else { return nil }
    return resolve(owner.schema, attribute, sub)
  }

  /// A name between the brackets of `owner[...]`, which may be qualified by the URN of the owner's schema, without it.
  func innerName(_ text: String, of owner: Schema?) -> String {
    let urn = (owner ?? schema).id
    guard text.utf8.count > urn.utf8.count + 1, ResourceType.begins(text, with: urn) else { return text }
    return String(decoding: text.utf8.dropFirst(urn.utf8.count + 1), as: UTF8.self)
  }

  /// A path that begins with a URN.
  private func qualified(_ text: String) -> AttributePath? {
    var best: Schema?
    for candidate in [schema] + extensions.map(\.schema)
    where ResourceType.begins(text, with: candidate.id)
      && candidate.id.utf8.count > (best?.id.utf8.count ?? 0)
    {
      best = candidate
    }
    guard let best else { return nil }
    let owner = best === schema ? nil : best
    let rest = text.utf8.dropFirst(best.id.utf8.count)
    guard !rest.isEmpty else { return AttributePath(schema: owner, attribute: nil, sub: nil) }
    let (name, sub) = ResourceType.split(String(decoding: rest.dropFirst(), as: UTF8.self))
    guard let attribute = owner == nil ? attribute(named: name) : best.attributes[name] else { return nil }
    return resolve(owner, attribute, sub)
  }

  /// The path with its sub-attribute; nil if the attribute does not have that one.
  private func resolve(_ schema: Schema?, _ attribute: Attribute, _ sub: String?) -> AttributePath? {
    // The values of a simple multi-valued attribute are its `value`s (RFC 7643 §2.4).
    let isValue =
      attribute.multiValued && attribute.kind != .complex
      && sub.map { CaseFolding.sameName($0, "value") } == true
    guard let sub, !isValue else { return AttributePath(schema: schema, attribute: attribute, sub: nil) }
    guard let found = attribute.subAttributes[sub] else { return nil }
    return AttributePath(schema: schema, attribute: attribute, sub: found)
  }

  /// Whether the text is the URN, or goes on after it with a colon.
  private static func begins(_ text: String, with urn: String) -> Bool {
    let size = urn.utf8.count
    guard text.utf8.count >= size else { return false }
    let next = text.utf8.dropFirst(size).first
    return (next == nil || next == UInt8(ascii: ":"))
      && zip(text.utf8, urn.utf8).allSatisfy { CaseFolding.lower($0) == CaseFolding.lower($1) }
  }

  private static func split(_ text: String) -> (name: String, sub: String?) {
    guard let dot = text.utf8.firstIndex(of: UInt8(ascii: ".")) else { return (text, nil) }
    return (String(text[..<dot]), String(text[text.utf8.index(after: dot)...]))
  }
}
