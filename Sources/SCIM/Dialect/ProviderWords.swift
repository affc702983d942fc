/// Where a provider's console has what an administrator has to change, as menu paths; for remedies and for `scimd
/// connect`.
package struct ProviderWords: Sendable {
  /// The place of the base URL.
  package let base: String
  /// The place of the key.
  package let key: String
  /// The place of the attribute by which a person is looked up.
  package let matching: String
  /// The place where attributes are mapped.
  package let mapping: String
  /// The place where people and groups are assigned.
  package let assignment: String
  /// The place where single actions, such as creating users, are turned on and off.
  package let actions: String
  /// The place where the provider shows what it sent.
  package let log: String
  /// How the provider sends again what failed: a sentence without its capital and full stop.
  package let restart: String

  init(_ reader: DefinitionReader) throws(SchemaError) {
    try reader.allow(["base", "key", "matching", "mapping", "assignment", "actions", "log", "restart"])
    base = try reader.requiredText("base")
    key = try reader.requiredText("key")
    matching = try reader.requiredText("matching")
    mapping = try reader.requiredText("mapping")
    assignment = try reader.requiredText("assignment")
    actions = try reader.requiredText("actions")
    log = try reader.requiredText("log")
    restart = try reader.requiredText("restart")
  }

  /// A text with its slots filled: `{mapping}` becomes the place where attributes are mapped, `{attribute}` the
  /// attribute. A slot that does not exist stays as it is.
  package func filled(_ template: String, attribute: String? = nil) -> String {
    var result: [UInt8] = []
    var rest = Array(template.utf8)[...]
    while let open = rest.firstIndex(of: UInt8(ascii: "{")) {
      result += rest[..<open]
      rest = rest[open...]
      guard let close = rest.firstIndex(of: UInt8(ascii: "}")),
        let text = slot(String(decoding: rest[(open + 1)..<close], as: UTF8.self), attribute)
      else {
        result.append(rest.removeFirst())
        continue
      }
      result += text.utf8
      rest = rest[(close + 1)...]
    }
    return String(decoding: result + rest, as: UTF8.self)
  }

  private func slot(_ name: String, _ attribute: String?) -> String? {
    switch name {
    case "base": base
    case "key": key
    case "matching": matching
    case "mapping": mapping
    case "assignment": assignment
    case "actions": actions
    case "log": log
    case "restart": restart
    case "attribute": attribute ?? "the attribute"
    default: nil
    }
  }
}
