import Exchange
import JSON

/// One rule of the protocol and the exchanges that show whether a server keeps it.
package struct ConformanceCase: Sendable {
  /// How binding a rule is; a failed MUST or SHOULD fails the run.
  package enum Level: String, Sendable, CaseIterable {
    case must = "MUST"
    case should = "SHOULD"
    case may = "MAY"
    /// Follows from the RFC's examples and text without a keyword.
    case implied = "IMPLIED"

    package var isBinding: Bool { self == .must || self == .should }
  }

  /// The requirements it proves; the first one names it.
  package let ids: [String]
  package let level: Level

  /// The rule in words.
  package let title: String
  package let needs: [Need]
  let given: [Given]
  let steps: [CaseStep]

  package var id: String { ids[0] }
}

extension ConformanceCase {
  /// Reads a case; errors name the file and the first id.
  init(_ json: JSONValue, file: String) throws(ScriptError) {
    let first = json["id"]?.stringValue ?? json["ids"]?.arrayValue?.first?.stringValue ?? "a case without id"
    let reader = try ScriptReader(json, at: "\(file), \(first)")
    try reader.allow(["id", "ids", "level", "title", "needs", "given", "steps"])
    ids = try reader.json["ids"] == nil ? [reader.string("id")] : reader.strings("ids")
    guard !ids.isEmpty else { throw reader.error("no ids") }
    level = try reader.word(try reader.string("level"), "level")
    title = try reader.string("title")
    needs = try reader.strings("needs").map { (text) throws(ScriptError) in try Need(text, reader) }
    given = try Given.read(reader)
    steps = try CaseStep.read(try reader.array("steps"), at: reader.place)
    guard !steps.isEmpty else { throw reader.error("no steps") }
  }
}

extension ScriptReader {
  /// A member that is an array of strings or missing.
  func strings(_ name: String) throws(ScriptError) -> [String] {
    try optionalArray(name).map { (value) throws(ScriptError) in
      guard let text = value.stringValue else { throw error("\"\(name)\" holds strings") }
      return text
    }
  }
}
