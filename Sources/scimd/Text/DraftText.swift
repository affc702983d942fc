import JSON

/// Drafts, and who gains and loses by them, for people to read.
enum DraftText {
  /// Users of a role that are named.
  private static let maxNames = 20

  /// `3 changes`.
  static func steps(_ draft: JSONValue) -> String {
    let count = draft["changes"]?.integerValue ?? 0
    return "\(count) change\(count == 1 ? "" : "s")"
  }

  static func drafts(_ drafts: [JSONValue]) -> TextTable {
    var table = TextTable(["ID", "STATE", "REVISION", "CHANGES", "CREATED", "BY", "NAME"])
    for draft in drafts {
      table.add([
        draft["id"]?.stringValue ?? "", draft["state"]?.stringValue ?? "",
        draft["revision"]?.integerValue.map { "\($0)" } ?? "-", "\(draft["changes"]?.integerValue ?? 0)",
        String((draft["created"]?.stringValue ?? "").prefix(10)), draft["createdBy"]?.stringValue ?? "-",
        draft["name"]?.stringValue ?? "-",
      ])
    }
    return table
  }

  /// A draft after it was to be applied: done, under way, or open again because its job was cancelled or failed.
  static func applied(_ draft: JSONValue) -> String {
    let (id, job) = (draft["id"]?.stringValue ?? "", draft["job"])
    let revision = draft["revision"]?.integerValue ?? 0
    switch draft["state"]?.stringValue {
    case "applied":
      let skipped = job?["skipped"]?.integerValue.map {
        " Skipped \($0) of them, because others changed the same grants or users meanwhile."
      }
      return
        "Applied \(steps(draft)) as revision \(revision).\(skipped ?? "")\n\nUndo it: scimd access rollback "
        + "\(revision)\n"
    case "applying":
      return
        "Applying \(steps(draft)): `scimd job show \(job?["id"]?.stringValue ?? "ID")` shows the progress.\n"
    default:
      let why = job?["error"]?.stringValue.map { "The job failed: \(TerminalText.value($0))" }
      return
        "\(why ?? "The job was cancelled.") Nothing was changed, and the draft is open.\n\nApply it: scimd access "
        + "apply \(id)\n"
    }
  }

  private static func texts(_ json: JSONValue?) -> [String] {
    (json?.arrayValue ?? []).compactMap(\.stringValue)
  }

  /// `2 gain it: ada, bob`; nil for no users.
  private static func users(_ json: JSONValue?, _ verb: String) -> String? {
    let count = Int(json?["count"]?.integerValue ?? 0)
    guard count > 0 else { return nil }
    let all = (json?["users"]?.arrayValue ?? []).compactMap { $0["userName"]?.stringValue }
    let names = all.prefix(maxNames).map(TerminalText.value)
    let rest = count - names.count
    return "  \(count) \(verb): \(names.joined(separator: ", "))" + (rest > 0 ? " and \(rest) more" : "")
  }

  /// Per role, who gains and who loses it; then the reasons why it needs --force.
  static func review(_ review: JSONValue) -> String {
    var lines: [String] = []
    for role in review["roles"]?.arrayValue ?? [] {
      let isCritical = role["critical"]?.boolValue == true
      lines.append("Role \(role["role"]?.stringValue ?? "")" + (isCritical ? " (critical)" : ""))
      lines += [users(role["gains"], "gain it"), users(role["loses"], "lose it")].compactMap { $0 }
      lines.append("  \(role["keeps"]?.integerValue ?? 0) keep it")
      for (name, sign) in [("permissionsAdded", "+"), ("permissionsRemoved", "-")] {
        lines += texts(role[name]).map { "  \(sign) \($0)" }
      }
    }
    if lines.isEmpty { lines.append("No user gains or loses rights.") }
    let warnings = texts(review["warnings"])
    if !warnings.isEmpty {
      lines += ["", "Applying it needs --force:"] + warnings.map { "  " + TerminalText.value($0) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The changes made by a file, or by its dry run.
  static func differences(_ report: JSONValue, isDone: Bool) -> String {
    let changes = report["changes"]?.arrayValue ?? []
    guard !changes.isEmpty else { return "Nothing differs from the file.\n" }
    let lines = changes.map { change in
      "  \(change["change"]?.stringValue ?? "") \(TerminalText.value(change["what"]?.stringValue ?? ""))"
    }
    let head = "\(changes.count) change\(changes.count == 1 ? "" : "s")" + (isDone ? " made:" : ":")
    let text = ([head] + lines).joined(separator: "\n") + "\n"
    guard report["review"]?["roles"]?.arrayValue?.isEmpty == false else { return text }
    return text + "\n" + review(report["review"] ?? .null)
  }
}
