package import JSON
import SCIM

/// A command that repeats a request, from its entry: the key is left out, and masked values stay masked.
package enum RequestCurl {
  /// - Parameter base: the base URL of SCIM.
  package static func command(_ entry: JSONValue, base: String) -> String? {
    guard let method = entry["method"]?.stringValue, !method.isEmpty,
      let template = entry["path"]?.stringValue,
      !template.utf8.contains(UInt8(ascii: "?"))
    else { return nil }
    let origin = base.hasSuffix("/scim/v2") ? String(base.dropLast(8)) : base
    let isSCIM = !["/admin/", "/api/", "/oauth2/"].contains { template.hasPrefix($0) }
    var path = (isSCIM ? base : origin) + template
    if let id = entry["resource"]?.stringValue, path.hasSuffix("{id}") { path = path.dropLast(4) + id }
    var words = ["curl", "-i", "-H", quoted("Authorization: Bearer $SCIM_KEY", isExpanded: true)]
    let isRead = method.hasSameBytes(as: "GET")
    if !isRead { words += ["-X", method] }
    if let query = entry["query"]?.objectValue, isRead {
      words.append("-G")
      for member in query.members {
        let value = member.value.stringValue ?? texts(member.value) ?? member.value.serializedText
        words += ["--data-urlencode", quoted("\(member.name)=\(value)")]
      }
    } else if let body = body(entry) {
      words += ["-H", quoted("Content-Type: application/scim+json"), "-d", quoted(body.serializedText)]
    }
    return (words + [quoted(path)]).joined(separator: " ")
  }

  private static func texts(_ json: JSONValue) -> String? {
    json.arrayValue.map { $0.compactMap(\.stringValue).joined(separator: ",") }
  }

  private static func body(_ entry: JSONValue) -> JSONValue? {
    if let operations = entry["body"]?.arrayValue {
      return ["schemas": [.string(SchemaURN.patchOp)], "Operations": .array(operations)]
    }
    if var query = entry["query"]?.objectValue {
      query.members.insert(.init(name: "schemas", value: [.string(SchemaURN.searchRequest)]), at: 0)
      return .object(query)
    }
    return entry["body"]
  }

  /// For a POSIX shell.
  private static func quoted(_ text: String, isExpanded: Bool = false) -> String {
    if isExpanded { return "\"\(text)\"" }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
