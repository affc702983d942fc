import JSON

/// Reviews of grants, for people to read.
enum ReviewText {
  private static func text(_ json: JSONValue, _ name: String) -> String? { json[name]?.stringValue }

  private static func number(_ json: JSONValue, _ name: String) -> String? {
    json[name]?.integerValue.map { "\($0)" }
  }

  private static func due(_ review: JSONValue) -> String? {
    text(review, "due").map { review["overdue"]?.boolValue == true ? "\($0) (overdue)" : $0 }
  }

  static func table(_ reviews: [JSONValue]) -> TextTable {
    var table = TextTable(["ID", "NAME", "STATE", "DUE", "GRANTS", "SCOPE", "BY"])
    for review in reviews {
      table.add([
        text(review, "id") ?? "", text(review, "name") ?? "", text(review, "state") ?? "", due(review) ?? "-",
        number(review, "grants") ?? "", text(review, "scope") ?? "-", text(review, "createdBy") ?? "-",
      ])
    }
    return table
  }

  /// A review with its counts, and the page of its grants if the answer has one.
  static func review(_ review: JSONValue, width: Int?) -> String {
    let rows = KeyText.rows([
      ("Review", text(review, "name")), ("Id", text(review, "id")), ("State", text(review, "state")),
      ("Due", due(review)), ("Scope", text(review, "scope")), ("Grants", number(review, "grants")),
      ("Approved", number(review, "approved")), ("Revoked", number(review, "revoked")),
      ("Undecided", number(review, "undecided")), ("Opened by", text(review, "createdBy")),
      ("Closed", text(review, "closed")), ("Closed by", text(review, "closedBy")),
    ])
    guard let items = review["items"]?.arrayValue, !items.isEmpty else { return rows }
    var table = TextTable(["GRANT", "TYPE", "NAME", "ROLE", "SINCE", "DECISION", "REVIEWER"])
    for item in items {
      let principal = item["principal"] ?? .null
      let role = (text(item, "role") ?? "-") + (text(item, "target").map { " on \($0)" } ?? "")
      let isRemoved = item["removed"]?.boolValue == true
      table.add([
        text(item, "grant") ?? "", text(principal, "type") ?? "-", text(principal, "name") ?? "-", role,
        String((text(item, "since") ?? "-").prefix(10)),
        text(item, "decision") ?? (isRemoved ? "removed" : "-"), text(item, "reviewer") ?? "-",
      ])
    }
    return rows + "\n" + table.text(width: width)
  }
}
