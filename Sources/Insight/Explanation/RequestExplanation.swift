package import JSON
package import SCIM

/// An entry of the ring in plain words: who asked, for what, how it was understood, what came of it and what to do.
package struct RequestExplanation: Sendable {
  /// What is known of the key that a request was sent with.
  package struct Key: Sendable {
    let name: String
    /// What may be shown of its newest secret, and since when there is that.
    let newest: (hint: String, since: String)?

    package init(name: String, newest: (hint: String, since: String)? = nil) {
      self.name = name
      self.newest = newest
    }
  }

  package let who: String
  package let asked: String
  /// How the request was understood, a sentence each.
  package private(set) var understood: [String] = []
  /// What it changed, a sentence each; for a read empty.
  package private(set) var changed: [String] = []
  /// Why it was refused; nil if it was not.
  package private(set) var refused: String?
  /// The entry of the catalogue about the refusal, or about the first refused operation; nil if nothing was refused.
  package private(set) var error: ErrorExplanation?
  /// What to do about it, in the words of the provider; nil if there is nothing to do.
  package private(set) var fix: String?

  /// - Parameters:
  ///   - key: nil if it is not known.
  ///   - connectionName: the name of its connection, if it has one.
  ///   - provider: in whose words `fix` is written.
  package init(
    _ entry: JSONValue, key: Key? = nil, connectionName: String? = nil, provider: Profile = .generic
  ) {
    who = Self.who(entry, key?.name, connectionName)
    asked = Self.asked(entry)
    guard entry["erased"] != true else {
      understood = ["The values of this request were erased with the person they were about."]
      return
    }
    understood = Self.understood(entry)
    let failures = entry["failures"]?.arrayValue ?? []
    var attribute: String?
    if let reason = entry["refused"] {
      let (text, code) = KeyRefusalText.text(reason, newest: key?.newest)
      refused = text
      // The client is told the same about every key that is not valid.
      let answered = Self.explanation(of: entry["error"])
      error = answered.map { $0.code == .keyInvalid } ?? true ? ErrorExplanation.of(code) : answered
    } else if let error = entry["error"] {
      refused = error["detail"]?.stringValue
      self.error = Self.explanation(of: error)
      attribute = error["attribute"]?.stringValue
    } else {
      changed = Self.changed(entry)
      error = Self.explanation(of: failures.first)
      attribute = failures.first?["attribute"]?.stringValue
    }
    fix = error?.remedy(at: provider, attribute: attribute)
    for failure in failures { changed.append("Refused: \(failure["detail"]?.stringValue ?? "")") }
  }

  // MARK: Who and what

  private static func who(_ entry: JSONValue, _ keyName: String?, _ connectionName: String?) -> String {
    func named(_ member: String, _ name: String?) -> String? {
      entry[member]?.stringValue.map { id in name.map { "\($0) (\(id))" } ?? id }
    }
    var parts: [String] = []
    if let connection = named("connection", connectionName) { parts.append("connection \(connection)") }
    if let key = named("key", keyName) { parts.append("key \(key)") }
    if parts.isEmpty { parts.append("no known key") }
    var text = parts.joined(separator: ", ")
    if let remote = entry["remote"]?.stringValue { text += ", from \(remote)" }
    if let subject = entry["certificate"]?.stringValue { text += ", certificate \(subject)" }
    if let agent = entry["agent"]?.stringValue { text += " with \(agent)" }
    return text
  }

  private static func asked(_ entry: JSONValue) -> String {
    let method = entry["method"]?.stringValue ?? ""
    guard !method.isEmpty else { return "bytes that are not an HTTP request" }
    var path = entry["path"]?.stringValue ?? ""
    if let id = entry["resource"]?.stringValue, path.hasSuffix("{id}") { path = path.dropLast(4) + id }
    return "\(method) \(path)"
  }

  private static func understood(_ entry: JSONValue) -> [String] {
    var lines = query(entry["query"])
    for operation in entry["body"]?.arrayValue ?? [] {
      if let text = operation.stringValue {
        lines.append(text)
      } else {
        let value = operation["value"].map { " = \($0.serializedText)" } ?? ""
        lines.append("\(text(operation["op"])) \(text(operation["path"]))\(value)")
      }
    }
    for member in entry["body"]?.objectValue?.members ?? [] where entry["error"] == nil {
      lines.append("\(member.name) = \(member.value.serializedText)")
    }
    for name in texts(entry["rules"]) {
      lines.append("The rule \(name) rewrote a form that is not the RFC's.")
    }
    if case let names = texts(entry["ignored"]), !names.isEmpty {
      lines.append("Ignored, because no schema defines them: \(names.joined(separator: ", ")).")
    }
    if case let ids = texts(entry["skipped"]), !ids.isEmpty {
      lines.append("Skipped, because no such members exist: \(ids.joined(separator: ", ")).")
    }
    return lines
  }

  private static func query(_ query: JSONValue?) -> [String] {
    (query?.objectValue?.members ?? []).map { member in
      "\(member.name): \(member.value.stringValue ?? member.value.serializedText)"
    }
  }

  // MARK: What came of it

  private static func changed(_ entry: JSONValue) -> [String] {
    let method = entry["method"]?.stringValue ?? ""
    guard ["POST", "PUT", "PATCH", "DELETE"].contains(where: { $0.hasSameBytes(as: method) }),
      entry["query"] == nil, entry["path"]?.stringValue?.hasSuffix(".search") != true
    else { return [] }
    guard entry["record"] != nil || entry["changes"] != nil else {
      return ["The request was understood, and nothing changed: everything was already as asked."]
    }
    return (entry["changes"]?.arrayValue ?? []).flatMap(changed(by:))
  }

  private static func changed(by change: JSONValue) -> [String] {
    for effect in ["created", "deleted", "restored", "erased"] {
      if let type = change[effect]?.stringValue { return ["\(type) \(text(change["id"])) was \(effect)."] }
    }
    if let group = change["members"]?.stringValue {
      return [("added", "now in"), ("removed", "no longer in")].flatMap { side, words in
        texts(change[side]).map { "\($0) is \(words) the group \(group)." }
      }
    }
    return (change["attributes"]?.arrayValue ?? []).map { attribute in
      func value(_ side: String) -> String { attribute[side]?.serializedText ?? "nothing" }
      return "\(text(attribute["name"])): \(value("before")) became \(value("after"))."
    }
  }

  /// Nil for an entry that an older version wrote, without a code.
  private static func explanation(of error: JSONValue?) -> ErrorExplanation? {
    error?["code"]?.stringValue.flatMap { ErrorExplanation.named($0) }
  }

  private static func text(_ json: JSONValue?) -> String { json?.stringValue ?? "" }

  private static func texts(_ json: JSONValue?) -> [String] {
    (json?.arrayValue ?? []).compactMap(\.stringValue)
  }
}
