package import JSON

/// What one connection takes over from another, and the job that does it if it is much.
package struct TakeOverReport: Sendable {
  /// The name of the connection that manages the resources then.
  package let connection: String
  /// The name of the one that managed them.
  package let from: String
  package let users: Int
  package let groups: Int
  package let isDryRun: Bool
  /// What many users, or the last ones, would lose, in sentences: needs force.
  package var losses: [String] = []
  /// Nil if all was done at once, and for a dry run.
  package var job: JobReport?

  init(connection: String, from: String, users: Int, groups: Int, isDryRun: Bool) {
    self.connection = connection
    self.from = from
    self.users = users
    self.groups = groups
    self.isDryRun = isDryRun
  }

  package var json: JSONValue {
    var object: JSONObject = [
      "connection": .string(connection), "from": .string(from), "users": .integer(Int64(users)),
      "groups": .integer(Int64(groups)), "dryRun": .bool(isDryRun),
    ]
    if !losses.isEmpty { object["losses"] = .array(losses.map { .string($0) }) }
    if let job { object["job"] = job.json }
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    connection = try reader.text("connection")
    from = try reader.text("from")
    users = try reader.integer("users")
    groups = try reader.integer("groups")
    isDryRun = try reader.boolean("dryRun")
    losses = try reader.texts("losses")
    if let job = reader.optionalJSON("job") { self.job = try JobReport(try ObjectReader(job, at: "/job")) }
  }

  static let schema = AdminSchema.object([
    .init("connection", .text), .init("from", .text), .init("users", .integer), .init("groups", .integer),
    .init("dryRun", .boolean), .init("losses", .list(.text), optional: true),
    .init("job", JobReport.schema, optional: true),
  ])

  static let requestSchema = AdminSchema.object([
    .init("from", .text), .init("users", .list(.text), optional: true),
  ])
}
