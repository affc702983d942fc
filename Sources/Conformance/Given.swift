import Exchange
import JSON

/// A resource that a case finds made when its steps begin.
struct Given: Sendable {
  /// The variable.
  let name: String
  let template: String
  /// Members of the body that differ from the template's; null removes one.
  let members: JSONObject

  /// Reads the resources of a case: names of templates, or an object with changes to them.
  static func read(_ reader: ScriptReader) throws(ScriptError) -> [Given] {
    switch reader.json["given"] {
    case nil: return []
    case .array?:
      return try reader.strings("given").map { Given(name: $0, template: $0, members: [:]) }
    case .object(let object)?:
      return try object.members.map { (member) throws(ScriptError) in try Given(member, reader) }
    default: throw reader.error("\"given\" is an object, or an array of templates")
    }
  }

  /// The body to send, with variables not yet replaced.
  func body(from template: Template) -> JSONValue {
    var body = template.body
    for member in members.members { body[member.name] = member.value.isNull ? nil : member.value }
    return .object(body)
  }
}

extension Given {
  private init(_ member: JSONObject.Member, _ reader: ScriptReader) throws(ScriptError) {
    if let template = member.value.stringValue {
      self.init(name: member.name, template: template, members: [:])
      return
    }
    let inner = try ScriptReader(member.value, at: "\(reader.place), given \"\(member.name)\"")
    try inner.allow(["template", "with"])
    self.init(
      name: member.name, template: try inner.string("template"),
      members: try inner.optional("with")?.json ?? [:])
  }
}
