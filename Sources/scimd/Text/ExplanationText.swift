import Admin
import JSON
import SCIM

/// What `scimd explain` prints.
enum ExplanationText {
  /// A code of the catalogue.
  ///
  /// - Parameter provider: nil for the general remedy.
  static func text(_ entry: CatalogueEntry, at provider: Profile?) -> String {
    var head = "\(entry.code): status \(entry.status)"
    if let kind = entry.scimType { head += ", scimType \(kind)" }
    if let reference = entry.reference { head += ", \(reference)" }
    var rows = [
      ["why", entry.cause],
      [provider.map { "at \($0.title)" } ?? "what to do", entry.fix(at: provider ?? .generic)],
    ]
    if let provider, entry.isOfSCIM { rows.append(["see also", provider.words.log]) }
    return head + "\n\n" + TextTable(rows).text()
  }

  /// A request, as the admin API explains it.
  static func text(_ item: JSONValue) -> String {
    func text(_ name: String) -> String? { item[name]?.stringValue }
    var rows = [["request", "\(text("request") ?? "") at \(text("time") ?? "")"]]
    rows += lines("who", item["who"]) + lines("asked", item["asked"])
    rows += lines("understood", item["understood"]) + lines("changed", item["changed"])
    let status = item["status"]?.integerValue.map { String($0) } ?? ""
    rows.append(["answered", text("code").map { "\(status) [\($0)]" } ?? status])
    rows += lines("refused", item["refused"])
    guard let cause = text("cause") else {
      rows.append(["why", "The request was not refused: there is nothing to do."])
      return TextTable(rows).text()
    }
    rows.append(["why", text("reference").map { "\(cause) (\($0))" } ?? cause])
    rows += lines("what to do", item["fix"])
    if let log = text("log") { rows.append(["see also", log]) }
    return TextTable(rows).text()
  }

  /// A row for each text of a member; only the first has the name.
  private static func lines(_ name: String, _ json: JSONValue?) -> [[String]] {
    let texts = json?.arrayValue?.compactMap(\.stringValue) ?? json?.stringValue.map { [$0] } ?? []
    return texts.enumerated().map { index, text in [index == 0 ? name : "", text] }
  }
}
