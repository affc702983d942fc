package import JSON
package import SCIM
package import Storage

/// A directory as an administrator sees it.
package struct DirectoryReport: Sendable {
  package let name: String
  package let displayName: String?
  package let description: String?
  package let state: DirectoryDescription.State
  package let policies: DirectoryPolicies
  package let created: DateTime
  package let modified: DateTime
  /// The entity tag.
  package let version: String
  package var users = 0
  package var groups = 0
  package var connections = 0
  package var keys = 0
}

extension DirectoryReport {
  /// Nil if the resource has no directory's document.
  init?(_ resource: AdministrativeResource) {
    guard let description = DirectoryDescription(resource.document) else { return nil }
    self.init(
      name: description.name, displayName: description.displayName, description: description.description,
      state: description.state, policies: description.policies, created: resource.created,
      modified: resource.modified, version: resource.version)
  }

  package var json: JSONValue {
    var object: JSONObject = ["name": .string(name)]
    if let displayName { object["displayName"] = .string(displayName) }
    if let description { object["description"] = .string(description) }
    object["state"] = .string(state.rawValue)
    object["policies"] = policies.json
    object["created"] = .string(created.description)
    object["modified"] = .string(modified.description)
    object["version"] = .string(version)
    for (member, count) in [
      ("users", users), ("groups", groups), ("connections", connections), ("keys", keys),
    ] { object[member] = .integer(Int64(count)) }
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    self.init(
      name: try reader.text("name"), displayName: try reader.optionalText("displayName"),
      description: try reader.optionalText("description"),
      state: DirectoryDescription.State(rawValue: try reader.text("state")) ?? .active,
      policies: DirectoryPolicies(try reader.json("policies")), created: try reader.time("created"),
      modified: try reader.time("modified"), version: try reader.text("version"),
      users: try reader.integer("users"), groups: try reader.integer("groups"),
      connections: try reader.integer("connections"), keys: try reader.integer("keys"))
  }

  private static func permission(_ name: String, optional: Bool) -> AdminSchema.Member {
    .init(name, .choice(DirectoryPolicies.Permission.allCases.map(\.rawValue)), optional: optional)
  }

  /// The form of the policies; all optional in a request, where null means the default quota.
  static func policies(optional: Bool) -> AdminSchema {
    .object(
      [
        permission("localChanges", optional: optional), permission("crossConnection", optional: optional),
        .init("keyMaxDays", .integer, optional: optional), .init("leaverSLA", .integer, optional: optional),
        .init(
          "authKinds", .list(.choice(DirectoryPolicies.AuthKind.allCases.map(\.rawValue))), optional: optional
        ),
        .init("allowedNetworks", .list(.text), optional: optional),
        .init(
          "signIn", .choice(DirectoryPolicies.SignIn.allCases.map(\.rawValue)), optional: optional),
        .init("signInGroups", .list(.text), optional: optional),
        .init("nestedGroups", .boolean, optional: optional),
        .init("rolesFromIdp", .boolean, optional: optional),
        .init(
          "roleReview", .choice(DirectoryPolicies.RoleReview.allCases.map(\.rawValue)), optional: optional),
      ]
        + DirectoryQuotas.members.map {
          .init($0.name, optional ? .nullable(.integer) : .integer, optional: optional)
        })
  }

  static let schema = AdminSchema.object([
    .init("name", .text), .init("displayName", .text, optional: true),
    .init("description", .text, optional: true),
    .init("state", .choice(DirectoryDescription.State.allCases.map(\.rawValue))),
    .init("policies", policies(optional: false)), .init("created", .time), .init("modified", .time),
    .init("version", .text), .init("users", .integer), .init("groups", .integer),
    .init("connections", .integer), .init("keys", .integer),
  ])
}
