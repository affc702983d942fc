/// "User.emails.type", "Group.members", "Enterprise.manager": a path in a published schema.
package struct AttributeName: Sendable, CustomStringConvertible {
  private static let schemas = [
    "User": "urn:ietf:params:scim:schemas:core:2.0:User",
    "Group": "urn:ietf:params:scim:schemas:core:2.0:Group",
    "Enterprise": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
  ]

  package let description: String
  let schema: String
  let path: [String]

  /// Nil for text that names no attribute of these schemas.
  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 1, let schema = Self.schemas[parts[0]] else { return nil }
    description = text
    self.schema = schema
    path = Array(parts.dropFirst())
  }
}
