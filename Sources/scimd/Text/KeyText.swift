import Admin
import SCIM

/// Keys for people to read.
enum KeyText {
  /// A new key with its secret, or with where that is.
  static func created(_ key: KeyReport, secretIn place: String? = nil) -> String {
    let lines: [(String, String?)] = [
      ("Base URL", key.baseURL), ("Key", place.map { "in \($0)" } ?? key.secret), ("Id", key.id),
      ("Name", key.name),
      ("Profile", key.profile), ("Directory", directory(key)), ("Connection", connection(key)),
      ("User", key.user), ("Scopes", key.scopes.joined(separator: " ")),
      ("Expires", key.expires?.description ?? "never"),
    ]
    return "Created an API key.\n\n" + rows(lines)
      + "\n\(whereabouts(place)) Give it to the client as its bearer token.\n"
  }

  /// That no second copy of a secret exists.
  static func whereabouts(_ place: String?) -> String {
    place.map { "The key is in \($0) and nowhere else." } ?? "The key is shown this once and kept nowhere."
  }

  /// Everything about one key.
  static func lines(_ key: KeyReport) -> String {
    rows([
      ("Id", key.id), ("Name", key.name), ("Description", key.description), ("Profile", key.profile),
      ("Directory", directory(key)), ("Connection", connection(key)), ("User", key.user),
      ("Scopes", key.scopes.joined(separator: " ")), ("Created", key.created.description),
      ("Expires", key.expires?.description ?? "never"), ("Revoked", key.revoked?.description),
      ("Status", key.status), ("Key", key.hint), ("Version", key.version),
    ])
  }

  private static func directory(_ key: KeyReport) -> String {
    key.isForAllDirectories ? "all" : key.directory
  }

  private static func connection(_ key: KeyReport) -> String? {
    key.connection.map { ResourceText.label($0, key.connectionName) }
  }

  /// Names and values, without those that have none.
  static func rows(_ rows: [(String, String?)]) -> String {
    HelpText.rows(rows.compactMap { name, value in value.map { (name, TerminalText.value($0)) } })
  }

  static func table(_ keys: [KeyReport]) -> TextTable {
    let hasConnections = keys.contains { $0.connection != nil }
    let hasUsers = keys.contains { $0.user != nil }
    var table = TextTable(
      ["ID", "NAME", "PROFILE", "DIRECTORY", "CREATED", "EXPIRES", "STATUS", "KEY"]
        + (hasConnections ? ["CONNECTION"] : []) + (hasUsers ? ["USER"] : []))
    for key in keys {
      table.add(
        [key.id, key.name, key.profile, directory(key), day(key.created), key.expires.map(day) ?? "never"]
          + [key.status, key.hint]
          + (hasConnections ? [key.connectionName ?? key.connection ?? "-"] : [])
          + (hasUsers ? [key.user ?? "-"] : []))
    }
    return table
  }

  private static func day(_ time: DateTime) -> String { String(time.description.prefix(10)) }
}
