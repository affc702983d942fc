package import JSON

/// The effect of a removal or of its dry run, and the job that carries it out.
package struct RemovalReport: Sendable {
  /// The id of the connection, or the name of the directory.
  package let target: String
  package let name: String
  package let users: Int
  package let activeUsers: Int
  package let groups: Int
  package let keys: Int
  package let isDryRun: Bool
  /// What many users, or the last ones, would lose, in sentences: needs force.
  package var losses: [String] = []
  /// Nil for a dry run.
  package var job: JobReport?

  package var json: JSONValue {
    var object: JSONObject = [
      "target": .string(target), "name": .string(name), "users": .integer(Int64(users)),
      "activeUsers": .integer(Int64(activeUsers)), "groups": .integer(Int64(groups)),
      "keys": .integer(Int64(keys)), "dryRun": .bool(isDryRun),
    ]
    if !losses.isEmpty { object["losses"] = .array(losses.map { .string($0) }) }
    if let job { object["job"] = job.json }
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    target = try reader.text("target")
    name = try reader.text("name")
    users = try reader.integer("users")
    activeUsers = try reader.integer("activeUsers")
    groups = try reader.integer("groups")
    keys = try reader.integer("keys")
    isDryRun = try reader.boolean("dryRun")
    losses = try reader.texts("losses")
    if let job = reader.optionalJSON("job") { self.job = try JobReport(try ObjectReader(job, at: "/job")) }
  }

  init(target: String, name: String, users: Int, activeUsers: Int, groups: Int, keys: Int, isDryRun: Bool) {
    self.target = target
    self.name = name
    self.users = users
    self.activeUsers = activeUsers
    self.groups = groups
    self.keys = keys
    self.isDryRun = isDryRun
  }

  static let schema = AdminSchema.object([
    .init("target", .text), .init("name", .text), .init("users", .integer), .init("activeUsers", .integer),
    .init("groups", .integer), .init("keys", .integer), .init("dryRun", .boolean),
    .init("losses", .list(.text), optional: true), .init("job", JobReport.schema, optional: true),
  ])
}
