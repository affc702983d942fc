import JSON

/// Requests of the ring for people to read.
enum RequestText {
  static func table(_ items: [JSONValue]) -> TextTable {
    var table = TextTable(["ID", "TIME", "STATUS", "REQUEST", "WHO", "WHAT"])
    for item in items { table.add(cells(item)) }
    return table
  }

  /// The same in one line.
  static func line(_ item: JSONValue) -> String {
    TerminalText.value(cells(item).filter { !$0.isEmpty }.joined(separator: "  "))
  }

  private static func cells(_ item: JSONValue) -> [String] {
    func text(_ name: String) -> String { item[name]?.stringValue ?? "" }
    let who = item["connectionName"]?.stringValue ?? item["keyName"]?.stringValue ?? text("remote")
    return [
      text("id"), text("time"), item["status"]?.integerValue.map { String($0) } ?? "",
      "\(text("method")) \(text("path"))", who, what(item),
    ]
  }

  /// What is most telling about a request, in a few words.
  private static func what(_ item: JSONValue) -> String {
    if item["erased"] == true { return "erased" }
    if let reason = item["refused"]?["reason"]?.stringValue { return "key refused: \(reason)" }
    if let detail = item["error"]?["detail"]?.stringValue { return detail }
    if let filter = item["query"]?["filter"]?.stringValue { return filter }
    var parts: [String] = []
    for change in item["changes"]?.arrayValue ?? [] {
      for effect in ["created", "deleted", "restored", "erased"] {
        if let type = change[effect]?.stringValue { parts.append("\(type) \(effect)") }
      }
      for (side, sign) in [("added", "+"), ("removed", "-")] {
        if let count = change[side]?.arrayValue?.count { parts.append("\(sign)\(count) members") }
      }
      for attribute in change["attributes"]?.arrayValue ?? [] {
        let name = attribute["name"]?.stringValue ?? ""
        parts.append("\(name) = \(attribute["after"]?.serializedText ?? "nothing")")
      }
    }
    if let failures = item["failures"]?.arrayValue { parts.append("\(failures.count) operations refused") }
    if parts.isEmpty, item["body"] != nil, item["record"] == nil { return "nothing changed" }
    return parts.joined(separator: ", ")
  }

  /// What a request would do if it came now.
  static func trial(_ item: JSONValue) -> String {
    var text = lines(item)
    if let count = item["masked"]?.integerValue {
      text +=
        "\nValues shown as (masked): \(count). With the setting requestValues=all, requests are kept whole.\n"
    }
    return text + "\nNothing was stored.\n"
  }

  /// Everything about one request.
  static func lines(_ item: JSONValue) -> String {
    func text(_ name: String) -> String { item[name]?.stringValue ?? "" }
    let words = item["explanation"]
    var rows = [
      ["id", text("id")], ["directory", text("directory")],
      ["who", words?["who"]?.stringValue ?? ""], ["asked", words?["asked"]?.stringValue ?? ""],
    ]
    if let time = item["time"]?.stringValue { rows.insert(["time", time], at: 1) }
    func add(_ name: String, _ member: String) {
      for (index, line) in (words?[member]?.arrayValue ?? []).enumerated() {
        rows.append([index == 0 ? name : "", line.stringValue ?? ""])
      }
    }
    add("understood", "understood")
    add("changed", "changed")
    let status = item["status"]?.integerValue.map { String($0) } ?? ""
    let duration = item["microseconds"]?.integerValue.map { " in \(Double($0) / 1000) ms" } ?? ""
    if let before = item["statusBefore"]?.integerValue {
      rows.append(["would be answered", "\(status) (it was answered \(before))"])
    } else {
      rows.append(["answered", status + duration])
    }
    if let record = item["record"]?.integerValue { rows.append(["record", String(record)]) }
    if let refused = words?["refused"]?.stringValue { rows.append(["refused", refused]) }
    if let code = words?["code"]?.stringValue { rows.append(["code", code]) }
    if let cause = words?["cause"]?.stringValue {
      let reference = words?["reference"]?.stringValue.map { " (\($0))" } ?? ""
      rows.append(["why", cause + reference])
    }
    if let fix = words?["fix"]?.stringValue { rows.append(["what to do", fix]) }
    return TextTable(rows).text()
  }
}
