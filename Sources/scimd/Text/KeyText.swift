import Admin
import SCIM

/// Keys for people to read.
enum KeyText {
  /// A new key with its secret, or the file that contains it.
  static func created(_ key: KeyReport, secretIn place: String? = nil) -> String {
    let lines: [(String, String?)] = [
      ("Base URL", key.baseURL), ("Key", place.map { "in \($0)" } ?? key.secret), ("Id", key.id),
      ("Name", key.name),
      ("Profile", key.profile), ("Directory", directory(key)), ("Connection", connection(key)),
      ("User", key.user), ("Scopes", key.scopes.joined(separator: " ")),
      ("Expires", key.expires?.description ?? "never"),
    ]
    let advice =
      key.signedTokens == nil
      ? "Give it to the client as its bearer token."
      : "The client needs it only if it cannot sign tokens: it sends those to the token endpoint."
    return "Created an API key.\n\n" + rows(lines + signedTokens(key))
      + "\n\(whereabouts(place)) \(advice)\n"
  }

  /// Whose signed tokens a key accepts.
  private static func signedTokens(_ key: KeyReport) -> [(String, String?)] {
    guard let tokens = key.signedTokens else { return [] }
    return [
      ("Token endpoint", key.tokenURL), ("Issuer", tokens.issuer), ("Subject", tokens.subject),
      ("Audience", tokens.audiences?.joined(separator: " ")),
      ("Public keys", tokens.jwksURL ?? "of a file"), ("Keys read", tokens.state.map(keys)),
    ]
  }

  private static func keys(_ state: KeySetReport) -> String {
    let known = state.age.map { "\(state.keys), \($0 / 60) min ago" } ?? "not yet"
    return state.failure.map { "\(known); the last attempt failed: \($0)" } ?? known
  }

  /// The sentence that no second copy of a secret exists.
  static func whereabouts(_ place: String?) -> String {
    place.map { "The key is stored only in \($0)." } ?? "The key is shown only once and not stored."
  }

  /// A key with a new secret.
  static func rotated(_ key: KeyReport, secretIn place: String? = nil) -> String {
    let old = key.secrets.last { $0.state == .ending }
    let lines: [(String, String?)] = [
      ("Base URL", key.baseURL), ("Key", place.map { "in \($0)" } ?? key.secret), ("Id", key.id),
      ("Name", key.name),
      ("Old key", old.map { "\($0.hint), \(end(of: $0))" } ?? "ended"),
      ("Expires", key.expires?.description ?? "never"),
    ]
    return "The API key has a new secret.\n\n" + rows(lines)
      + "\n\(whereabouts(place)) Enter it at the client before the old secret ends.\n"
  }

  /// When a replaced secret ends.
  private static func end(of secret: KeySecretReport) -> String {
    guard secret.untilSeen else { return secret.ends.map { "ends \($0)" } ?? "valid" }
    return "ends when the new one is used" + (secret.ends.map { ", or \($0)" } ?? "")
  }

  /// Everything about one key.
  static func lines(_ key: KeyReport) -> String {
    let text = rows(
      [
        ("Id", key.id), ("Name", key.name), ("Description", key.description), ("Profile", key.profile),
        ("Directory", directory(key)), ("Connection", connection(key)), ("User", key.user),
        ("Scopes", key.scopes.joined(separator: " ")), ("Created", key.created.description),
        ("Expires", wholeEnd(of: key)), ("Revoked", key.revoked?.description),
        ("Status", key.status),
        ("Networks", key.networks.isEmpty ? nil : key.networks.joined(separator: " ")),
        ("Certificate", key.certificateSubject),
      ] + signedTokens(key) + [
        ("Key", key.hint),
        ("Last used", key.lastUse.map(use) ?? "never"), ("Version", key.version),
      ])
    return key.secrets.count > 1 ? text + "\n" + secrets(key).text(width: nil) : text
  }

  /// The expiry with the days that are left.
  private static func wholeEnd(of key: KeyReport) -> String {
    guard let expires = key.expires else { return "never" }
    guard let days = key.daysLeft else { return expires.description }
    return "\(expires), in \(days) \(days == 1 ? "day" : "days")"
  }

  private static func use(_ use: KeyUseReport) -> String {
    "\(use.time) from \(use.remote) (\(use.agent ?? "no User-Agent"), \(use.kind), request \(use.request))"
  }

  /// The secrets of a key that was rotated.
  private static func secrets(_ key: KeyReport) -> TextTable {
    var table = TextTable(["SECRET", "KEY", "STATE", "CREATED", "ENDS", "LAST USED"])
    for secret in key.secrets {
      table.add(
        ["\(secret.number)", secret.hint, secret.state.rawValue, secret.created.description]
          + [secret.untilSeen ? "when the new one is used" : secret.ends?.description ?? "-"]
          + [secret.lastUse.map { "\($0.time) from \($0.remote)" } ?? "never"])
    }
    return table
  }

  /// The findings in a text.
  static func findings(_ findings: [KeyFindingReport]) -> TextTable {
    var table = TextTable(["KEY", "FORM", "CHECKSUM", "WORKS", "OWNER", "NAME", "DIRECTORY"])
    for finding in findings {
      table.add(
        [
          finding.hint, finding.form, finding.isWellFormed ? "right" : "wrong",
          finding.isValid ? "yes" : "no",
        ]
          + [
            finding.key.map { key in "\(key.id) \(finding.generation.map { "secret \($0)" } ?? "")" }
              ?? "unknown"
          ]
          + [finding.key?.name ?? "-", finding.key.map(directory) ?? "-"])
    }
    return table
  }

  private static func directory(_ key: KeyReport) -> String {
    key.isForAllDirectories ? "all" : key.directory
  }

  private static func connection(_ key: KeyReport) -> String? {
    key.connection.map { ResourceText.label($0, key.connectionName) }
  }

  /// Names and values in two columns, without the names that have no value.
  static func rows(_ rows: [(String, String?)]) -> String {
    HelpText.rows(rows.compactMap { name, value in value.map { (name, TerminalText.value($0)) } })
  }

  /// Columns for connections and users only if a key has one.
  static func table(_ keys: [KeyReport]) -> TextTable {
    let hasConnections = keys.contains { $0.connection != nil }
    let hasUsers = keys.contains { $0.user != nil }
    var table = TextTable(
      ["ID", "NAME", "PROFILE", "DIRECTORY", "CREATED", "EXPIRES", "STATUS", "KEY", "LAST USED"]
        + (hasConnections ? ["CONNECTION"] : []) + (hasUsers ? ["USER"] : []))
    for key in keys {
      table.add(
        [key.id, key.name, key.profile, directory(key), day(key.created), expires(key)]
          + [status(key), key.hint, key.lastUse.map { day($0.time) } ?? "never"]
          + (hasConnections ? [key.connectionName ?? key.connection ?? "-"] : [])
          + (hasUsers ? [key.user ?? "-"] : []))
    }
    return table
  }

  /// The day of expiry, with the days that are left if they are fewer than 30.
  private static func expires(_ key: KeyReport) -> String {
    guard let expires = key.expires else { return "never" }
    guard let days = key.daysLeft, days < 30 else { return day(expires) }
    return "\(day(expires)), in \(days) d"
  }

  /// The status; during a rotation, which of the two secrets the client used last.
  private static func status(_ key: KeyReport) -> String {
    let valid = key.secrets.filter { $0.state != .ended }
    guard key.status == "active", valid.count > 1 else { return key.status }
    let used = valid.filter { $0.lastUse != nil }.max {
      $0.lastUse?.time ?? $0.created < $1.lastUse?.time ?? $1.created
    }
    return "rotating, \(used.map { "uses \($0.state == .current ? "new" : "old")" } ?? "not used")"
  }

  private static func day(_ time: DateTime) -> String { String(time.description.prefix(10)) }
}
