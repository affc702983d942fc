import JSON

/// A resource type as a file defines it (RFC 7643 §6), its schemas not looked up yet.
struct ResourceTypeDefinition {
  let name: String
  /// With its slash.
  let endpoint: String
  let description: String
  let schema: String
  let extensions: [(urn: String, required: Bool)]
  let reader: DefinitionReader

  private static let maxNameBytes = 64

  init(_ json: JSONValue) throws(SchemaError) {
    reader = try DefinitionReader(json)
    try reader.allow(
      ["schemas", "id", "name", "description", "endpoint", "schema", "schemaExtensions", "meta"])
    name = try reader.requiredText("name")
    guard Self.isName(name[...]) else {
      throw reader.error(
        "name", "must be 1 to \(Self.maxNameBytes) letters, digits, - and _, beginning with a letter")
    }
    if let id = try reader.text("id"), !id.hasSameBytes(as: name) {
      throw reader.error("id", "must be the name, \"\(name)\", or be omitted")
    }
    endpoint = try reader.requiredText("endpoint")
    guard endpoint.utf8.first == UInt8(ascii: "/"), Self.isName(endpoint.dropFirst()) else {
      throw reader.error(
        "endpoint", "must be / and 1 to \(Self.maxNameBytes) letters, digits, - and _, such as /Devices")
    }
    description = try reader.text("description") ?? name
    schema = try reader.requiredText("schema")
    let place = reader.pointer("schemaExtensions")
    var extensions: [(urn: String, required: Bool)] = []
    for (index, json) in (try reader.list("schemaExtensions") ?? []).enumerated() {
      let inner = try DefinitionReader(json, at: "\(place)/\(index)")
      try inner.allow(["schema", "required"])
      guard let required = try inner.flag("required") else {
        throw SchemaError(inner.place, "\"required\" is missing")
      }
      extensions.append((try inner.requiredText("schema"), required))
    }
    self.extensions = extensions
  }

  /// The pointer of the URN of an extension.
  func extensionPlace(_ index: Int) -> String { "\(reader.pointer("schemaExtensions"))/\(index)/schema" }

  private static func isName(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, FilterParser.isLetter(first) else { return false }
    return text.utf8.count <= maxNameBytes
      && text.utf8.allSatisfy {
        FilterParser.isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || $0 == UInt8(ascii: "-")
          || $0 == UInt8(ascii: "_")
      }
  }
}
