package import JSON

extension ExchangeScript {
  /// Reads a script; unknown members are refused so that a misspelt expectation cannot pass unnoticed.
  package init(_ json: JSONValue) throws(ScriptError) {
    let reader = try ScriptReader(json, at: "script")
    try reader.allow(["name", "idp", "profile", "description", "source", "steps", "keys"])
    name = try reader.string("name")
    idp = try reader.string("idp")
    profile = try reader.string("profile")
    description = try reader.string("description")
    source = try reader.string("source")
    let name = name
    keys =
      try reader.optional("keys")?.json.members.map { (member) throws(ScriptError) in
        (member.name, (member.value.arrayValue ?? []).compactMap(\.stringValue))
      } ?? []
    steps = try reader.array("steps").map { (step) throws(ScriptError) in
      try ExchangeStep(step, script: name)
    }
  }
}

extension ExchangeStep {
  /// Reads a step; its name and that of the script are in the text of every error.
  init(_ json: JSONValue, script: String) throws(ScriptError) {
    let name = json["name"]?.stringValue ?? "without a name"
    let reader = try ScriptReader(json, at: "\(script), step \"\(name)\"")
    try reader.allow(["name", "request", "expect", "capture", "cleanup"])
    self.name = try reader.string("name")
    request = try ExchangeRequest(try reader.member("request"))
    expect = try Expectation(.object(try reader.member("expect").json), at: reader.place)
    capture =
      try reader.optional("capture")?.texts().map { (text) throws(ScriptError) in
        (text.name, try reader.pointer(text.value))
      } ?? []
    isCleanup = reader.json["cleanup"] == true
  }
}

extension ExchangeRequest {
  /// Reads a request; `text` is a body that need not be JSON, and `body` is used if both are given.
  init(_ reader: ScriptReader) throws(ScriptError) {
    try reader.allow(["method", "path", "fields", "body", "text", "key"])
    key = try reader.optionalString("key")
    method = try reader.string("method")
    path = try reader.string("path")
    fields = try reader.optional("fields")?.texts() ?? []
    if let json = reader.json["body"] {
      body = .json(json)
    } else {
      body = reader.json["text"]?.stringValue.map { .text($0) } ?? .none
    }
  }
}
