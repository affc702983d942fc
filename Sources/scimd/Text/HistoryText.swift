import Admin
import JSON

/// The history of a resource for people to read.
enum HistoryText {
  /// One paragraph per record, oldest first, after a note about history that is no longer kept.
  static func text(_ json: JSONValue, _ items: [HistoryItem], directory: String) -> String {
    let id = json["id"]?.stringValue ?? ""
    var text =
      "History of \(ResourceText.label(id, json["name"]?.stringValue)) in the directory \(directory)\n"
    if let gap = json["incompleteBefore"] {
      text += "(history before record \(gap["seq"]?.integerValue.map(String.init) ?? "?") "
      text += "(\(gap["time"]?.stringValue ?? "?")) is no longer kept)\n"
    }
    for item in items {
      text += "\n\(heading(item))\n"
      for effect in item.effects { for line in lines(effect) { text += "  \(TerminalText.value(line))\n" } }
      for (meaning, texts) in [
        ("dialect rules", item.rules), ("ignored attributes", item.ignored),
        ("unknown members omitted", item.skipped),
      ] where !texts.isEmpty {
        text += "  \(meaning): \(TerminalText.value(texts.joined(separator: ", ")))\n"
      }
    }
    return text
  }

  /// The time and operation; below it the key or person, and where to find the record.
  private static func heading(_ item: HistoryItem) -> String {
    let who =
      item.key.map { key in
        "key " + (item.keyName.map { "\"\($0)\" (\(key))" } ?? key) + ", profile \(item.profile)"
      } ?? "an administrator"
    let line =
      "by \(who), from \(item.origin), request \(item.request), record \(item.seq)"
    return "\(item.time)  \(TerminalText.value(item.operation))\n  \(TerminalText.value(line))"
  }

  /// One line per effect; a whole resource has one per attribute.
  private static func lines(_ effect: HistoryItem.Effect) -> [String] {
    switch effect {
    case .created(let resource): ["created"] + attributes(resource)
    case .changed(let path, let before, let after): ["\(path): \(value(before)) -> \(value(after))"]
    case .membersAdded(let others): others.map { "member added: \(label($0))" }
    case .membersRemoved(let others): others.map { "member removed: \(label($0))" }
    case .addedTo(let others): others.map { "added to group: \(label($0))" }
    case .removedFrom(let others): others.map { "removed from group: \(label($0))" }
    case .deleted(let resource): ["deleted"] + attributes(resource)
    case .restored(let resource, let deleted):
      ["restored; it was deleted at \(deleted)"] + attributes(resource)
    case .erased: ["erased: its values were removed from the history too"]
    case .withheld: ["(the values of this change were erased)"]
    }
  }

  private static func label(_ other: HistoryItem.Reference) -> String {
    ResourceText.label(other.id, other.name)
  }

  private static func attributes(_ resource: JSONObject) -> [String] {
    resource.members.map { "  \($0.name): \(value($0.value))" }
  }

  /// As JSON; `none` for an attribute that did not exist.
  private static func value(_ json: JSONValue?) -> String {
    json.map { String(decoding: $0.serialized(), as: UTF8.self) } ?? "none"
  }
}
