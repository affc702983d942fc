import JSON

/// Webhooks and their calls for people to read.
enum WebhookText {
  static func table(_ items: [JSONValue]) -> TextTable {
    var table = TextTable(["NAME", "STATE", "URL", "BEHIND", "EXCEPTIONS", "TYPES"])
    for item in items {
      let types = texts(item["types"])
      table.add([
        text(item, "name"), text(item, "state"), text(item, "url"), number(item["progress"], "behind"),
        number(item["progress"], "exceptions"), types.isEmpty ? "all" : types.joined(separator: " "),
      ])
    }
    return table
  }

  static func lines(_ item: JSONValue) -> String {
    let (types, progress) = (texts(item["types"]), item["progress"])
    var state = text(item, "state")
    if let reason = item["reason"]?.stringValue { state += ": \(reason)" }
    return KeyText.rows([
      ("Name", text(item, "name")), ("URL", text(item, "url")), ("State", state),
      ("Types", types.isEmpty ? "all" : types.joined(separator: " ")),
      ("Connection", item["connection"]?.stringValue),
      ("Thin", item["thin"]?.boolValue == true ? "yes" : "no"),
      ("Time-out", "\(number(item, "timeout")) s"), ("In flight", number(item, "inFlight")),
      ("Secret", "number \(number(item, "secretGeneration"))"),
      ("Old secret until", item["overlapEnds"]?.stringValue),
      ("Behind", "\(number(progress, "behind")) records"), ("Exceptions", number(progress, "exceptions")),
      ("Circuit", progress?["circuitOpen"]?.boolValue == true ? "open: too many calls fail" : "closed"),
      ("Delivered", number(progress, "delivered")), ("Superseded", number(progress, "superseded")),
      ("Failed calls", number(progress, "failed")), ("Id", text(item, "id")),
      ("Created", text(item, "created")), ("Version", text(item, "version")),
    ])
  }

  static func created(_ item: JSONValue) -> String {
    name("Created", item) + secret(item) + "`scimd webhook test \(text(item, "name"))` sends a test call.\n"
  }

  static func rotated(_ item: JSONValue) -> String {
    name("Rotated the secret of", item) + secret(item)
      + "Calls are signed with the old secret too until \(text(item, "overlapEnds")).\n"
  }

  private static func secret(_ item: JSONValue) -> String {
    "\n  \(text(item, "secret"))\n\nThis is the secret of its calls; it is not shown again.\n"
  }

  static func name(_ verb: String, _ item: JSONValue) -> String {
    "\(verb) the webhook \(TerminalText.value(text(item, "name"))).\n"
  }

  static func attempts(_ items: [JSONValue]) -> TextTable {
    var table = TextTable(["TIME", "EVENT", "TYPE", "RESULT", "MS"])
    for item in items {
      table.add([
        text(item, "time"), text(item, "event"), text(item, "type"), outcome(item),
        number(item, "milliseconds"),
      ])
    }
    return table
  }

  static func attempt(_ item: JSONValue) -> String {
    var lines = "\(outcome(item)) after \(number(item, "milliseconds")) ms\n"
    if let answer = item["answer"]?.stringValue, !answer.isEmpty {
      lines += TerminalText.value(answer) + "\n"
    }
    return lines
  }

  static func outcome(_ item: JSONValue) -> String {
    if let error = item["error"]?.stringValue { return TerminalText.value(error) }
    let verdict = item["accepted"]?.boolValue == true ? "accepted" : "not accepted"
    return "\(verdict): \(number(item, "status"))"
  }

  private static func text(_ item: JSONValue, _ name: String) -> String { item[name]?.stringValue ?? "" }

  private static func number(_ item: JSONValue?, _ name: String) -> String {
    item?[name]?.integerValue.map { String($0) } ?? ""
  }

  private static func texts(_ list: JSONValue?) -> [String] {
    (list?.arrayValue ?? []).compactMap(\.stringValue)
  }
}
