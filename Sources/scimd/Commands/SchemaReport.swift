import JSON
import Protocol
import SCIM

/// The content of a folder of schemas, or its errors.
struct SchemaReport {
  let folder: String
  private(set) var error: CatalogError?
  private var schemas: [Schema] = []
  private var types: [ResourceType] = []

  /// Shows only what the folder adds: its own schemas, and types that use them or that the RFC lacks.
  init(_ folder: String) {
    self.folder = folder
    do throws(CatalogError) {
      let catalog = try SchemaFolder(folder).catalog()
      schemas = catalog.schemas.filter(\.isOwn)
      types = catalog.types.filter { type in
        type.schema.isOwn || type.extensions.contains { $0.schema.isOwn }
          || !["User", "Group"].contains(type.name)
      }
    } catch {
      self.error = error
    }
  }

  /// Two tables: the schemas with the types that use them, and the types with their extensions.
  var text: String {
    var rows = [["SCHEMA", "ATTRIBUTES", "USED BY"]]
    for schema in schemas {
      let users = users(of: schema).joined(separator: ", ")
      rows.append([schema.id, "\(schema.attributes.count)", users.isEmpty ? "no resource type" : users])
    }
    var text = TextTable(rows).text()
    if !types.isEmpty {
      text += "\n"
      text += TextTable(
        [["RESOURCE TYPE", "ENDPOINT", "EXTENSIONS"]]
          + types.map { type in
            let extensions = type.extensions.map { $0.schema.id + ($0.required ? " (required)" : "") }
            return [type.name, type.endpoint, extensions.joined(separator: ", ")]
          }
      ).text()
    }
    return text + "\n\(folder) can be served.\n"
  }

  var json: JSONValue {
    [
      "folder": .string(folder), "sound": .bool(error == nil),
      "schemas": .array(
        schemas.map { schema in
          [
            "id": .string(schema.id), "name": .string(schema.name),
            "attributes": .integer(Int64(schema.attributes.count)),
            "usedBy": .array(users(of: schema).map { .string($0) }),
          ]
        }),
      "resourceTypes": .array(
        types.map { type in
          [
            "name": .string(type.name), "endpoint": .string(type.endpoint), "schema": .string(type.schema.id),
            "schemaExtensions": .array(
              type.extensions.map { ["schema": .string($0.schema.id), "required": .bool($0.required)] }),
          ]
        }),
      "problems": .array(
        (error?.problems ?? []).map {
          [
            "file": .string($0.file), "pointer": .string($0.error.pointer),
            "reason": .string($0.error.reason),
          ]
        }),
    ]
  }

  private func users(of schema: Schema) -> [String] {
    types.filter { type in type.schema === schema || type.extensions.contains { $0.schema === schema } }
      .map(\.name)
  }
}
