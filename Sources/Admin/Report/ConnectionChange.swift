import Credentials
package import JSON

/// A change of an existing connection; absent members stay unchanged.
package struct ConnectionChange: Sendable {
  package var name: String?
  /// The name of a profile; the connection's keys get it too.
  package var provider: String?
  /// Nil to leave it; `.some(nil)` to remove it.
  package var description: String??

  package init() {}

  package var json: JSONValue {
    var object = JSONObject()
    if let name { object["name"] = .string(name) }
    if let provider { object["provider"] = .string(provider) }
    if let description { object["description"] = description.map { .string($0) } ?? .null }
    return .object(object)
  }

  init(_ reader: ObjectReader) throws(AdminProblem) {
    try reader.allow(["name", "provider", "description"], of: "a change of a connection")
    name = try reader.optionalText("name")
    provider = try reader.optionalText("provider")
    if reader.has("description") { description = .some(try reader.optionalText("description")) }
  }

  func apply(to connection: inout ConnectionDescription) {
    if let name { connection.name = name }
    if let provider { connection.provider = provider }
    if let description { connection.description = description }
  }

  static let schema = AdminSchema.object([
    .init("name", .text, optional: true), .init("provider", .text, optional: true),
    .init("description", .nullable(.text), optional: true),
  ])
}
