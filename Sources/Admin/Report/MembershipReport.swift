package import JSON

/// The result of a membership change or of its dry run.
package struct MembershipReport: Sendable, Equatable {
  package let id: String
  package let name: String?
  package let added: Int
  package let removed: Int
  /// Members after the change.
  package let members: Int
  package let isDryRun: Bool

  package var json: JSONValue {
    var object: JSONObject = ["id": .string(id)]
    if let name { object["name"] = .string(name) }
    object["added"] = .integer(Int64(added))
    object["removed"] = .integer(Int64(removed))
    object["members"] = .integer(Int64(members))
    object["dryRun"] = .bool(isDryRun)
    return .object(object)
  }

  init(id: String, name: String?, added: Int, removed: Int, members: Int, isDryRun: Bool) {
    self.id = id
    self.name = name
    self.added = added
    self.removed = removed
    self.members = members
    self.isDryRun = isDryRun
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    self.init(
      id: try reader.text("id"), name: try reader.optionalText("name"), added: try reader.integer("added"),
      removed: try reader.integer("removed"), members: try reader.integer("members"),
      isDryRun: try reader.boolean("dryRun"))
  }

  static let schema = AdminSchema.object([
    .init("id", .text), .init("name", .text, optional: true), .init("added", .integer),
    .init("removed", .integer), .init("members", .integer), .init("dryRun", .boolean),
  ])
}
