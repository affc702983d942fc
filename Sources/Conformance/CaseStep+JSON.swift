import Exchange
import JSON

extension CaseStep {
  private static let answerMembers: Set = [
    "query", "fields", "body", "text", "key", "expect", "keep", "capture",
  ]

  /// Reads steps; errors name the step by its number.
  static func read(_ values: [JSONValue], at place: String) throws(ScriptError) -> [CaseStep] {
    var steps: [CaseStep] = []
    for (index, value) in values.enumerated() {
      steps.append(try CaseStep(try ScriptReader(value, at: "\(place), step \(index + 1)")))
    }
    return steps
  }

  /// A step without a name is called by its action.
  private init(_ reader: ScriptReader) throws(ScriptError) {
    let (action, words, members) = try Self.action(reader)
    try reader.allow(members.union(["name", "when"]))
    name = try reader.optionalString("name") ?? words
    when = try reader.rules(try reader.optionalArray("when"))
    self.action = action
  }

  /// The action, its name, and the members that it may have.
  private static func action(_ reader: ScriptReader) throws(ScriptError) -> (Action, String, Set<String>) {
    let json = reader.json
    if let text = json["send"]?.stringValue {
      let request = try CaseRequest(text, reader)
      return (.send(request, try Reception(reader)), text, answerMembers.union(["send"]))
    }
    if let path = json["walk"]?.stringValue {
      let request = try CaseRequest((json["body"] == nil ? "GET " : "POST ") + path, reader)
      let method: Walk.Method = try reader.word(try reader.string("by"), "method")
      let walk = Walk(method: method, request: request)
      return (.walk(walk, try Reception(reader)), "walk \(path)", answerMembers.union(["walk", "by"]))
    }
    if json["check"] != nil {
      return (.check(try reader.rules(try reader.array("check"))), "check", ["check"])
    }
    if json["skipUnless"] != nil {
      let rules = try reader.rules(try reader.array("skipUnless"))
      return (
        .skipUnless(rules, reason: try reader.string("reason")), "skip", ["skipUnless", "reason"]
      )
    }
    if let list = json["forEach"] {
      let steps = try read(try reader.array("steps"), at: reader.place)
      return (
        .forEach(list, variable: try reader.string("let"), steps), "for each", ["forEach", "let", "steps"]
      )
    }
    guard let wait = json["wait"]?.integerValue, (0...5000).contains(wait) else {
      throw reader.error("a step has send, walk, check, skipUnless, forEach or wait (at most 5000)")
    }
    return (.wait(milliseconds: Int(wait)), "wait", ["wait"])
  }
}

extension Reception {
  init(_ reader: ScriptReader) throws(ScriptError) {
    let expect = reader.json["expect"]
    self.expect = try (expect?.arrayValue ?? expect.map { [$0] } ?? []).map { (value) throws(ScriptError) in
      try Expectation(value, at: reader.place)
    }
    keep = try reader.optionalString("keep")
    capture =
      try reader.optional("capture")?.texts().map { (text) throws(ScriptError) in
        (text.name, try reader.pointer(text.value))
      } ?? []
  }
}
