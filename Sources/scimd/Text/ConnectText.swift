import Admin
import Credentials
import JSON
import SCIM

/// What `scimd connect` prints.
enum ConnectText {
  /// What to enter where.
  static func guide(_ connection: ConnectionReport, _ provider: Profile) -> String {
    var text =
      "Connection \"\(connection.name)\" of directory \(connection.directory). Enter at \(provider.title):\n\n"
    text += KeyText.rows([
      (plain(provider.setUp.base), connection.baseURL),
      (plain(provider.setUp.key), connection.key ?? Self.keptKey),
      ("Key id", connection.keys.first?.id), ("Identifier", plain(provider.setUp.identifier)),
      ("Features", plain(provider.setUp.features)),
    ])
    text += "\nWhere to find it:\n\n"
    text += KeyText.rows([
      ("Base URL", provider.words.base), ("Key", provider.words.key),
      ("Matching", provider.words.matching), ("Mapping", provider.words.mapping),
      ("Assignment", provider.words.assignment), ("Log", provider.words.log),
    ])
    if connection.key != nil { text += "\nThe key is shown only once.\n" }
    text += "\n\(plain(provider.note))\n\n"
    text += KeyText.rows([
      ("Sends", plain(provider.behaviour.sync)), ("Leavers", plain(provider.behaviour.unassign)),
      ("Limits", plain(provider.behaviour.limits)),
    ])
    if !provider.mapping.isEmpty {
      text += "\nUsual mapping, from \(provider.title) to SCIM:\n\n"
      text += KeyText.rows(provider.mapping.map { ($0.source, $0.attribute) })
    }
    text += "\n`scimd help providers \(provider.name)` has all of this, and the steps at \(provider.title).\n"
    if let base = connection.baseURL, isLocal(base) {
      text +=
        "\n\(base) is an address of this machine: a provider in the cloud cannot reach it. Set publicURL to "
      text += "the https URL under which it can.\n"
    }
    return text + "\n"
  }

  private static let keptKey =
    "(as it was shown when the key was created; `scimd key rotate` makes a new one)"

  static func line(_ step: ConnectionStep) -> String {
    let title = step.step.title
    let space = String(repeating: " ", count: max(1, 18 - title.utf8.count))
    return "  ok    \(title)\(space)\(step.time)  request \(step.request)"
  }

  /// A refused request with what is known about the reason.
  static func failure(_ request: JSONValue) -> String {
    let (method, path) = (request["method"]?.stringValue ?? "", request["path"]?.stringValue ?? "")
    let status = request["status"]?.integerValue.map { String($0) } ?? ""
    let explanation = request["explanation"]
    var text = "  \(status)   \(method) \(path) from \(request["remote"]?.stringValue ?? "?")"
    for part in [explanation?["refused"], explanation?["fix"]] {
      if let words = part?.stringValue { text += "\n        \(words)" }
    }
    return TerminalText.escaped(text)
  }

  static func end(_ connection: ConnectionReport, hasUser: Bool) -> String {
    guard hasUser else {
      return
        "\nNo user has arrived. `scimd connect \(connection.provider) --connection \"\(connection.name)\"` goes on "
        + "watching; `scimd requests list --connection \"\(connection.name)\"` shows what came."
    }
    let seen = (connection.steps ?? []).map(\.step)
    let missing = (Profile.named(connection.provider) ?? .generic).checkList
      .filter { !seen.contains($0) }.map(\.title)
    return "\nThe first user has arrived: \(connection.name) is connected."
      + (missing.isEmpty ? "" : " Not seen yet: \(missing.joined(separator: ", ")).")
  }

  /// Without the marks of Markdown.
  private static func plain(_ text: String) -> String {
    String(decoding: text.utf8.filter { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "`") }, as: UTF8.self)
  }

  private static func isLocal(_ base: String) -> Bool {
    ["http://127.", "http://localhost", "http://[::1]"].contains { base.hasPrefix($0) }
  }
}
