package import JSON

/// A client's query for a collection: query parameters of a GET or the body of a `.search` (RFC 7644 §3.4.2, §3.4.3).
package struct ListQuery: Sendable, Equatable {
  package var filter: String?
  package var sortBy: String?
  package var descending = false
  /// 1-based.
  package var startIndex = 1
  /// Nil if the client leaves the page size to the server.
  package var count: Int?
  package var attributes: [String]?
  package var excludedAttributes: [String]?
  /// Empty for the first page of a walk by cursor; nil for paging by index (RFC 9865 §2).
  package var cursor: String?

  package init() {}

  /// From the decoded query string; unknown parameters have no effect, known ones given twice are 400 invalidValue.
  package init(parameters: [(name: String, value: String)]) throws(SCIMError) {
    var seen = Set<String>()
    let walks = parameters.contains { CaseFolding.sameName($0.name, "cursor") }
    for (name, value) in parameters {
      let key = CaseFolding.lowered(name)
      // Some clients send every parameter; only an empty cursor has a meaning, the first page (RFC 9865 §2).
      guard ListQuery.names.contains(key), !value.isEmpty || key == "cursor" else { continue }
      guard seen.insert(key).inserted else {
        throw SCIMError(.parameterTwice, "The parameter \"\(name)\" is given twice.")
      }
      try set(key, .text(value), walks)
    }
    try ListQuery.check(seen)
  }

  /// From a SearchRequest; throws 400 invalidSyntax if it is not one.
  package init(searchRequest json: JSONValue) throws(SCIMError) {
    guard let body = json.objectValue else {
      throw SCIMError(.notAnObject, "The body must be a JSON object.")
    }
    var seen = Set<String>()
    var schemas: JSONValue?
    let walks = body.members.contains { CaseFolding.sameName($0.name, "cursor") && !$0.value.isNull }
    for member in body.members where !member.value.isNull {
      let key = CaseFolding.lowered(member.name)
      guard seen.insert(key).inserted else { throw ValueDecoder.twice(member.name) }
      if key == "schemas" {
        schemas = member.value
      } else if ListQuery.names.contains(key) {
        guard member.value.stringValue?.isEmpty != true || key == "cursor" else {
          seen.remove(key)
          continue
        }
        try set(key, .json(member.value), walks)
      }
    }
    try SchemaURN.check(schemas, lists: SchemaURN.searchRequest)
    try ListQuery.check(seen)
  }

  /// Throws if both ways of paging are used.
  private static func check(_ given: Set<String>) throws(SCIMError) {
    guard given.contains("cursor"), given.contains("startindex") else { return }
    throw SCIMError(
      .cursorWithStartIndex,
      "\"startIndex\" and \"cursor\" cannot be used together; send one of them.")
  }

  private static let names: Set<String> = [
    "filter", "sortby", "sortorder", "startindex", "count", "attributes", "excludedattributes",
    "cursor",
  ]

  private enum Given {
    case text(String)
    case json(JSONValue)
  }

  /// - Parameter walks: pages are requested by cursor, which has its own error for a bad count.
  private mutating func set(_ key: String, _ given: Given, _ walks: Bool) throws(SCIMError) {
    switch key {
    case "filter": filter = try ListQuery.text(given, key)
    case "sortby": sortBy = try ListQuery.text(given, key)
    case "sortorder":
      let order = CaseFolding.lowered(try ListQuery.text(given, key))
      guard order == "ascending" || order == "descending" else {
        throw SCIMError(.sortOrderInvalid, "\"sortOrder\" is \"ascending\" or \"descending\".")
      }
      descending = order == "descending"
    case "startindex": startIndex = max(1, try ListQuery.number(given, "startIndex"))
    case "count":
      do throws(SCIMError) { count = max(0, try ListQuery.number(given, "count")) } catch {
        throw walks ? SCIMError(.invalidCount, error.detail) : error
      }
    case "cursor": cursor = try ListQuery.text(given, key)
    case "attributes": attributes = try ListQuery.list(given, key)
    default: excludedAttributes = try ListQuery.list(given, "excludedAttributes")
    }
  }

  private static func text(_ given: Given, _ name: String) throws(SCIMError) -> String {
    switch given {
    case .text(let text), .json(.string(let text)): return text
    case .json: throw SCIMError(.parameterInvalid, "\"\(name)\" must be text.")
    }
  }

  /// A whole number; one too large for an integer is the largest.
  private static func number(_ given: Given, _ name: String) throws(SCIMError) -> Int {
    switch given {
    case .json(let json):
      guard let number = json.wholeNumber else {
        throw SCIMError(.parameterNotNumber, "\"\(name)\" must be a whole number.")
      }
      return number
    case .text(let text):
      guard let number = WholeNumber.clamped(text) else {
        throw SCIMError(
          .parameterNotNumber, "\"\(name)\" must be a whole number, not \"\(text.prefix(40))\".")
      }
      return number
    }
  }

  /// Nil for an empty list, which is the same as none (RFC 7643 §2.5).
  private static func list(_ given: Given, _ name: String) throws(SCIMError) -> [String]? {
    let names = try names(given, name)
    return names.isEmpty ? nil : names
  }

  /// A list of names: comma-separated text, in a body also an array.
  private static func names(_ given: Given, _ name: String) throws(SCIMError) -> [String] {
    switch given {
    case .text(let text): return split(text)
    case .json(.string(let text)): return split(text)
    case .json(.array(let values)):
      var names: [String] = []
      for value in values {
        guard let text = value.stringValue else {
          throw SCIMError(.parameterInvalid, "\"\(name)\" must be a list of names.")
        }
        names.append(contentsOf: split(text))
      }
      return names
    case .json: throw SCIMError(.parameterInvalid, "\"\(name)\" must be a list of names.")
    }
  }

  /// The names between commas, without spaces around them.
  private static func split(_ text: String) -> [String] {
    text.split(separator: ",").map { name in
      let trimmed = name.utf8.drop { $0 == UInt8(ascii: " ") }
      let end =
        trimmed.lastIndex { $0 != UInt8(ascii: " ") }.map { trimmed.index(after: $0) } ?? trimmed.startIndex
      return String(Substring(trimmed[..<end]))
    }.filter { !$0.isEmpty }
  }
}
