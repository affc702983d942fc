import JSON
import Platform
import SCIM

extension Directory {
  /// The resources that a connection manages, in order of creation; all users and groups if `connection` is nil.
  package func managedResources(by connection: ResourceID?) -> [ManagedResource] {
    let capture = state.withLock { $0.directory.capture() }
    var found: [ManagedResource] = []
    capture.entries.forEach { _, entry in
      let type = catalog.stored[Int(entry.type)]
      guard !type.isAdministrative,
        connection == nil || capture.managers.connection(of: entry.manager) == connection
      else { return }
      let isActive = type.hasGroups && entry.body.document.attributes["active"]?.boolValue != false
      found.append(ManagedResource(type: type, id: entry.id, isActive: isActive))
    }
    return found
  }
}

extension Transaction {
  /// Whether the connection still manages a resource.
  package func isManaged(_ resource: Existing, by connection: ResourceID) -> Bool {
    state.managers.connection(of: resource.entry.manager) == connection
  }
}
