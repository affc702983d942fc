package import JSON
package import SCIM

/// An unfinished change of a directory: nothing of it is visible until it is complete. Its reads see the state before
/// it and the changes of earlier steps.
package struct Transaction: ~Copyable {
  let state: DirectoryState
  private let newID: () -> String
  let actor: Actor
  let policies: DirectoryPolicies
  /// Milliseconds since 1970.
  let now: Int64
  var changes: [Change] = []
  /// The number of changes already applied to the state tentatively.
  private var triedOut = 0
  /// The nesting depth of steps.
  private var depth = 0
  /// The index in `changes` of a resource's update, with which a later one can be merged.
  private var updates: [ResourceID: Int] = [:]
  /// Bytes of the changed resources before the change.
  private var heldBytes = 0
  /// The maximum of that.
  var maxHeldBytes = 64 << 20
  package var understanding = Understanding()
  /// The answer to a repeated request, if it cannot be rebuilt from a resource; without names.
  package var keptAnswer: JSONValue?
  /// The remaining work budget of the request.
  package var budget = WorkBudget(.none, for: .change)

  init(
    _ state: DirectoryState, by actor: Actor = Actor(.server),
    policies: DirectoryPolicies = DirectoryPolicies(),
    now: Int64 = 0, newID: @escaping () -> String
  ) {
    self.state = state
    self.actor = actor
    self.policies = policies
    self.now = now
    self.newID = newID
  }

  /// One of several operations that become one record: later ones see its changes. If it throws, it leaves nothing
  /// behind, and the transaction continues without it. Steps may be nested.
  package mutating func step<Value>(
    _ body: (inout Transaction) throws(SCIMError) -> Value
  ) throws(SCIMError) -> Value {
    state.begin()
    tryOut()
    let (steps, count, understood) = (state.steps, changes.count, understanding)
    depth += 1
    defer { depth -= 1 }
    do throws(SCIMError) {
      let value = try body(&self)
      tryOut()
      if depth == 1 {
        state.settle(from: steps)
        joinUpdates(from: count)
      }
      return value
    } catch {
      state.rollBack(to: steps)
      changes.removeSubrange(count...)
      triedOut = count
      understanding = understood
      throw error
    }
  }

  /// Changes not yet applied to the state.
  var pendingChanges: Int { changes.count - triedOut }

  /// One resource changed by many steps is one change: as it was before the first, and after the last.
  private mutating func joinUpdates(from count: Int) {
    var kept = count
    for index in count..<changes.count {
      switch changes[index] {
      case .update(let type, let id, _, let after):
        if let first = updates[id], case .update(_, _, let before, _) = changes[first] {
          changes[first] = .update(type, id, before: before, after: after)
          continue
        }
        updates[id] = kept
      case .delete(_, let id, _), .restore(_, let id, _), .erase(_, let id, _, _): updates[id] = nil
      case .create, .manage, .members, .note, .erasure, .repair: break
      }
      changes.swapAt(kept, index)
      kept += 1
    }
    changes.removeSubrange(kept...)
    triedOut = kept
  }

  /// Throws 413 if the resources that a request changes were too large together: they are kept until its record is
  /// written.
  private mutating func hold(_ old: Existing) throws(SCIMError) {
    guard budget.limit.isBound, updates[old.id] == nil else { return }
    heldBytes += old.byteCount
    guard heldBytes > maxHeldBytes else { return }
    throw SCIMError(
      .changesTooLarge,
      "The operations change resources of more than \(maxHeldBytes) bytes together, which is the limit "
        + "maxHeldBytes. Nothing was changed; send fewer operations at a time.")
  }

  /// Applies the changes tentatively, so that the next step sees them.
  private mutating func tryOut() {
    guard triedOut < changes.count else { return }
    state.tryOut(
      Array(changes[triedOut...]), RecordStamp(seq: state.last + 1, time: now, actor))
    triedOut = changes.count
  }

  /// Commits: the record of the changes is written with number `seq`.
  consuming func commit(seq: UInt64) {
    precondition(triedOut == 0 || seq == state.last + 1, "records are numbered without gaps")
    state.apply(
      triedOut == 0 ? changes : Array(changes[triedOut...]), RecordStamp(seq: seq, time: now, actor))
    state.commit()
  }

  /// Rolls back: no record is written, and the state is as before.
  consuming func rollBack() { state.rollBack() }

  /// The entity tag of a resource, after the steps so far; nil if the resource does not exist.
  package func version(of id: ResourceID) -> String? {
    state.slots[id].flatMap { state.entries[$0] }.map { version($0) }
  }

  private func version(_ entry: Entry) -> String { state.incarnations.revision(entry.revision).entityTag }

  /// A resource as seen by the transaction.
  package struct Existing {
    package let type: ResourceType
    package let id: ResourceID
    package let document: Document
    /// The entity tag.
    package let version: String
    let slot: Slot
    let entry: Entry

    /// Milliseconds since 1970.
    package var created: Int64 { entry.created }

    /// Of its document.
    var byteCount: Int { entry.body.bytes.count }
  }

  /// Throws 413 if more was done than the budget allows.
  package func checkBudget() throws(SCIMError) {
    var budget = budget
    if budget.isExceeded { try budget.spend(0) }
  }

  /// Throws 404 if the type has no resource of that id.
  package func resource(_ type: ResourceType, _ id: String) throws(SCIMError) -> Existing {
    guard let key = ResourceID(id), let slot = state.slot(of: key, type), let entry = state.entries[slot]
    else {
      throw .notFound("\(type.name) \(id.prefix(64))")
    }
    return Existing(
      type: type, id: key, document: entry.body.document, version: version(entry), slot: slot,
      entry: entry)
  }

  /// An id that no resource has.
  package func unusedID() -> ResourceID {
    guard let id = ResourceID(newID()) else { preconditionFailure("new ids are UUIDs in lower case") }
    return id
  }

  /// A new resource with the given members, with `id` if one was chosen before and no deleted resource is restored;
  /// throws 409 uniqueness, 400 invalidValue for unknown members.
  package mutating func create(
    _ type: ResourceType, _ document: Document, members: [String], skipsUnknown: Bool, id: ResourceID? = nil
  ) throws(SCIMError) -> ResourceID {
    let document = withoutDerived(document)
    if let adopted = try adopt(document, type) { return adopted }
    let body = EncodedDocument(document, of: type)
    // It is written, looked up and indexed.
    try budget.spend(100 + body.bytes.count >> 4 + members.count * MembershipEdit.costOfMember)
    try checkCreation(of: type)
    try checkQuotas(creating: body, type, members: members.count)
    try checkUnique(body, type, except: nil)
    let kept = tombstone(matching: document, type).flatMap { isManagedByOthers($0.manager) ? nil : $0 }
    let id = kept?.id ?? id ?? unusedID()
    var added: [ResourceID] = []
    for slot in try slots(of: members, skipsUnknown) {
      if let entry = state.entries[slot] { added.append(entry.id) }
    }
    changes.append(kept.map { revival(of: $0, type, as: document) } ?? .create(type, id, body))
    if let kept { try endGrants(of: kept.id) }
    if !added.isEmpty { changes.append(.members(group: id, added: added, removed: [])) }
    return id
  }

  /// The resource with a new document and its memberships edited. If that changes nothing, nothing is recorded and the
  /// version stays.
  ///
  /// - Parameter namesExternalID: whether the request itself says which `externalId` the resource has.
  package mutating func update(
    _ old: Existing, _ document: Document, _ edits: [MembershipEdit], skipsUnknown: Bool,
    namesExternalID: Bool = false
  ) throws(SCIMError) {
    var document = withoutDerived(document)
    let adopts = adopts(old)
    if adopts { try adopt(old, &document, namesExternalID: namesExternalID) }
    if document != old.document || !edits.isEmpty { try checkManager(of: old) }
    if document != old.document || adopts {
      try hold(old)
      try checkQuotas(updating: old, to: document)
      if state.plans[Int(old.entry.type)].differInUnique(document, old.document) {
        try checkUnique(EncodedDocument(document, of: old.type), old.type, except: old.slot)
      }
      changes.append(.update(old.type, old.id, before: old.document, after: document))
    }
    guard !edits.isEmpty else { return }
    var delta = MembershipDelta(old.entry.members)
    for edit in edits {
      try budget.spend(edit.size)
      try apply(edit, to: &delta, of: old, skipsUnknown)
    }
    let added = delta.added.sorted().compactMap { state.entries[$0]?.id }
    let removed = delta.removed.sorted().compactMap { state.entries[$0]?.id }
    if added.count > removed.count { try checkQuotas(addingMembers: added.count - removed.count) }
    if !added.isEmpty || !removed.isEmpty {
      changes.append(.members(group: old.id, added: added, removed: removed))
    }
  }

  /// Removes the resource, from every group and with all its members.
  package mutating func delete(_ old: Existing) throws(SCIMError) {
    try checkManager(of: old)
    try hold(old)
    try spendOnMembers(of: old)
    func ids(_ slots: some Sequence<Slot>) -> [ResourceID] {
      slots.sorted().compactMap { state.entries[$0]?.id }
    }
    changes.append(
      .delete(
        old.type, old.id,
        Change.Remains(
          document: old.document, created: old.entry.created, modified: old.entry.modified,
          groups: ids(old.entry.groups), members: ids(old.entry.members),
          manager: state.managers.name(of: old.entry.manager))))
  }

  // MARK: Uniqueness

  /// Throws 409 if another resource than `own` has a unique value of `body` (RFC 7643 §7).
  func checkUnique(
    _ body: EncodedDocument, _ type: ResourceType, except own: Slot?
  ) throws(SCIMError) {
    if let (column, _) = state.takenKey(body, type, except: own) { throw .uniqueness(column.path.notation) }
  }
}
