import JSON
import SCIM

// The only place that decides which caller may change which resource.
extension Transaction {
  /// Throws 403 if the actor may not change the resource because of who manages it.
  func checkManager(of resource: Existing) throws(SCIMError) {
    try checkManager(resource.entry.manager, of: resource.type, resource.id)
  }

  /// The same for a resource that is deleted, by its number of `ManagerTable`.
  func checkManager(_ manager: UInt32, of type: ResourceType, _ id: ResourceID) throws(SCIMError) {
    guard !type.isAdministrative, isManagedByOthers(manager),
      let owner = state.managers.connection(of: manager)
    else { return }
    let what = "\(type.name) \(id.text) is managed by \(connectionName(owner))"
    if actor.connection != nil {
      throw SCIMError(
        .otherConnection,
        "\(what), but this request came through another connection. Change it at its own identity provider, or "
          + "let an administrator hand it over (connection take-over) or set the directory's policy crossConnection to "
          + "allowed.")
    }
    throw SCIMError(
      .managedElsewhere,
      "\(what), but the directory's policy localChanges is denied. Change it at its identity provider, or set "
        + "localChanges to allowed.")
  }

  /// Whether a connection manages it and the actor may not change it therefore.
  func isManagedByOthers(_ manager: UInt32) -> Bool {
    guard actor.kind != .server, let owner = state.managers.connection(of: manager),
      owner != actor.connection,
      // A connection that was removed manages nothing any more.
      state.slots[owner] != nil
    else { return false }
    return actor.connection == nil ? policies.localChanges == .denied : policies.crossConnection == .denied
  }

  /// Throws 403 if only connections may create resources.
  func checkCreation(of type: ResourceType) throws(SCIMError) {
    guard !type.isAdministrative, actor.connection == nil, policies.localChanges == .denied,
      actor.kind != .server
    else { return }
    throw SCIMError(
      .managedElsewhere,
      "The directory's policy localChanges is denied: only connections create resources in it. Create "
        + "the \(type.name) at the identity provider, or set localChanges to allowed.")
  }

  /// The connection's name for an error text.
  private func connectionName(_ id: ResourceID) -> String {
    let entry = state.slots[id].flatMap { state.entries[$0] }
    let name = entry?.body.document.attributes["name"]?.stringValue
    return name.map { "the connection \"\($0.prefix(64))\"" } ?? "a connection that was removed"
  }
}

extension Transaction {
  /// Another connection of the directory manages the resource from now on; nothing changes if it does already.
  package mutating func manage(_ resource: Existing, by connection: ResourceID) {
    let manager = ManagerTable.text(of: connection)
    let old = state.managers.name(of: resource.entry.manager)
    guard old.map({ !$0.hasSameBytes(as: manager) }) ?? true else { return }
    changes.append(.manage(resource.type, resource.id, from: old, to: manager))
  }
}
