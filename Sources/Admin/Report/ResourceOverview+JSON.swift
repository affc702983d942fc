import SCIM
package import JSON
package import Storage

extension ResourceOverview {
  package var json: JSONValue {
    var object: JSONObject = ["id": .string(id), "type": .string(type)]
    for (member, text) in [
      ("name", name), ("displayName", displayName), ("email", email), ("externalId", externalId),
    ] {
      if let text { object[member] = .string(text) }
    }
    if let active { object["active"] = .bool(active) }
    object["created"] = .string(created.description)
    object["modified"] = .string(modified.description)
    if let version { object["version"] = .string(version) }
    object["groups"] = .integer(Int64(groups))
    if let members { object["members"] = .integer(Int64(members)) }
    if let deleted { object["deleted"] = .string(deleted.description) }
    if let keptUntil { object["keptUntil"] = .string(keptUntil.description) }
    if let managedBy { object["managedBy"] = managedBy.json }
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    self.init(
      id: try reader.text("id"), type: try reader.text("type"), created: try reader.time("created"),
      modified: try reader.time("modified"), groups: try reader.integer("groups"))
    name = try reader.optionalText("name")
    displayName = try reader.optionalText("displayName")
    email = try reader.optionalText("email")
    externalId = try reader.optionalText("externalId")
    active = try reader.optionalBoolean("active")
    version = try reader.optionalText("version")
    members = try reader.optionalInteger("members")
    deleted = try reader.optionalTime("deleted")
    keptUntil = try reader.optionalTime("keptUntil")
    managedBy = try reader.optionalObject("managedBy").map { reader throws(AdminProblem) in
      try ResourceManager(reader)
    }
  }

  static let schema = AdminSchema.object([
    .init("id", .text), .init("type", .text), .init("name", .text, optional: true),
    .init("displayName", .text, optional: true), .init("email", .text, optional: true),
    .init("externalId", .text, optional: true), .init("active", .boolean, optional: true),
    .init("created", .time), .init("modified", .time), .init("version", .text, optional: true),
    .init("groups", .integer), .init("members", .integer, optional: true),
    .init("deleted", .time, optional: true), .init("keptUntil", .time, optional: true),
    .init("managedBy", .named("Manager"), optional: true),
  ])
}
