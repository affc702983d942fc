import Admin
import SCIM

/// Keys for people to read.
enum KeyText {
  /// A new key with its secret.
  static func created(_ key: KeyReport) -> String {
    let rows: [(String, String?)] = [
      ("Base URL", key.baseURL), ("Key", key.secret), ("Id", key.id), ("Name", key.name),
      ("Profile", key.profile), ("Directory", key.directory), ("User", key.user),
      ("Expires", key.expires?.description ?? "never"),
    ]
    return "Created an API key.\n\n" + rowsText(rows)
      + "\nThe key is shown this once and kept nowhere. Give it to the client as its bearer token.\n"
  }

  /// Everything about one key.
  static func lines(_ key: KeyReport) -> String {
    rowsText([
      ("Id", key.id), ("Name", key.name), ("Description", key.description), ("Profile", key.profile),
      ("Directory", key.directory), ("User", key.user), ("Created", key.created.description),
      ("Expires", key.expires?.description ?? "never"), ("Revoked", key.revoked?.description),
      ("Status", key.status), ("Key", key.hint),
    ])
  }

  private static func rowsText(_ rows: [(String, String?)]) -> String {
    HelpText.rows(rows.compactMap { name, value in value.map { (name, TerminalText.value($0)) } })
  }

  static func table(_ keys: [KeyReport]) -> TextTable {
    let hasUsers = keys.contains { $0.user != nil }
    var table = TextTable(
      ["ID", "NAME", "PROFILE", "DIRECTORY", "CREATED", "EXPIRES", "STATUS", "KEY"]
        + (hasUsers ? ["USER"] : []))
    for key in keys {
      table.add(
        [key.id, key.name, key.profile, key.directory, day(key.created), key.expires.map(day) ?? "never"]
          + [key.status, key.hint] + (hasUsers ? [key.user ?? "-"] : []))
    }
    return table
  }

  private static func day(_ time: DateTime) -> String { String(time.description.prefix(10)) }
}
