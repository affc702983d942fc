package import JSON

extension ExchangeScript {
  /// Reads a script; unknown members are refused so that a misspelt expectation cannot pass unnoticed.
  package init(_ json: JSONValue) throws(ScriptError) {
    let reader = try ScriptReader(json, at: "script")
    try reader.allow(["name", "idp", "profile", "description", "source", "steps"])
    name = try reader.string("name")
    idp = try reader.string("idp")
    profile = try reader.string("profile")
    description = try reader.string("description")
    source = try reader.string("source")
    let name = name
    steps = try reader.array("steps").map { (step) throws(ScriptError) in
      try ExchangeStep(step, script: name)
    }
  }
}

extension ExchangeStep {
  init(_ json: JSONValue, script: String) throws(ScriptError) {
    let name = json["name"]?.stringValue ?? "without a name"
    let reader = try ScriptReader(json, at: "\(script), step \"\(name)\"")
    try reader.allow(["name", "request", "expect", "capture", "cleanup"])
    self.name = try reader.string("name")
    request = try ExchangeRequest(try reader.member("request"))
    expect = try Expectation(try reader.member("expect"))
    capture =
      try reader.optional("capture")?.texts().map { (text) throws(ScriptError) in
        (text.name, try reader.pointer(text.value))
      } ?? []
    isCleanup = reader.json["cleanup"] == true
  }
}

extension ExchangeRequest {
  init(_ reader: ScriptReader) throws(ScriptError) {
    try reader.allow(["method", "path", "fields", "body", "text"])
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

extension Expectation {
  init(_ reader: ScriptReader) throws(ScriptError) {
    try reader.allow(["status", "fields", "body"])
    statuses = try reader.array("status").map { (value) throws(ScriptError) in
      guard let status = value.integerValue.flatMap({ Int(exactly: $0) }) else {
        throw reader.error("a status is a number")
      }
      return status
    }
    fields =
      try reader.optional("fields")?.json.members.map { (member) throws(ScriptError) in
        FieldRule(name: member.name, test: try reader.fieldTest(member.value))
      } ?? []
    body = try reader.optionalArray("body").map { (value) throws(ScriptError) in
      try BodyRule(try ScriptReader(value, at: reader.place))
    }
  }
}

extension BodyRule {
  init(_ reader: ScriptReader) throws(ScriptError) {
    pointer = try reader.pointer(try reader.string("path"))
    guard reader.json.count == 2, let member = reader.json.members.first(where: { $0.name != "path" }) else {
      throw reader.error("a rule has a path and one test")
    }
    switch (member.name, member.value) {
    case ("equals", let value): test = .equals(value)
    case ("contains", let value): test = .contains(value)
    case ("excludes", let value): test = .excludes(value)
    case ("count", .integer(let number)): test = .count(Int(truncatingIfNeeded: number))
    case ("atLeast", .integer(let number)): test = .atLeast(number)
    case ("text", .string(let text)): test = .text(text)
    case ("present", true): test = .present
    case ("absent", true): test = .absent
    case ("kind", .string(let name)):
      guard let kind = Kind(rawValue: name) else { throw reader.error("no kind \"\(name)\"") }
      test = .kind(kind)
    default: throw reader.error("no test \"\(member.name)\" of this form")
    }
  }
}
