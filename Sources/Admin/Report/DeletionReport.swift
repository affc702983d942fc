package import JSON

/// The result of a deletion or of its dry run.
package struct DeletionReport: Sendable, Equatable {
  package let id: String
  /// The name of its resource type.
  package let type: String
  package let name: String?
  /// Groups that it was in.
  package let groups: Int
  /// Members that it had; nil if its type cannot have members.
  package let members: Int?
  package let isDryRun: Bool

  package init(id: String, type: String, name: String?, groups: Int, members: Int?, isDryRun: Bool) {
    self.id = id
    self.type = type
    self.name = name
    self.groups = groups
    self.members = members
    self.isDryRun = isDryRun
  }

  package var json: JSONValue {
    var object: JSONObject = ["id": .string(id), "type": .string(type)]
    if let name { object["name"] = .string(name) }
    object["groups"] = .integer(Int64(groups))
    if let members { object["members"] = .integer(Int64(members)) }
    object["dryRun"] = .bool(isDryRun)
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    self.init(
      id: try reader.text("id"), type: try reader.text("type"), name: try reader.optionalText("name"),
      groups: try reader.integer("groups"), members: try reader.optionalInteger("members"),
      isDryRun: try reader.boolean("dryRun"))
  }

  static let schema = AdminSchema.object([
    .init("id", .text), .init("type", .text), .init("name", .text, optional: true),
    .init("groups", .integer), .init("members", .integer, optional: true), .init("dryRun", .boolean),
  ])
}
