import Platform
package import SCIM

// Resources that administrators manage.
extension Directory {
  /// The resource type of that name, such as `Key`.
  package func administrativeType(_ name: String) -> ResourceType {
    guard let type = catalog.type(named: name), type.isAdministrative else {
      preconditionFailure("\(name) is an administrative type")
    }
    return type
  }

  /// Every resource of an administrative type as it is now, in order of creation.
  package func administrativeResources(_ type: ResourceType) -> [AdministrativeChange] {
    let capture = state.withLock { $0.directory.capture() }
    return capture.entries(of: type).map { change($0, type) }
  }

  /// The resource of an administrative type with this id as it is now; nil if it does not exist.
  package func administrativeResource(_ type: ResourceType, _ id: ResourceID) -> AdministrativeChange? {
    let entry = state.withLock { state in
      state.directory.slot(of: id, type).flatMap { state.directory.entries[$0] }
    }
    return entry.map { change($0, type) }
  }

  private func change(_ entry: Entry, _ type: ResourceType) -> AdministrativeChange {
    AdministrativeChange(self, type, entry.id, entry)
  }

  /// Tells the followers of the administrative resources and notes among the changes; called under the lock.
  func relay(_ changes: some Sequence<Change>, _ state: DirectoryState) {
    for change in changes {
      if case .note(let key, _, let value) = change {
        relay.send(NoteChange(directory: self, key: key, value: value))
      }
      guard let (type, id) = change.resource, type.isAdministrative else { continue }
      let entry = state.slots[id].flatMap { state.entries[$0] }
      relay.send(AdministrativeChange(self, type, id, entry, seq: state.last))
    }
  }

  /// The policies hold from the next change on.
  func follow(_ description: DirectoryDescription) {
    state.withLock { $0.description = description }
  }

  /// Its description in `_system`.
  package var description: DirectoryDescription { state.withLock { $0.description } }
}

extension Change {
  /// The resource that the change creates, edits, removes or gives to another manager; nil for memberships and other kinds of changes.
  var resource: (type: ResourceType, id: ResourceID)? {
    switch self {
    case .create(let type, let id, _), .update(let type, let id, _, _), .delete(let type, let id, _),
      .restore(let type, let id, _), .erase(let type, let id, _, _), .manage(let type, let id, _, _):
      (type, id)
    case .members, .note, .erasure, .repair: nil
    }
  }
}

extension Capture {
  /// In order of creation.
  func entries(of type: ResourceType) -> [Entry] {
    let number = typeNumber(type)
    return entries.slots(ofTypes: [number], from: 0, limit: .max).compactMap { entries[$0] }
  }
}
