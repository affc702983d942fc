import JSON
package import SCIM

/// The settings of a connection: the value of a resource of type Connection.
package struct ConnectionDescription: Sendable, Equatable {
  package var name: String
  package var description: String?
  /// The name of the profile whose dialect its requests have.
  package var provider: String
  package var state: ConnectionState
  /// The values of the roles that it can give to its users.
  package var assignableRoles: [String] = []
  /// Whether what it brings grants nothing until its first review is applied.
  package var isHeldBack = false
  package static let maxAssignableRoles = 100

  package init(
    name: String, description: String? = nil, provider: String, state: ConnectionState = .active
  ) {
    self.name = name
    self.description = description
    self.provider = provider
    self.state = state
  }

  /// Nil if the document has no name.
  package init?(_ document: Document) {
    guard let name = document.attributes["name"]?.stringValue else { return nil }
    self.name = name
    description = document.attributes["description"]?.stringValue
    provider = document.attributes["provider"]?.stringValue ?? Profile.generic.name
    state = document.attributes["state"]?.stringValue.flatMap(ConnectionState.init) ?? .active
    assignableRoles = (document.attributes["assignableRoles"]?.arrayValue ?? []).compactMap(\.stringValue)
    isHeldBack = document.attributes["heldBack"]?.boolValue ?? false
  }

  package var document: Document {
    var attributes = JSONObject()
    attributes["name"] = .string(name)
    attributes["description"] = description.map { .string($0) }
    attributes["provider"] = .string(provider)
    attributes["state"] = .string(state.rawValue)
    if !assignableRoles.isEmpty {
      attributes["assignableRoles"] = .array(assignableRoles.map { .string($0) })
    }
    if isHeldBack { attributes["heldBack"] = true }
    return Document(attributes)
  }
}
