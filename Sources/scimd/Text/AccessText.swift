import JSON

/// Roles, targets, grants and what follows from them, for people to read.
enum AccessText {
  /// A member that is a string.
  private static func text(_ json: JSONValue, _ name: String) -> String? { json[name]?.stringValue }

  /// The date of a time.
  private static func day(_ json: JSONValue, _ name: String) -> String? {
    text(json, name).map { String($0.prefix(10)) }
  }

  /// `3 grants`.
  static func count(_ json: JSONValue?, _ what: String) -> String {
    TerminalText.count(Int(json?.integerValue ?? 0), what)
  }

  /// The strings of an array, separated by commas; nil if it is empty.
  private static func list(_ json: JSONValue, _ name: String) -> String? {
    let texts = (json[name]?.arrayValue ?? []).compactMap(\.stringValue)
    return texts.isEmpty ? nil : texts.joined(separator: ", ")
  }

  private static func flag(_ json: JSONValue, _ name: String) -> String {
    json[name]?.boolValue == true ? "yes" : "no"
  }

  // MARK: Roles and targets

  static func roles(_ roles: [JSONValue]) -> TextTable {
    var table = TextTable(["ROLE", "KIND", "RANK", "GRANTS", "CRITICAL", "DISPLAY", "PERMISSIONS"])
    for role in roles {
      table.add([
        text(role, "value") ?? "", text(role, "kind") ?? "", "\(role["rank"]?.integerValue ?? 0)",
        "\(role["grants"]?.integerValue ?? 0)", flag(role, "critical"), text(role, "display") ?? "-",
        list(role, "permissions") ?? "-",
      ])
    }
    return table
  }

  static func role(_ role: JSONValue) -> String {
    KeyText.rows([
      ("Role", text(role, "value")), ("Id", text(role, "id")), ("Display", text(role, "display")),
      ("Description", text(role, "description")), ("Kind", text(role, "kind")),
      ("Rank", role["rank"]?.integerValue.map { "\($0)" }), ("Critical", flag(role, "critical")),
      ("Requestable", flag(role, "requestable")), ("Permissions", list(role, "permissions") ?? "none"),
      ("Grants", role["grants"]?.integerValue.map { "\($0)" }), ("Version", text(role, "version")),
    ])
  }

  static func targets(_ targets: [JSONValue]) -> TextTable {
    var table = TextTable(["TARGET", "DISPLAY", "GRANTS", "CREATED"])
    for target in targets {
      table.add([
        text(target, "name") ?? "", text(target, "display") ?? "-", "\(target["grants"]?.integerValue ?? 0)",
        day(target, "created") ?? "",
      ])
    }
    return table
  }

  static func target(_ target: JSONValue) -> String {
    KeyText.rows([
      ("Target", text(target, "name")), ("Id", text(target, "id")), ("Display", text(target, "display")),
      ("Grants", target["grants"]?.integerValue.map { "\($0)" }), ("Version", text(target, "version")),
    ])
  }

  // MARK: Grants

  /// `ROLE`, or `ROLE on TARGET` for a scoped role.
  private static func place(_ json: JSONValue) -> String {
    (text(json, "role") ?? "") + (text(json, "target").map { " on \($0)" } ?? "")
  }

  /// Whether it takes effect only when the draft that makes it is applied.
  private static func isPending(_ grant: JSONValue) -> Bool { grant["pending"]?.boolValue == true }

  static func grants(_ grants: [JSONValue]) -> TextTable {
    var table = TextTable(["ID", "TYPE", "NAME", "ROLE", "EXPIRES", "ORIGIN", "REASON"])
    for grant in grants {
      let principal = grant["principal"] ?? .null
      let isOver = grant["expired"]?.boolValue == true
      table.add([
        text(grant, "id") ?? "", text(principal, "type") ?? "", text(principal, "name") ?? "", place(grant),
        isOver ? "expired" : isPending(grant) ? "pending" : text(grant, "expires") ?? "never",
        text(grant, "origin") ?? "",
        text(grant, "reason") ?? "-",
      ])
    }
    return table
  }

  static func grant(_ grant: JSONValue) -> String {
    let principal = grant["principal"] ?? .null
    return KeyText.rows([
      ("Grant", text(grant, "id")), (text(principal, "type") ?? "To", text(principal, "name")),
      ("Role", place(grant)), ("Expires", text(grant, "expires") ?? "never"),
      ("Pending", isPending(grant) ? "until the draft \(text(grant, "draft") ?? "") is applied" : nil),
      ("Removed by", text(grant, "endsWith").map { "the draft \($0), when it is applied" }),
      ("Reason", text(grant, "reason")),
      ("Given by", text(grant, "grantedBy")), ("On behalf of", text(grant, "onBehalfOf")),
      ("Created", text(grant, "created")),
    ])
  }

  // MARK: Effective access

  /// The groups that lead to a role, `Staff -> Engineering`; `direct` for a grant to the user.
  private static func via(_ json: JSONValue) -> String {
    let names = (json["via"]?.arrayValue ?? []).compactMap { text($0, "name") }
    return names.isEmpty ? "direct" : names.joined(separator: " -> ")
  }

  /// The user's account role and permissions, then every role with its reason.
  static func access(_ access: JSONValue) -> String {
    let user = access["user"] ?? .null
    var lines = KeyText.rows([
      ("User", text(user, "userName")), ("Id", text(user, "id")), ("Active", flag(access, "active")),
      ("Account role", text(access, "accountRole") ?? "none"),
      ("Permissions", list(access, "permissions") ?? "none"),
    ])
    let roles = access["roles"]?.arrayValue ?? []
    guard !roles.isEmpty else { return lines }
    var table = TextTable(["ROLE", "VIA", "SINCE", "EXPIRES", "GRANT"])
    for role in roles {
      table.add([
        place(role), via(role), day(role, "since") ?? "", text(role, "expires") ?? "never",
        text(role, "grant") ?? "",
      ])
    }
    lines += "\n" + table.text()
    return lines
  }

  /// The decision and its reason; then what is missing, or other ways to the same right.
  static func explanation(_ json: JSONValue) -> String {
    var lines = [json["allowed"]?.boolValue == true ? "Allowed." : "Not allowed."]
    lines.append(TerminalText.value(text(json, "because") ?? ""))
    let missing = (json["missing"]?.arrayValue ?? []).compactMap(\.stringValue)
    if !missing.isEmpty {
      lines += ["", "Any of these grants would allow it:"] + missing.map { "  " + TerminalText.value($0) }
    }
    let paths = json["paths"]?.arrayValue ?? []
    if paths.count > 1 {
      lines +=
        ["", "Also by:"]
        + paths.dropFirst().map { path in
          "  " + TerminalText.value("\(via(path)) -> \(place(path)), grant \(text(path, "grant") ?? "")")
        }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static func holders(_ holders: [JSONValue]) -> TextTable {
    var table = TextTable(["USER", "ROLE", "VIA", "SINCE", "EXPIRES"])
    for holder in holders {
      table.add([
        text(holder["user"] ?? .null, "userName") ?? "", place(holder), via(holder),
        day(holder, "since") ?? "",
        text(holder, "expires") ?? "never",
      ])
    }
    return table
  }

  static func findings(_ findings: [JSONValue]) -> TextTable {
    var table = TextTable(["KIND", "FINDING", "GRANT"])
    for finding in findings {
      table.add([text(finding, "kind") ?? "", text(finding, "text") ?? "", text(finding, "grant") ?? "-"])
    }
    return table
  }
}
