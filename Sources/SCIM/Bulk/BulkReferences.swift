package import JSON

/// `bulkId:x`, standing for the id of a resource that another operation of the same request creates (RFC 7644 §3.7.2):
/// alone as a value, as the end of a link, in quotes in the path of a PATCH.
package enum BulkReferences {
  private static let prefix = "bulkId:"

  /// The bulkId that a whole text refers to.
  package static func target(of text: String) -> String? {
    text.utf8.starts(with: prefix.utf8) ? String(text.utf8.dropFirst(prefix.utf8.count)) : nil
  }

  /// The bulkIds that an operation refers to, each once, in order.
  package static func targets(of operation: BulkOperation) -> [String] {
    var targets: [String] = []
    var seen = Set<String>()
    func take(_ id: String) -> String? {
      if seen.insert(id).inserted { targets.append(id) }
      return nil
    }
    if let path = operation.path { _ = replaced(inLink: path, take) }
    if let data = operation.data { _ = replaced(in: data, take) }
    return targets
  }

  /// The JSON with every reference replaced by what `id` gives for its bulkId, where that is not nil.
  package static func replaced(in json: JSONValue, _ id: (String) -> String?) -> JSONValue {
    switch json {
    case .string(let text):
      guard let target = target(of: text), let id = id(target) else { return json }
      return .string(id)
    case .array(let elements): return .array(elements.map { replaced(in: $0, id) })
    case .object(var object):
      for index in object.members.indices {
        let member = object.members[index]
        object.members[index].value = replaced(in: member, id)
      }
      return .object(object)
    case .null, .bool, .integer, .decimal: return json
    }
  }

  private static func replaced(in member: JSONObject.Member, _ id: (String) -> String?) -> JSONValue {
    guard case .string(let text) = member.value else { return replaced(in: member.value, id) }
    switch CaseFolding.lowered(member.name) {
    case "$ref": return .string(replaced(inLink: text, id))
    case "path": return .string(replaced(inQuotes: text, id))
    default: return replaced(in: member.value, id)
    }
  }

  /// `/Users/bulkId:x`, or `bulkId:x` alone.
  package static func replaced(inLink text: String, _ id: (String) -> String?) -> String {
    let bytes = Array(text.utf8)
    let start = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    guard let target = target(of: String(decoding: bytes[start...], as: UTF8.self)), let id = id(target)
    else { return text }
    return String(decoding: bytes[..<start], as: UTF8.self) + id
  }

  /// `members[value eq "bulkId:x"]`.
  private static func replaced(inQuotes text: String, _ id: (String) -> String?) -> String {
    let quote = UInt8(ascii: "\"")
    guard text.utf8.contains(quote) else { return text }
    let parts = text.utf8.split(separator: quote, omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    return parts.enumerated().map { index, part in
      index % 2 == 1 ? target(of: part).flatMap(id) ?? part : part
    }.joined(separator: "\"")
  }
}
