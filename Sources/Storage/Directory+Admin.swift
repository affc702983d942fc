import JSON
import Platform
package import SCIM

// Administrative operations on a directory outside the protocol.
extension Directory {
  /// The resources of a type that a text names: by id, by userName, by e-mail address or by displayName, letter case
  /// as the attribute compares. More than one if the text is ambiguous, in order of creation.
  package func resources(
    named text: String, _ type: ResourceType, _ scope: NameScope
  ) -> Pending<[ResourceOverview]> {
    let now = environment.now()
    let (found, capture, seq) = state.withLock { state in
      let directory = state.directory
      let present = scope == .deleted ? [] : directory.overviews(named: text, type)
      let needsDeleted = scope != .present && present.isEmpty
      return (present, needsDeleted ? directory.capture() : nil, directory.last)
    }
    let deleted = capture?.deleted(named: text, type, number: typeNumber(type), now: now) ?? []
    return Pending(found + deleted, seq, journal)
  }

  /// For each text, the users and groups that it names; see `resources(named:_:_:)`.
  package func members(named texts: [String]) -> Pending<[[ResourceOverview]]> {
    var found: [[ResourceOverview]] = []
    var seq: UInt64 = 0
    let types = catalog.types.filter(\.canBeMember)
    var rest = texts[...]
    // Not all under one lock: a request may name thousands.
    while !rest.isEmpty {
      let some = rest.prefix(250)
      rest = rest.dropFirst(250)
      seq = state.withLock { state in
        for text in some { found.append(types.flatMap { state.directory.overviews(named: text, $0) }) }
        return state.directory.last
      }
    }
    return Pending(found, seq, journal)
  }

  /// A page of the deleted resources of a type in order of deletion.
  ///
  /// - Parameter position: the last one of the page before; nil for the first page.
  package func deletedResources(
    _ type: ResourceType, after position: DeletedPosition?, limit: Int
  ) -> Pending<(items: [ResourceOverview], next: DeletedPosition?)> {
    let now = environment.now()
    let (capture, seq) = state.withLock { ($0.directory.capture(), $0.directory.last) }
    let page = capture.deleted(type, number: typeNumber(type), after: position, limit: limit, now: now)
    return Pending(page, seq, journal)
  }

  /// A page of a group's direct members in order of creation, and the ordinal of the last one if more follow; nil if
  /// the group does not exist.
  package func members(
    of group: ResourceID, _ type: ResourceType, after ordinal: UInt64?, limit: Int
  ) -> Pending<(items: [ResourceOverview], next: UInt64?)?> {
    let (page, seq) = state.withLock { state in
      (state.directory.members(of: group, type, after: ordinal, limit: limit), state.directory.last)
    }
    return Pending(page, seq, journal)
  }

  /// The name by which people know a resource, also a deleted one that is kept; nil if it is not known.
  package func displayName(of id: String) -> String? {
    guard let id = ResourceID(id) else { return nil }
    let body = state.withLock { state in
      state.directory.slots[id].flatMap { state.directory.entries[$0]?.body }
        ?? state.directory.tombstones[id]?.body
    }
    return body.flatMap { ResourceSummary.name($0.document) }
  }

  /// Everything the log's files still contain about one resource; reads them while the directory is served.
  package func history(of id: ResourceID) throws(LogError) -> ResourceHistory {
    let seq = state.withLock { $0.directory.last }
    Pending((), seq, journal).whenDurable()
    return try ResourceHistory(of: id, folder: folder, directory: name)
  }

  private func typeNumber(_ type: ResourceType) -> UInt8 { state.withLock { $0.directory.typeNumber(type) } }
}

extension DirectoryState {
  /// By id first, otherwise by the names of the type; several can match, in order of creation.
  fileprivate func overviews(named text: String, _ type: ResourceType) -> [ResourceOverview] {
    var found: [ResourceID] = []
    if let id = ResourceID(text), slot(of: id, type) != nil {
      found = [id]
    } else {
      let names = type.hasGroups ? ["userName", "emails.value"] : ["userName", "displayName"]
      for id in names.flatMap({ find(type, $0, text) }) where !found.contains(id) { found.append(id) }
    }
    return found.compactMap { slots[$0] }.sorted().compactMap { entries[$0] }
      .map { ResourceOverview($0, type, incarnations) }
  }

  /// One page of direct members, in order of creation; nil if the group does not exist.
  fileprivate func members(
    of group: ResourceID, _ type: ResourceType, after ordinal: UInt64?, limit: Int
  ) -> (items: [ResourceOverview], next: UInt64?)? {
    guard let entry = slot(of: group, type).flatMap({ entries[$0] }) else { return nil }
    let start = ordinal.map { entries.slot(after: $0) } ?? 0
    let found = entry.members.slots(from: start, limit: limit + 1)
    let page = found.prefix(limit).compactMap { entries[$0] }
    let isMore = found.count > limit
    return (
      page.map { ResourceOverview($0, catalog.stored[Int($0.type)], incarnations) },
      isMore ? page.last?.ordinal : nil
    )
  }
}

extension Capture {
  private func kept(_ number: UInt8, now: Int64) -> [Tombstone] {
    tombstones.range.compactMap { tombstones[$0] }
      .filter { $0.type == number && !tombstones.isExpired($0, at: now) }
  }

  /// Deleted resources with that id, name or e-mail address, in any letter case.
  fileprivate func deleted(
    named text: String, _ type: ResourceType, number: UInt8, now: Int64
  ) -> [ResourceOverview] {
    let kept = kept(number, now: now)
    let retention = tombstones.retention
    if let id = ResourceID(text), let found = kept.first(where: { $0.id == id }) {
      return [ResourceOverview(found, type, retention: retention)]
    }
    let wanted = TextKey(folding: text)
    return kept.map { ResourceOverview($0, type, retention: retention) }.filter { overview in
      [overview.name, overview.email].contains { $0.map { TextKey(folding: $0) == wanted } ?? false }
    }
  }

  /// One page of deleted resources, in order of deletion.
  fileprivate func deleted(
    _ type: ResourceType, number: UInt8, after position: DeletedPosition?, limit: Int, now: Int64
  ) -> (items: [ResourceOverview], next: DeletedPosition?) {
    let rest = kept(number, now: now)
      .map { (position: DeletedPosition(seq: $0.seq, id: $0.id), tombstone: $0) }
      .filter { item in position.map { $0 < item.position } ?? true }
      .sorted { $0.position < $1.position }
    let page = rest.prefix(limit)
    return (
      page.map { ResourceOverview($0.tombstone, type, retention: tombstones.retention) },
      rest.count > limit ? page.last?.position : nil
    )
  }
}

extension Transaction.Existing {
  /// Groups that have the resource as a direct member.
  package var groupCount: Int { entry.groups.count }
  /// Direct members of the group.
  package var memberCount: Int { entry.members.count }
}
