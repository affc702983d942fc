import Platform
package import SCIM

/// The resources of a directory at one moment, to be exported piece by piece while requests are answered.
package struct ExportSource: Sendable {
  let capture: Capture
  let catalog: Catalog
  /// The number of the last record that shows in it.
  package var last: UInt64 { capture.last }

  /// Up to `limit` resources of a type from a position on, in order of creation; the position of the next one is nil
  /// after the last.
  package func resources(
    _ type: ResourceType, from position: UInt32, limit: Int
  ) -> (resources: [ExportedResource], next: UInt32?) {
    guard let number = catalog.types.firstIndex(where: { $0 === type }) else { return ([], nil) }
    let slots = capture.entries.slots(ofTypes: [UInt8(number)], from: position, limit: limit + 1)
    let found = slots.prefix(limit).compactMap { capture.entries[$0] }
    return (found.map { exported($0, type) }, slots.count > limit ? slots.last : nil)
  }

  /// The same for resources of an administrative type.
  package func administrative(
    _ type: ResourceType, from position: UInt32, limit: Int
  ) -> (resources: [AdministrativeResource], next: UInt32?) {
    let slots = capture.entries.slots(
      ofTypes: [capture.typeNumber(type)], from: position, limit: limit + 1)
    let found = slots.prefix(limit).compactMap { capture.entries[$0] }
    return (
      found.map { AdministrativeResource($0, capture.incarnations) }, slots.count > limit ? slots.last : nil
    )
  }

  /// The resource with its direct members by id and name.
  private func exported(_ entry: Entry, _ type: ResourceType) -> ExportedResource {
    let members = entry.members.sorted().compactMap { capture.entries[$0] }.map { member in
      (member.id.text, catalog.types[Int(member.type)], ResourceSummary.name(member.body.document))
    }
    return ExportedResource(
      type: type, id: entry.id.text, document: entry.body.document, members: members,
      created: entry.created, modified: entry.modified)
  }
}

extension Directory {
  /// The resources as they are now.
  package func exportSource() -> Pending<ExportSource> {
    let (capture, seq) = state.withLock { ($0.directory.capture(), $0.directory.last) }
    return Pending(ExportSource(capture: capture, catalog: catalog), seq, journal)
  }

  /// Some resources as they are now, without members, and the last record that shows in them; those that do not exist are
  /// left out.
  package func present(
    _ ids: [(type: ResourceType, id: ResourceID)]
  ) -> Pending<(resources: [ResourceID: ExportedResource], last: UInt64)> {
    let (entries, last) = state.withLock { state in
      let directory = state.directory
      let entries = ids.compactMap { type, id in
        directory.slot(of: id, type).flatMap { directory.entries[$0] }.map { (type, $0) }
      }
      return (entries, directory.last)
    }
    let found = Pending(entries, last, journal)
    return found.map { entries in
      var resources: [ResourceID: ExportedResource] = [:]
      for (type, entry) in entries {
        resources[entry.id] = ExportedResource(
          type: type, id: entry.id.text, document: entry.body.document, members: [], created: entry.created,
          modified: entry.modified)
      }
      return (resources, last)
    }
  }
}
