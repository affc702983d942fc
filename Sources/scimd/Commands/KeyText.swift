import JSON

/// Keys for people to read.
enum KeyText {
  static func text(_ key: JSONValue, _ member: String) -> String {
    key[member]?.stringValue ?? ""
  }

  /// A new key with its secret.
  static func created(_ key: JSONValue, folder: String) -> String {
    let base = key["baseURL"]?.stringValue.map { [("Base URL", $0)] } ?? []
    let rows =
      base + [
        ("Key", text(key, "key")), ("Id", text(key, "id")), ("Name", text(key, "name")),
        ("Profile", text(key, "profile")), ("Directory", text(key, "directory")),
      ]
      + (key["user"]?.stringValue.map { [("User", $0)] } ?? []) + [
        ("Expires", key["expires"]?.stringValue ?? "never")
      ]
    return "Created an API key in \(folder).\n\n" + HelpText.rows(rows)
      + "\nThe key is shown this once and kept nowhere. Give it to the client as its bearer token.\n"
  }

  static func table(_ keys: [JSONValue]) -> String {
    var rows = [["ID", "NAME", "PROFILE", "DIRECTORY", "CREATED", "EXPIRES", "STATUS", "KEY"]]
    let hasUsers = keys.contains { $0["user"] != nil }
    if hasUsers { rows[0].append("USER") }
    for key in keys {
      let members = ["id", "name", "profile", "directory"].map { text(key, $0) }
      let expires = key["expires"]?.stringValue.map(day) ?? "never"
      let user = hasUsers ? [key["user"]?.stringValue ?? "-"] : []
      rows.append(
        members + [day(text(key, "created")), expires, text(key, "status"), text(key, "hint")] + user)
    }
    return aligned(rows)
  }

  /// The date of an instant.
  private static func day(_ instant: String) -> String { String(instant.prefix(10)) }

  /// Columns as wide as their widest cell, two spaces apart.
  static func aligned(_ rows: [[String]]) -> String {
    var widths: [Int] = []
    for row in rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], cell.count)
      }
    }
    var text = ""
    for row in rows {
      var line = ""
      for (column, cell) in row.enumerated() {
        let isLast = column == row.count - 1
        line += isLast ? cell : cell + String(repeating: " ", count: widths[column] - cell.count + 2)
      }
      text += line + "\n"
    }
    return text
  }
}
