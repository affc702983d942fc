import Platform
package import SCIM

/// An administrative resource as it is read: its document with what the server assigns.
package struct AdministrativeResource: Sendable {
  package let id: ResourceID
  package let document: Document
  /// The entity tag.
  package let version: String
  package let created: DateTime
  package let modified: DateTime

  init(_ entry: Entry, _ incarnations: Incarnations) {
    id = entry.id
    document = entry.body.document
    version = incarnations.revision(entry.revision).entityTag
    created = DateTime(milliseconds: entry.created)
    modified = DateTime(milliseconds: entry.modified)
  }
}

extension Directory {
  /// The resource of an administrative type with this unique attribute or id, or nil.
  package func administrative(
    _ type: ResourceType, called text: String, by attribute: String
  ) -> Pending<AdministrativeResource?> {
    let (found, seq) = state.withLock { state -> (AdministrativeResource?, UInt64) in
      let directory = state.directory
      let slot =
        directory.find(type, attribute, text).first.flatMap { directory.slots[$0] }
        ?? ResourceID(text).flatMap { directory.slot(of: $0, type) }
      let entry = slot.flatMap { directory.entries[$0] }
      return (entry.map { AdministrativeResource($0, directory.incarnations) }, directory.last)
    }
    return Pending(found, seq, journal)
  }

  /// All resources of an administrative type, in order of creation.
  package func administrative(all type: ResourceType) -> Pending<[AdministrativeResource]> {
    let (capture, seq) = state.withLock { ($0.directory.capture(), $0.directory.last) }
    return Pending(
      capture.entries(of: type).map { AdministrativeResource($0, capture.incarnations) }, seq, journal)
  }

  /// A page of the resources of an administrative type in order of creation, and the ordinal of the last one if more
  /// follow.
  package func administrative(
    _ type: ResourceType, after ordinal: UInt64?, limit: Int
  ) -> Pending<(items: [AdministrativeResource], next: UInt64?)> {
    let (page, seq) = state.withLock { state -> ((items: [AdministrativeResource], next: UInt64?), UInt64) in
      let directory = state.directory
      let start = ordinal.map { directory.entries.slot(after: $0) } ?? 0
      let found = directory.entries.slots(
        ofTypes: [directory.typeNumber(type)], from: start, limit: limit + 1)
      let entries = found.prefix(limit).compactMap { directory.entries[$0] }
      let items = entries.map { AdministrativeResource($0, directory.incarnations) }
      return ((items, found.count > limit ? entries.last?.ordinal : nil), directory.last)
    }
    return Pending(page, seq, journal)
  }

  /// The resources of an administrative type that have these ids, without those that are gone.
  package func administrative(
    _ type: ResourceType, ids: [ResourceID]
  ) -> Pending<[AdministrativeResource]> {
    let (found, seq) = state.withLock { state -> ([AdministrativeResource], UInt64) in
      let directory = state.directory
      let entries = ids.compactMap { directory.slot(of: $0, type) }.compactMap { directory.entries[$0] }
      return (entries.map { AdministrativeResource($0, directory.incarnations) }, directory.last)
    }
    return Pending(found, seq, journal)
  }
}
