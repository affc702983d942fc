package import JSON

/// The form of a JSON value, as OpenAPI 3.1 describes it.
package indirect enum AdminSchema: Sendable {
  package struct Member: Sendable {
    package let name: String
    package let schema: AdminSchema
    package let isRequired: Bool

    init(_ name: String, _ schema: AdminSchema, optional: Bool = false) {
      self.name = name
      self.schema = schema
      isRequired = !optional
    }
  }

  case text, time, boolean, integer
  case choice([String])
  case any
  /// Only the members named.
  case object([Member])
  /// The members named, and others.
  case open([Member])
  case list(AdminSchema)
  case nullable(AdminSchema)
  /// A schema of `AdminSchemas.named`.
  case named(String)
  case either([AdminSchema])

  package var json: JSONValue {
    switch self {
    case .text: return ["type": "string"]
    case .time: return ["type": "string", "format": "date-time"]
    case .boolean: return ["type": "boolean"]
    case .integer: return ["type": "integer"]
    case .choice(let values): return ["type": "string", "enum": .array(values.map { .string($0) })]
    case .any: return [:]
    case .object(let members): return Self.object(members, isOpen: false)
    case .open(let members): return Self.object(members, isOpen: true)
    case .list(let element): return ["type": "array", "items": element.json]
    case .nullable(let schema): return ["anyOf": [schema.json, ["type": "null"]]]
    case .named(let name): return ["$ref": .string("#/components/schemas/\(name)")]
    case .either(let schemas): return ["anyOf": .array(schemas.map(\.json))]
    }
  }

  private static func object(_ members: [Member], isOpen: Bool) -> JSONValue {
    var properties = JSONObject()
    for member in members { properties[member.name] = member.schema.json }
    let required = members.filter(\.isRequired).map { JSONValue.string($0.name) }
    return [
      "type": "object", "properties": .object(properties), "required": .array(required),
      "additionalProperties": .bool(isOpen),
    ]
  }

  /// `{"items": [...], "next"?}`, with further members.
  static func page(_ item: AdminSchema, _ more: [Member] = []) -> AdminSchema {
    .object([Member("items", .list(item)), Member("next", .text, optional: true)] + more)
  }
}
