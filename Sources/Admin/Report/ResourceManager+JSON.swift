package import JSON
package import Storage

extension ResourceManager {
  package var json: JSONValue {
    var object: JSONObject = ["kind": .string(kind.rawValue)]
    if let id { object["id"] = .string(id) }
    if let name { object["name"] = .string(name) }
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    self.init(
      kind: Kind(rawValue: try reader.text("kind")) ?? .admin, id: try reader.optionalText("id"),
      name: try reader.optionalText("name"))
  }

  static let schema = AdminSchema.object([
    .init("kind", .choice(Kind.allCases.map(\.rawValue))), .init("id", .text, optional: true),
    .init("name", .text, optional: true),
  ])
}
