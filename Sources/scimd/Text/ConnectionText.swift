import Admin
import SCIM

/// Connections for people to read.
enum ConnectionText {
  /// A new connection with the secret of its first key, or the file that contains it.
  static func created(_ connection: ConnectionReport, secretIn place: String? = nil) -> String {
    let key = connection.keys.first
    return "Created a connection.\n\n"
      + KeyText.rows([
        ("Base URL", connection.baseURL), ("Key", place.map { "in \($0)" } ?? connection.key),
        ("Connection", connection.name),
        ("Id", connection.id), ("Provider", connection.provider), ("Directory", connection.directory),
        ("Key id", key?.id), ("Expires", key.map { $0.expires?.description ?? "never" }),
      ])
      + "\n\(KeyText.whereabouts(place)) Give the base URL and the key to the provider.\n"
  }

  static func table(_ connections: [ConnectionReport]) -> TextTable {
    var table = TextTable(["ID", "NAME", "PROVIDER", "STATE", "LAST REQUEST", "KEYS", "CREATED"])
    for connection in connections {
      table.add([
        connection.id, connection.name, connection.provider, connection.state,
        connection.lastRequest?.description ?? "-", "\(connection.keys.count)",
        String(connection.created.description.prefix(10)),
      ])
    }
    return table
  }

  /// One connection with its keys, and the attributes that it sent and no schema defines.
  static func lines(_ connection: ConnectionReport, width: Int?) -> String {
    let rows = KeyText.rows([
      ("Id", connection.id), ("Name", connection.name), ("Description", connection.description),
      ("Provider", connection.provider), ("Directory", connection.directory), ("State", connection.state),
      ("Last request", connection.lastRequest?.description),
      ("Usual interval", connection.interval.map { "\(($0 + 59) / 60) min" }),
      (
        "Assignable roles",
        connection.assignableRoles.isEmpty ? nil : connection.assignableRoles.joined(separator: ", ")
      ),
      (
        "Held back",
        connection.isHeldBack
          ? "its groups and roles grant nothing until its first review is applied: scimd access draft --connection "
            + connection.name : nil
      ),
      ("Users", connection.users.map { "\($0) managed" }),
      ("Groups", connection.groups.map { "\($0) managed" }), ("Created", connection.created.description),
      ("Changed", connection.modified.description), ("Version", connection.version),
    ])
    let keys =
      connection.keys.isEmpty ? "It has no keys.\n" : KeyText.table(connection.keys).text(width: width)
    var text = rows + "\n" + keys
    if let steps = connection.steps, !steps.isEmpty {
      text +=
        "\nSeen of it, each for the first time:\n\n" + steps.map { ConnectText.line($0) + "\n" }.joined()
    }
    guard let ignored = connection.ignored, !ignored.isEmpty else { return text }
    return text
      + "\nNot stored, because no schema defines it (`scimd schema suggest \(connection.id)`):\n\n"
      + SchemaText.table(ignored).text(width: width)
  }
}
