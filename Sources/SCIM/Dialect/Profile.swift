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

  /// What the provider does by itself; each a part of a sentence, with the marks of Markdown.
  package struct Behaviour: Sendable {
    /// When it sends.
    package let sync: String
    /// What it does to somebody who is unassigned or leaves.
    package let unassign: String
    /// What it waits for, leaves out, or cannot do.
    package let limits: String
  }

  package let name: String
  /// The provider's name, for people.
  package let title: String
  package let rules: Set<DialectRule>
  package let setUp: SetUp
  /// What the provider calls things, and where it has them.
  package let words: ProviderWords
  package let behaviour: Behaviour
  /// What to do at this provider about some codes, instead of the general remedy, by the code; with the same slots.
  package let remedies: [String: String]
  /// What usually goes where: attributes in the notation of paths, each with the provider's own; empty if it is not known.
  package let mapping: [(attribute: String, source: String)]
  /// What a finished set-up has shown, in the order in which it usually comes.
  package let checkList: [SetupStep]
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
      "name", "title", "rules", "policies", "setUp", "words", "behaviour", "remedies", "mapping",
      "checkList", "changes", "note", "steps",
    ])
    name = try reader.requiredText("name")
    title = try reader.requiredText("title")
    changes = try reader.requiredText("changes")
    note = try reader.requiredText("note")
    steps = try Profile.texts(reader, "steps")
    mapping = try Profile.mapping(reader)
    checkList = try Profile.checkList(reader)
    let own = try Profile.rules(reader, "rules", arePolicies: false)
    rules = DialectRule.harmless.union(own).union(try Profile.rules(reader, "policies", arePolicies: true))
    setUp = try SetUp(try Profile.part(reader, "setUp"))
    words = try ProviderWords(try Profile.part(reader, "words"))
    behaviour = try Behaviour(try Profile.part(reader, "behaviour"))
    remedies = try Profile.remedies(reader)
  }

  /// An object that has to be there.
  private static func part(
    _ reader: DefinitionReader, _ name: String
  ) throws(SchemaError) -> DefinitionReader {
    guard let json = reader.object[name] else { throw reader.error(name, "is missing") }
    return try DefinitionReader(json, at: reader.pointer(name))
  }

  private static func texts(_ reader: DefinitionReader, _ name: String) throws(SchemaError) -> [String] {
    var texts: [String] = []
    for (index, json) in (try reader.list(name) ?? []).enumerated() {
      guard let text = json.stringValue else {
        throw SchemaError("\(reader.pointer(name))/\(index)", "must be a text")
      }
      texts.append(text)
    }
    return texts
  }

  private static func mapping(
    _ reader: DefinitionReader
  ) throws(SchemaError) -> [(attribute: String, source: String)] {
    var mapping: [(attribute: String, source: String)] = []
    for (index, pair) in (try reader.list("mapping") ?? []).enumerated() {
      let inner = try DefinitionReader(pair, at: "\(reader.pointer("mapping"))/\(index)")
      try inner.allow(["attribute", "source"])
      mapping.append((try inner.requiredText("attribute"), try inner.requiredText("source")))
    }
    return mapping
  }

  private static func checkList(_ reader: DefinitionReader) throws(SchemaError) -> [SetupStep] {
    var steps: [SetupStep] = []
    for (index, name) in try texts(reader, "checkList").enumerated() {
      guard let step = SetupStep(rawValue: name) else {
        throw SchemaError(
          "\(reader.pointer("checkList"))/\(index)", "is not the name of a step")
      }
      steps.append(step)
    }
    guard !steps.isEmpty else { throw reader.error("checkList", "is missing") }
    return steps
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

extension Profile.SetUp {
  fileprivate init(_ reader: DefinitionReader) throws(SchemaError) {
    try reader.allow(["base", "key", "identifier", "features"])
    base = try reader.requiredText("base")
    key = try reader.requiredText("key")
    identifier = try reader.requiredText("identifier")
    features = try reader.requiredText("features")
  }
}

extension Profile.Behaviour {
  fileprivate init(_ reader: DefinitionReader) throws(SchemaError) {
    try reader.allow(["sync", "unassign", "limits"])
    sync = try reader.requiredText("sync")
    unassign = try reader.requiredText("unassign")
    limits = try reader.requiredText("limits")
  }
}
