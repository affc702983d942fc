import Client
import Exchange
import JSON

/// A request before its variables are replaced.
struct CaseRequest: Sendable {
  enum Key: String, Sendable {
    /// That of the run.
    case run
    /// No Authorization field.
    case none
    /// That of another tenant.
    case other
    /// That of the run, the scheme written "bearer".
    case lowercase
  }

  let method: String
  let path: String
  /// In the order of the file.
  let query: [(name: String, value: JSONValue)]
  let fields: [(name: String, value: String)]
  private(set) var body: ExchangeRequest.Body
  let key: Key

  func with(body: ExchangeRequest.Body) -> CaseRequest {
    var request = self
    request.body = body
    return request
  }

  /// Reads "GET /Users" with the members next to it.
  init(_ line: String, _ reader: ScriptReader) throws(ScriptError) {
    let words = line.split(separator: " ", maxSplits: 1).map(String.init)
    guard words.count == 2 else { throw reader.error("\"\(line)\" is not a method and a path") }
    (method, path) = (words[0], words[1])
    query = try reader.optional("query")?.json.members.map { ($0.name, $0.value) } ?? []
    fields = try reader.optional("fields")?.texts() ?? []
    switch (reader.json["body"], reader.json["text"]) {
    case (nil, nil): body = .none
    case (let json?, nil): body = .json(json)
    case (nil, .string(let text)?): body = .text(text)
    default: throw reader.error("a request has a body or a text")
    }
    key = try reader.json["key"] == nil ? .run : reader.word(try reader.string("key"), "key")
  }

  /// The bytes that are sent.
  /// - Parameter more: parameters that replace those of the same name.
  func filled(
    _ variables: Variables, base: ClientBase, query more: [(name: String, value: JSONValue)] = []
  ) throws(MissingVariable) -> WireRequest {
    let replaced = Set(more.map(\.name))
    var target = try Self.target(path, variables, base: base)
    for (name, template) in query.filter({ !replaced.contains($0.name) }) + more {
      let value = try variables.fill(template)
      for value in value.arrayValue ?? [value] {
        let text = value.stringValue ?? value.serializedText
        target += "\(target.contains("?") ? "&" : "?")\(name)=\(PercentEncoding.encode(text))"
      }
    }
    return WireRequest(
      method: try variables.fill(method), path: target,
      fields: try fields.map { (field) throws(MissingVariable) in
        (name: field.name, value: try variables.fill(field.value))
      }, body: try body.bytes(variables), key: key)
  }

  /// A variable at the beginning is inserted unchanged, the others percent-encoded.
  private static func target(
    _ path: String, _ variables: Variables, base: ClientBase
  ) throws(MissingVariable) -> String {
    guard path.hasPrefix("${"), let close = path.firstIndex(of: "}") else {
      return try variables.fill(path, encode: PercentEncoding.encode)
    }
    let rest = try variables.fill(
      String(path[path.index(after: close)...]), encode: PercentEncoding.encode)
    return base.path(of: try variables.fill(String(path[...close]))) + rest
  }
}

extension ClientBase {
  /// The part of a URL that follows the base, wherever the URL says the server is; a path stays as it is.
  func path(of url: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return url }
    let rest = url[scheme.upperBound...]
    guard let slash = rest.firstIndex(of: "/") else { return "" }
    let path = rest[slash...]
    return path.hasPrefix(prefix + "/") ? String(path.dropFirst(prefix.count)) : String(path)
  }
}
