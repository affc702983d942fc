package import Exchange
package import JSON

/// A resource to be made: `templates.json` names them, `{"user": {"endpoint": "/Users", "body": {...}}}`.
package struct Template: Sendable {
  let endpoint: String
  let body: JSONObject

  /// Reads the whole file.
  package static func read(_ json: JSONValue) throws(ScriptError) -> [String: Template] {
    let reader = try ScriptReader(json, at: "templates")
    var templates: [String: Template] = [:]
    for member in reader.json.members {
      let inner = try ScriptReader(member.value, at: "templates, \(member.name)")
      try inner.allow(["endpoint", "body"])
      templates[member.name] = Template(
        endpoint: try inner.string("endpoint"), body: try inner.member("body").json)
    }
    return templates
  }
}
