import JSON

/// Streams of event tokens for people to read.
enum StreamText {
  static func table(_ items: [JSONValue]) -> TextTable {
    var table = TextTable(["NAME", "STATE", "DELIVERY", "BEHIND", "AUDIENCE", "EVENTS"])
    for item in items {
      table.add([
        text(item, "name"), text(item, "state"), text(item, "delivery"), number(item["progress"], "behind"),
        texts(item["audience"]), events(item),
      ])
    }
    return table
  }

  static func lines(_ item: JSONValue) -> String {
    let progress = item["progress"]
    var state = text(item, "state")
    if let reason = item["reason"]?.stringValue { state += ": \(reason)" }
    let isPushed = text(item, "delivery") == "push"
    func ifPushed(_ value: String) -> String? { isPushed ? value : nil }
    return KeyText.rows([
      ("Name", text(item, "name")), ("Delivery", text(item, "delivery")), ("URL", text(item, "url")),
      ("State", state), ("Audience", texts(item["audience"])), ("Events", events(item)),
      ("Issuer", text(item, "issuer")), ("Public keys", text(item, "jwks")),
      ("Algorithm", text(item, "algorithm")), ("Key", "number \(number(item, "keyGeneration"))"),
      ("Old key until", item["overlapEnds"]?.stringValue),
      ("Time-out", ifPushed("\(number(item, "timeout")) s")),
      ("In flight", ifPushed(number(item, "inFlight"))),
      ("Behind", "\(number(progress, "behind")) records"),
      ("Exceptions", ifPushed(number(progress, "exceptions"))),
      ("Delivered", ifPushed(number(progress, "delivered"))),
      ("Failed calls", ifPushed(number(progress, "failed"))), ("Id", text(item, "id")),
      ("Created", text(item, "created")), ("Version", text(item, "version")),
    ])
  }

  static func created(_ item: JSONValue) -> String {
    let isPushed = text(item, "delivery") == "push"
    return name("Created", item)
      + (isPushed ? "Tokens are pushed to \(text(item, "url"))\n" : "Receivers poll \(text(item, "url"))\n")
      + "They verify tokens of \(text(item, "issuer")) with the keys at \(text(item, "jwks"))\n"
  }

  static func rotated(_ item: JSONValue) -> String {
    name("Rotated the key of", item) + "The old key is published until \(text(item, "overlapEnds")).\n"
  }

  static func name(_ verb: String, _ item: JSONValue) -> String {
    "\(verb) the stream \(TerminalText.value(text(item, "name"))).\n"
  }

  /// Without the prefix that all have.
  private static func events(_ item: JSONValue) -> String {
    let prefix = "urn:ietf:params:scim:event:"
    let names = (item["events"]?.arrayValue ?? []).compactMap(\.stringValue)
    return names.map { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0 }.joined(separator: " ")
  }

  private static func text(_ item: JSONValue, _ name: String) -> String { item[name]?.stringValue ?? "" }

  private static func number(_ item: JSONValue?, _ name: String) -> String {
    item?[name]?.integerValue.map { String($0) } ?? ""
  }

  private static func texts(_ list: JSONValue?) -> String {
    (list?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: " ")
  }
}
