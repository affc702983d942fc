import JSON
package import SCIM

/// A directory's description in the log of `_system`: the value of a resource of type Directory.
package struct DirectoryDescription: Sendable, Equatable {
  package enum State: String, Sendable, CaseIterable {
    case active
    /// Its requests are answered 503 until an administrator resumes it.
    case paused
    /// A job deletes it: its keys are refused.
    case removing
  }

  package let name: String
  package var displayName: String?
  package var description: String?
  package var state: State
  package var policies: DirectoryPolicies

  package init(
    name: String, displayName: String? = nil, description: String? = nil, state: State = .active,
    policies: DirectoryPolicies = DirectoryPolicies()
  ) {
    self.name = name
    self.displayName = displayName
    self.description = description
    self.state = state
    self.policies = policies
  }

  /// Nil if the document has no name.
  package init?(_ document: Document) {
    guard let name = document.attributes["name"]?.stringValue else { return nil }
    self.name = name
    displayName = document.attributes["displayName"]?.stringValue
    description = document.attributes["description"]?.stringValue
    state = document.attributes["state"]?.stringValue.flatMap(State.init) ?? .active
    policies = DirectoryPolicies(document.attributes["policies"])
  }

  package var document: Document {
    var attributes = JSONObject()
    attributes["name"] = .string(name)
    attributes["displayName"] = displayName.map { .string($0) }
    attributes["description"] = description.map { .string($0) }
    attributes["state"] = .string(state.rawValue)
    attributes["policies"] = policies.stored
    return Document(attributes)
  }
}
