import JSON
import Platform
package import SCIM

/// What a directory held at a moment of its history. The same moment gives the same values whenever it is asked for, as
/// long as nobody is erased: only what the records say goes in.
package final class PastDirectory: @unchecked Sendable {
  // Sound: `state` is made for it, never handed out, and never changed after `init`.
  private let state: DirectoryState
  /// Milliseconds since 1970.
  package let time: Int64
  /// The last record that was read and its hash, as `INCARNATION.SEQ.HASH`; nil if none was.
  package let head: String?

  fileprivate init(_ state: DirectoryState, time: Int64, head: String? = nil) {
    self.state = state
    self.time = time
    self.head = head
  }

  /// Memberships with groups in order of their ids, as the order of creation of restored groups is not kept.
  package func membership(nests: Bool) -> MembershipView {
    MembershipView(state, nests: nests, isOrderedByID: true)
  }

  /// The resources of a type in no order, with the time of their creation in milliseconds since 1970.
  package func resources(_ type: ResourceType) -> [(id: ResourceID, document: Document, created: Int64)] {
    state.capture().entries(of: type).map { ($0.id, $0.body.document, $0.created) }
  }

  /// Users in the order of their names, by bytes.
  package func orderedByName(_ ids: some Sequence<ResourceID>) -> [ResourceID] {
    ids.map { (name: Array((document(of: $0).flatMap(ResourceSummary.name) ?? "").utf8), id: $0) }
      .sorted { a, b in
        if a.name == b.name { return a.id < b.id }
        return a.name.lexicographicallyPrecedes(b.name)
      }
      .map(\.id)
  }

  /// The document of a resource; nil if it did not exist.
  package func document(of id: ResourceID) -> Document? {
    state.slots[id].flatMap { state.entries[$0] }?.body.document
  }
}

extension Directory {
  /// What the directory held at a time, in milliseconds since 1970, that has passed; nil for now. Reads the records since,
  /// while the directory is served.
  package func past(at time: Int64?) throws(PastError) -> PastDirectory {
    let copy = state.withLock { $0.directory.copy() }
    Pending((), copy.last, journal).whenDurable()
    guard let time else { return PastDirectory(copy, time: environment.now()) }
    let (changes, head) = try changes(since: time, upTo: copy.last)
    copy.undo(changes, catalog)
    return PastDirectory(copy, time: time, head: head.map { "\(incarnation).\($0)" })
  }

  private func changes(
    since time: Int64, upTo last: UInt64
  ) throws(PastError) -> (PastChanges, head: String?) {
    var head: String?
    var changes = PastChanges()
    var isReached = false
    var oldest: (seq: UInt64, time: String)?
    do throws(LogError) {
      var history = try LogHistory(folder: folder, directory: name)
      while let entry = try history.next(), entry.seq <= last {
        let record: JSONValue
        do throws(LogCorruption) { record = try entry.record() } catch { throw .corrupt(error) }
        if oldest == nil { oldest = (entry.seq, record["time"]?.stringValue ?? "") }
        changes.take(record, seq: entry.seq)
        if entry.seq == last { head = entry.line.map { "\(entry.seq).\($0.hash.text)" } }
        if let instant = record["time"]?.instant, instant <= time {
          changes.forget()
          isReached = true
        }
      }
    } catch {
      throw .log(error)
    }
    guard isReached || oldest?.seq == 1 else { throw .beyondHistory(oldest: oldest?.time) }
    if let lost = changes.lost { throw .recordsLost(lost) }
    return (changes, head)
  }
}

extension DirectoryState {
  /// Makes a copy of the state what it was before the changes.
  fileprivate func undo(_ changes: PastChanges, _ catalog: Catalog) {
    let stamp = RecordStamp(seq: last, time: 0, nil)
    let undoing = changes.resources.sorted { $0.key < $1.key }.compactMap { id, resource in
      catalog.type(named: resource.type).flatMap { change(undoing: resource, id, $0) }
    }
    // Names become free before others get them again.
    apply(undoing.filter { $0.kind == .erase }, stamp)
    apply(undoing.filter { $0.kind != .erase }, stamp)
    for (group, members) in changes.memberships.sorted(by: { $0.key < $1.key }) where slots[group] != nil {
      let members = members.sorted { $0.key < $1.key }
      let (were, others) = (members.filter(\.value), members.filter { !$0.value })
      apply([.members(group: group, added: were.map(\.key), removed: others.map(\.key))], stamp)
    }
  }

  /// What makes a resource as it was; nil if it was there neither then nor now.
  private func change(
    undoing resource: PastChanges.Resource, _ id: ResourceID, _ type: ResourceType
  ) -> Change? {
    let now = slots[id].flatMap { entries[$0] }?.body.document
    switch (resource.existed, now) {
    case (false, _?): return .erase(type, id, groups: [], members: [])
    case (true, nil):
      let remains = Change.Remains(
        document: Document(resource.before).ordered(for: type), created: resource.created, modified: 0,
        groups: [], members: [], manager: resource.manager)
      return .restore(
        type, id,
        Change.Restoration(
          document: remains.document, remains: remains, deleted: 0, groups: [], members: [], isRevival: true))
    case (true, let now?):
      return .update(type, id, before: now, after: Document(resource.before).ordered(for: type))
    case (nil, let now?):
      return .update(
        type, id, before: now, after: Change.applying(resource.before, to: now).ordered(for: type))
    case (false, nil), (nil, nil): return nil
    }
  }
}
