import JSON
import SCIM
import Storage

extension ValueMask {
  /// The text of an error without the values that it quotes.
  ///
  /// Quoted is kept what is no value for certain: the id of a resource, a word of the protocol, an attribute, or a name
  /// from the structure of the request. Otherwise everything up to the last quote goes, as values may hold quotes.
  ///
  /// - Parameter names: the names of attributes that the request has, known or not.
  func detail(_ text: String, _ names: [String], _ types: [ResourceType]) -> String {
    guard !showsEverything else { return redacted(text) }
    let parts = text.split(separator: "\"", omittingEmptySubsequences: false).map { String($0) }
    guard parts.count > 1 else { return redacted(text) }
    var kept = parts[0]
    for index in stride(from: 1, to: parts.count, by: 2) {
      guard index + 1 < parts.count, isHarmless(parts[index], names, types) else {
        let rest = parts.count > index + 1 ? parts[parts.count - 1] : ""
        return redacted(kept) + "\"\(Self.masked)\"" + redacted(rest)
      }
      kept += "\"\(parts[index])\"\(parts[index + 1])"
    }
    return redacted(kept)
  }

  private func isHarmless(_ quoted: String, _ names: [String], _ types: [ResourceType]) -> Bool {
    if ResourceID(quoted) != nil || Self.protocolWords.contains(where: { $0.hasSameBytes(as: quoted) }) {
      return true
    }
    guard Self.isName(quoted) else { return false }
    return types.contains { $0.path(quoted) != nil || $0.schemaExtension(urn: quoted) != nil }
      || CaseFolding.lowered(quoted).hasPrefix("urn:ietf:params:scim:")
      || names.contains { $0.hasSameBytes(as: quoted) }
  }

  /// What messages quote of their own.
  private static let protocolWords =
    [
      "schemas", "Operations", "op", "path", "value", "method", "data", "bulkId", "version", "atomic",
      "failOnErrors",
      "filter", "sortBy", "sortOrder", "startIndex", "count", "cursor", "attributes", "excludedAttributes",
      "ascending",
      "descending", "sortby", "Content-Type: application/scim+json", "Authorization: Bearer <key>", ")", "]",
    ] + FilterExpression.Operator.allCases.map(\.rawValue)

  /// A text without every occurrence of another one.
  package func text(_ text: String, without hidden: String) -> String {
    guard !hidden.isEmpty else { return text }
    var (rest, kept) = (Substring(text), "")
    let needle = Array(hidden.utf8)
    while let place = rest.utf8.indices.first(where: { rest.utf8[$0...].starts(with: needle) }) {
      kept += rest[..<place] + Self.masked
      rest = rest[rest.utf8.index(place, offsetBy: needle.count)...]
    }
    return kept + rest
  }
}
