import CAssets
package import JSON

/// The profile of an identity provider: the rules that are on for it, and the information people need to set it up. One
/// JSON file per provider holds it.
package final class Profile: Sendable {
  /// The provider's names for the fields of a connection.
  package struct SetUp: Sendable {
    package let base: String
    package let key: String
    package let identifier: String
    package let features: String
  }

  package let name: String
  /// The provider's name, for people.
  package let title: String
  package let rules: Set<DialectRule>
  package let setUp: SetUp
  /// What the provider calls things, and where it has them.
  package let words: ProviderWords
  /// What to do at this provider about some codes, instead of the general remedy, by the code; with the same slots.
  package let remedies: [String: String]
  /// What usually goes where: attributes in the notation of paths, each with the provider's own; empty if it is not known.
  package let mapping: [(attribute: String, source: String)]
  /// The profile's differences, for people.
  package let changes: String
  /// A remark to read before the first run.
  package let note: String
  /// What to do at the provider, in order; `{base}` and `{key}` stand for the values of the connection. Empty if only
  /// `setUp` is known.
  package let steps: [String]

  /// The providers whose files are in the binary.
  package static let all: [Profile] = {
    do throws(SchemaError) { return try embedded() } catch {
      preconditionFailure("an embedded profile: \(error)")
    }
  }()

  /// The RFC wherever it says SHALL; the default.
  package static let generic: Profile = {
    guard let profile = named("generic") else { preconditionFailure("the profile generic is missing") }
    return profile
  }()

  package static func named(_ name: String) -> Profile? { all.first { $0.name == name } }

  /// From the content of a provider's file; throws `SchemaError` with the place that is wrong.
  package init(_ json: JSONValue) throws(SchemaError) {
    let reader = try DefinitionReader(json)
    try reader.allow([
      "name", "title", "rules", "policies", "setUp", "words", "remedies", "mapping", "changes",
      "note", "steps",
    ])
    name = try reader.requiredText("name")
    title = try reader.requiredText("title")
    changes = try reader.requiredText("changes")
    note = try reader.requiredText("note")
    var steps: [String] = []
    for (index, step) in (try reader.list("steps") ?? []).enumerated() {
      guard let text = step.stringValue else { throw reader.error("steps/\(index)", "must be a text") }
      steps.append(text)
    }
    self.steps = steps
    var mapping: [(attribute: String, source: String)] = []
    for (index, pair) in (try reader.list("mapping") ?? []).enumerated() {
      let inner = try DefinitionReader(pair, at: "\(reader.pointer("mapping"))/\(index)")
      try inner.allow(["attribute", "source"])
      mapping.append((try inner.requiredText("attribute"), try inner.requiredText("source")))
    }
    self.mapping = mapping
    let own = try Profile.rules(reader, "rules", arePolicies: false)
    rules = DialectRule.harmless.union(own).union(try Profile.rules(reader, "policies", arePolicies: true))
    guard let place = reader.object["setUp"] else { throw reader.error("setUp", "is missing") }
    let inner = try DefinitionReader(place, at: reader.pointer("setUp"))
    try inner.allow(["base", "key", "identifier", "features"])
    setUp = SetUp(
      base: try inner.requiredText("base"), key: try inner.requiredText("key"),
      identifier: try inner.requiredText("identifier"), features: try inner.requiredText("features"))
    guard let words = reader.object["words"] else { throw reader.error("words", "is missing") }
    self.words = try ProviderWords(try DefinitionReader(words, at: reader.pointer("words")))
    remedies = try Profile.remedies(reader)
  }

  /// The remedies of the provider; throws for one that is not for a code.
  private static func remedies(_ reader: DefinitionReader) throws(SchemaError) -> [String: String] {
    guard let json = reader.object["remedies"] else { return [:] }
    let inner = try DefinitionReader(json, at: reader.pointer("remedies"))
    try inner.allow(SCIMError.Code.allCases.map(\.rawValue))
    var remedies: [String: String] = [:]
    for member in inner.object.members { remedies[member.name] = try inner.requiredText(member.name) }
    return remedies
  }

  /// The rules that a member lists; throws for one that does not belong into this member.
  private static func rules(
    _ reader: DefinitionReader, _ member: String, arePolicies: Bool
  ) throws(SchemaError) -> Set<DialectRule> {
    var rules: Set<DialectRule> = []
    for (index, name) in (try reader.list(member) ?? []).enumerated() {
      guard let rule = name.stringValue.flatMap(DialectRule.init(rawValue:)), rule.isPolicy == arePolicies
      else {
        throw SchemaError(
          "\(reader.pointer(member))/\(index)", "is not the name of a \(arePolicies ? "policy" : "rule")")
      }
      rules.insert(rule)
    }
    return rules
  }

  /// The profiles in the binary, in the order of their files.
  private static func embedded() throws(SchemaError) -> [Profile] {
    var profiles: [Profile] = []
    for index in 0..<cassets_provider_count {
      guard let entry = cassets_provider(index)?.pointee else { continue }
      let file = String(cString: entry.name)
      let bytes = UnsafeRawBufferPointer(start: entry.bytes, count: entry.length)
      guard let json = try? JSONParser.parse(bytes) else { throw SchemaError("", "\(file) is not JSON") }
      let profile = try Profile(json)
      guard profile.name == file else { throw SchemaError("/name", "must be the name of the file, \(file)") }
      profiles.append(profile)
    }
    return profiles
  }
}
