import Access
import Credentials
package import JSON

/// A change of an existing connection; absent members stay unchanged.
package struct ConnectionChange: Sendable {
  package var name: String?
  /// The name of a profile; the connection's keys get it too.
  package var provider: String?
  /// Nil to leave it; `.some(nil)` to remove it.
  package var description: String??

  /// The values of the roles that it can give to its users.
  package var assignableRoles: [String]?

  package init() {}

  package var json: JSONValue {
    var object = JSONObject()
    if let name { object["name"] = .string(name) }
    if let provider { object["provider"] = .string(provider) }
    if let description { object["description"] = description.map { .string($0) } ?? .null }
    if let assignableRoles { object["assignableRoles"] = .array(assignableRoles.map { .string($0) }) }
    return .object(object)
  }

  /// Reads the body of a request; unknown members are refused.
  init(_ reader: ObjectReader) throws(AdminProblem) {
    try reader.allow(["name", "provider", "description", "assignableRoles"], of: "a change of a connection")
    name = try reader.optionalText("name")
    provider = try reader.optionalText("provider")
    if reader.has("description") { description = .some(try reader.optionalText("description")) }
    if reader.has("assignableRoles") { assignableRoles = try Self.roles(reader) }
  }

  /// The roles that a connection may assign, by value; they need not exist yet.
  static func roles(_ reader: ObjectReader) throws(AdminProblem) -> [String] {
    let roles = try reader.texts("assignableRoles")
    let limit = ConnectionDescription.maxAssignableRoles
    guard roles.count <= limit else {
      throw AdminProblem(.tooMany, "A connection can have \(limit) assignable roles.", at: "/assignableRoles")
    }
    for (index, role) in roles.enumerated() where !Role.isValue(role) {
      throw AdminProblem(
        .invalidMember, "\"\(role.prefix(64))\" is not the value of a role.", at: "/assignableRoles/\(index)")
    }
    return roles
  }

  func apply(to connection: inout ConnectionDescription) {
    if let name { connection.name = name }
    if let provider { connection.provider = provider }
    if let description { connection.description = description }
    if let assignableRoles { connection.assignableRoles = assignableRoles }
  }

  static let schema = AdminSchema.object([
    .init("name", .text, optional: true), .init("provider", .text, optional: true),
    .init("description", .nullable(.text), optional: true),
    .init("assignableRoles", .list(.text), optional: true),
  ])
}
