import Admin
import JSON
import SCIM

/// Schema and resource type files that would keep attributes a client sends but no schema defines.
struct SchemaSuggestion: Sendable {
  struct File: Sendable {
    let name: String
    let json: JSONValue
  }

  private(set) var files: [File] = []
  /// Attributes that no file can define, and what to do about them.
  private(set) var notes: [String] = []
  /// The resource types that the files define.
  private(set) var types: [String] = []

  /// - Parameter catalog: the existing schemas and types.
  init(_ ignored: [IgnoredAttribute], _ catalog: Catalog) {
    var extensions: [String: [IgnoredAttribute]] = [:]
    var order: [String] = []
    for attribute in ignored {
      guard let schema = attribute.schema else {
        let name = attribute.name.split(separator: ".").last ?? "x"
        notes.append(
          "\(attribute.path) is outside an extension, where no file can define it: let the provider send it as an "
            + "attribute of an extension, such as urn:example:scim:schemas:extension:2.0:More:\(name).")
        continue
      }
      guard Self.isURN(schema) else {
        notes.append("\(attribute.path): a schema cannot have this id.")
        continue
      }
      guard catalog.schemas.allSatisfy({ !CaseFolding.sameName($0.id, schema) }) else {
        notes.append("\(attribute.path): add it to the file that defines \(schema), if that file is yours.")
        continue
      }
      if extensions[schema] == nil { order.append(schema) }
      extensions[schema, default: []].append(attribute)
    }
    for schema in order { add(schema, extensions[schema] ?? []) }
    for type in catalog.types {
      let added = order.filter { schema in
        extensions[schema]?.contains { $0.resourceType == type.name } == true
          && files.contains { $0.json["id"]?.stringValue == schema }
      }
      if !added.isEmpty { add(type, added) }
    }
  }

  /// Adds the file of an extension with the attributes that can be defined.
  private mutating func add(_ schema: String, _ attributes: [IgnoredAttribute]) {
    let whole = attributes.filter { !$0.name.utf8.contains(UInt8(ascii: ".")) }
    var list: [JSONValue] = []
    // Names ignore letter case, and these every resource has.
    var taken: Set = ["id", "externalid", "meta", "schemas"]
    for attribute in whole {
      guard Self.isName(attribute.name), taken.insert(attribute.name.lowercased()).inserted else {
        notes.append("\(attribute.path): an attribute cannot have this name.")
        continue
      }
      var json = Self.json(attribute, attribute.name)
      let parts = Self.parts(of: attribute, attributes)
      if attribute.type == "complex" {
        guard !parts.isEmpty else {
          notes.append("\(attribute.path) came without sub-attributes: check what the provider sends.")
          continue
        }
        json["subAttributes"] = .array(parts)
      }
      list.append(.object(json))
    }
    guard !list.isEmpty else { return }
    let name = Self.name(of: schema)
    files.append(
      File(
        name: Self.fileName(name, files.map(\.name)),
        json: [
          "schemas": [.string(SchemaURN.schema)], "id": .string(schema), "name": .string(name),
          "description": "Suggested by scimd from received requests; check types and characteristics.",
          "attributes": .array(list),
        ]))
  }

  /// Adds the file of a resource type that lists its extensions and the new ones.
  private mutating func add(_ type: ResourceType, _ added: [String]) {
    let own = type.extensions.filter { $0.schema.isOwn }.map { ($0.schema.id, $0.required) }
    let all = own + added.map { ($0, false) }
    types.append(type.name)
    files.append(
      File(
        name: Self.fileName(type.name + "-type", files.map(\.name)),
        json: [
          "schemas": [.string(SchemaURN.resourceType)], "name": .string(type.name),
          "endpoint": .string(type.endpoint), "schema": .string(type.schema.id),
          "schemaExtensions": .array(all.map { ["schema": .string($0.0), "required": .bool($0.1)] }),
        ]))
  }

  /// The sub-attributes, which cannot have sub-attributes themselves (RFC 7643 §2.3.8).
  private static func parts(of attribute: IgnoredAttribute, _ all: [IgnoredAttribute]) -> [JSONValue] {
    var taken: Set<String> = []
    return all.filter { $0.name.hasPrefix(attribute.name + ".") && $0.type != "complex" }.compactMap { part in
      let name = String(part.name.dropFirst(attribute.name.count + 1))
      guard isName(name), taken.insert(name.lowercased()).inserted else { return nil }
      return .object(json(part, name))
    }
  }

  /// Whether a schema in a file may have this id.
  private static func isURN(_ text: String) -> Bool {
    let start = text.lowercased()
    let others: [UInt8] = Array("$-_.:".utf8)
    return start.hasPrefix("urn:") && !start.hasPrefix("urn:ietf:params:scim:api:") && text.utf8.count <= 255
      && text.utf8.last != UInt8(ascii: ":")
      && start.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || others.contains($0)
      }
  }

  /// RFC 7643 §2.1.
  private static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, (first | 0x20) >= UInt8(ascii: "a"),
      (first | 0x20) <= UInt8(ascii: "z"), name.utf8.count <= 128
    else {
      return false
    }
    return name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "_")
    }
  }

  /// The name, type and plurality; a value that was always null becomes a string.
  private static func json(_ attribute: IgnoredAttribute, _ name: String) -> JSONObject {
    var json: JSONObject = ["name": .string(name), "type": .string(attribute.type ?? "string")]
    if attribute.isMultiValued { json["multiValued"] = true }
    return json
  }

  /// `CustomExtensionName` of `urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User`.
  private static func name(of schema: String) -> String {
    let parts = schema.split(separator: ":").map(String.init)
    let words = parts.filter { part in
      part.utf8.first.map { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } == true
        && !["User", "Group"].contains(part)
    }
    return words.last ?? schema
  }

  /// A name in small letters that no other file has.
  private static func fileName(_ name: String, _ others: [String]) -> String {
    let letters = name.lowercased().utf8.map { byte -> UInt8 in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? byte : UInt8(ascii: "-")
    }
    let stem = String(decoding: letters.prefix(60), as: UTF8.self)
    var file = stem + ".json"
    var number = 2
    while others.contains(file) {
      file = "\(stem)-\(number).json"
      number += 1
    }
    return file
  }
}
