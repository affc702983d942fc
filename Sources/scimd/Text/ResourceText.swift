import JSON
import SCIM
import Storage

/// Resources for people to read.
enum ResourceText {
  private struct Column {
    let title: String
    let value: (ResourceOverview) -> String
  }

  static func table(_ items: [ResourceOverview], isWide: Bool) -> TextTable {
    let columns = columns(of: items, isWide: isWide)
    var table = TextTable(columns.map(\.title))
    for item in items { table.add(columns.map { $0.value(item) }) }
    return table
  }

  /// Some columns appear only if an item has such a value: ACTIVE, MEMBERS, and those of deleted resources.
  private static func columns(of items: [ResourceOverview], isWide: Bool) -> [Column] {
    var columns = [Column(title: "ID") { $0.id }, Column(title: "NAME") { $0.name ?? "" }]
    if isWide {
      columns.append(Column(title: "DISPLAY NAME") { $0.displayName ?? "" })
      columns.append(Column(title: "E-MAIL") { $0.email ?? "" })
      columns.append(Column(title: "EXTERNAL ID") { $0.externalId ?? "" })
      columns.append(Column(title: "GROUPS") { "\($0.groups)" })
      columns.append(Column(title: "MANAGED BY") { $0.managedBy.map(manager) ?? "-" })
    }
    if items.contains(where: { $0.active != nil }) {
      columns.append(Column(title: "ACTIVE") { $0.active.map { $0 ? "yes" : "no" } ?? "-" })
    }
    if items.contains(where: { $0.members != nil }) {
      columns.append(Column(title: "MEMBERS") { $0.members.map { "\($0)" } ?? "-" })
    }
    if items.contains(where: { $0.deleted != nil }) {
      columns.append(Column(title: "DELETED") { time($0.deleted) })
      columns.append(Column(title: "KEPT UNTIL") { time($0.keptUntil) })
    } else {
      columns.append(Column(title: "CREATED") { time($0.created) })
    }
    if isWide { columns.append(Column(title: "CHANGED") { time($0.modified) }) }
    return columns
  }

  /// `connection Okta`, `key report`, `admin`.
  private static func manager(_ manager: ResourceManager) -> String {
    [manager.kind.rawValue, manager.name ?? manager.id].compactMap { $0 }.joined(separator: " ")
  }

  /// To the minute.
  private static func time(_ time: DateTime?) -> String {
    time.map { String($0.description.prefix(16)) } ?? "-"
  }

  /// The id, and the name if there is one.
  static func label(_ id: String, _ name: String?) -> String {
    name.map { "\(id) (\(TerminalText.value($0)))" } ?? id
  }

  /// The same for a resource in SCIM's form, with the number of its groups or members.
  static func label(_ json: JSONValue) -> String {
    let name = json["userName"]?.stringValue ?? json["displayName"]?.stringValue
    let counts = ["groups", "members"].compactMap { member in
      json[member]?.arrayValue.map { ", \(member): \($0.count)" }
    }
    return label(json["id"]?.stringValue ?? "", name) + counts.joined()
  }

  /// A resource in SCIM's form, one value per line with its path.
  static func lines(_ json: JSONValue) -> String {
    var rows: [(String, String)] = []
    collect(json, "", &rows)
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { path, value in
      path + String(repeating: " ", count: width - path.count + 2) + TerminalText.value(value) + "\n"
    }.joined()
  }

  /// Flattens a value into rows of path and text; `schemas` of the resource is omitted.
  private static func collect(_ json: JSONValue, _ path: String, _ rows: inout [(String, String)]) {
    switch json {
    case .object(let object):
      for member in object.members where !(path.isEmpty && member.name == "schemas") {
        let separator = path.isEmpty ? "" : path.hasPrefix("urn:") && !path.contains("User.") ? ":" : "."
        collect(member.value, path + separator + member.name, &rows)
      }
    case .array(let elements):
      for (index, element) in elements.enumerated() { collect(element, "\(path)[\(index)]", &rows) }
    case .string(let text): rows.append((TerminalText.value(path), text))
    case .null, .bool, .integer, .decimal:
      rows.append((TerminalText.value(path), json.serializedText))
    }
  }
}
