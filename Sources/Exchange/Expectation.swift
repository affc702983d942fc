import Client
package import JSON

/// The rules for an answer.
package struct Expectation: Sendable {
  /// Any of these; every status when empty.
  package let statuses: [Int]
  /// Whether the body must be empty; nil if that does not matter.
  package let isEmpty: Bool?
  package let fields: [FieldRule]
  package let body: [BodyRule]

  /// Every expectation that the answer does not meet, in words.
  package func failures(of answer: Answer, _ variables: Variables) -> [String] {
    var failures: [String] = []
    let response = answer.response
    if !statuses.isEmpty, !statuses.contains(response.status) {
      let wanted = statuses.map { "\($0)" }.joined(separator: " or ")
      failures.append("expected status \(wanted), got \(response.status)")
    }
    if let isEmpty, response.body.isEmpty != isEmpty {
      failures.append("expected \(isEmpty ? "no body" : "a body"), got \(response.body.count) bytes")
    }
    failures += fields.compactMap { $0.failure(of: response.list($0.name), variables) }
    guard !body.isEmpty else { return failures }
    guard let json = answer.json else { return failures + ["expected JSON, got none"] }
    return failures + body.compactMap { $0.failure(of: json, variables) }
  }
}

extension Expectation {
  /// Reads `{"status": [200], "empty": false, "fields": {}, "body": []}`; a number alone is the status.
  package init(_ json: JSONValue, at place: String) throws(ScriptError) {
    if case .integer(let status) = json {
      self.init(statuses: [Int(truncatingIfNeeded: status)], isEmpty: nil, fields: [], body: [])
      return
    }
    let reader = try ScriptReader(json, at: place)
    try reader.allow(["status", "empty", "fields", "body"])
    let status = reader.json["status"]
    let statuses = try (status?.arrayValue ?? status.map { [$0] } ?? []).map { (value) throws(ScriptError) in
      guard let status = value.integerValue.flatMap({ Int(exactly: $0) }) else {
        throw reader.error("a status is a number")
      }
      return status
    }
    let fields =
      try reader.optional("fields")?.json.members.map { (member) throws(ScriptError) in
        try FieldRule(member, reader)
      } ?? []
    let empty = reader.json["empty"]
    guard empty == nil || empty?.boolValue != nil else { throw reader.error("\"empty\" is true or false") }
    self.init(
      statuses: statuses, isEmpty: empty?.boolValue, fields: fields,
      body: try reader.rules(try reader.optionalArray("body")))
  }
}
