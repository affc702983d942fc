import JSON

/// Events for people to read.
enum EventText {
  static func table(_ events: [JSONValue]) -> TextTable {
    var table = TextTable(["TIME", "TYPE", "ABOUT", "CHANGED", "ID"])
    for event in events {
      table.add([
        event["time"]?.stringValue ?? "", event["type"]?.stringValue ?? "", subject(event), changed(event),
        event["id"]?.stringValue ?? "",
      ])
    }
    return table
  }

  static func line(_ event: JSONValue) -> String {
    [
      event["time"]?.stringValue ?? "", event["type"]?.stringValue ?? "", subject(event), changed(event),
    ].filter { !$0.isEmpty }.map(TerminalText.value).joined(separator: "  ")
  }

  /// The name if the event has one, else type and id.
  private static func subject(_ event: JSONValue) -> String {
    let subject = event["subject"]
    let names = ["userName", "displayName", "name"].compactMap { subject?[$0]?.stringValue }
    return names.first
      ?? [subject?["type"]?.stringValue, subject?["id"]?.stringValue].compactMap { $0 }
      .joined(separator: " ")
  }

  /// The names of the attributes that changed, or how many members.
  private static func changed(_ event: JSONValue) -> String {
    if let members = (event["changed"]?["members"] ?? event["previous"]?["members"])?.arrayValue {
      return members.count == 1 ? "1 member" : "\(members.count) members"
    }
    guard let before = event["previous"]?.objectValue, let after = event["changed"]?.objectValue,
      !before.isEmpty
    else { return "" }
    return after.members.prefix(5).map(\.name).joined(separator: ", ")
  }
}
