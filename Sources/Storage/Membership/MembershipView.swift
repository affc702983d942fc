import Platform
import SCIM

/// Group memberships at one moment, for a view that follows the log.
package struct MembershipView {
  private let state: DirectoryState
  /// Whether a group that is a member of another one counts as one of the other's.
  package let nests: Bool
  /// Whether of several shortest ways to a group the one by the lowest ids counts, instead of the oldest groups.
  private let isOrderedByID: Bool
  /// Connections whose groups are passed over.
  private var heldBack: Set<ResourceID> = []

  init(_ state: DirectoryState, nests: Bool, isOrderedByID: Bool = false) {
    self.state = state
    self.nests = nests
    self.isOrderedByID = isOrderedByID
  }

  /// The same without the groups that these connections manage: nobody is in them.
  package func holdingBack(_ connections: Set<ResourceID>) -> MembershipView {
    var view = self
    view.heldBack = connections
    return view
  }

  /// Whether one of those connections manages a resource.
  package func isHeldBack(_ id: ResourceID) -> Bool { manager(of: id).map(heldBack.contains) ?? false }

  /// When a resource was created, in milliseconds since 1970; nil if it does not exist.
  package func created(_ id: ResourceID) -> Int64? {
    state.slots[id].flatMap { state.entries[$0] }?.created
  }

  /// The connection that manages a resource; nil if none does.
  package func manager(of id: ResourceID) -> ResourceID? {
    state.slots[id].flatMap { state.entries[$0] }.flatMap { state.managers.connection(of: $0.manager) }
  }

  private func isHeldBack(_ group: Entry) -> Bool {
    !heldBack.isEmpty && state.managers.connection(of: group.manager).map(heldBack.contains) ?? false
  }

  /// A user or a group.
  package struct Principal: Sendable {
    package let id: ResourceID
    /// False for a group.
    package let isUser: Bool
    /// False for a user that is deactivated.
    package let isActive: Bool
    /// The last record that shows in it and in its groups.
    package let seq: UInt64
    fileprivate let slot: Slot
  }

  /// A group that contains a principal.
  package struct Containment: Sendable {
    package let id: ResourceID
    /// The position in the list of the group through which the principal is in it; nil if it is a direct member.
    package let inner: Int?
  }

  /// The groups of a principal.
  package struct Groups: Sendable {
    /// Each once, the nearest first, by the shortest way.
    package var list: [Containment] = []
    /// The last record that shows in them.
    package var seq: UInt64 = 0
    /// Whether there are more.
    package var isCut = false

    package init() {}
  }

  /// The number of the last record.
  package var last: UInt64 { state.last }

  /// The user or group of an id; nil if it does not exist.
  package func principal(_ id: ResourceID) -> Principal? {
    guard let slot = state.slots[id] else { return nil }
    return principal(slot)
  }

  /// The user that a text names by id or userName; nil if it does not exist.
  package func user(_ text: String) -> Principal? {
    if let found = ResourceID(text).flatMap({ principal($0) }), found.isUser { return found }
    guard let type = state.catalog.types.first(where: \.hasGroups) else { return nil }
    return state.find(type, "userName", text).first.flatMap { principal($0) }
  }

  /// Nil for a resource that cannot be a member.
  private func principal(_ slot: Slot) -> Principal? {
    guard let entry = state.entries[slot] else { return nil }
    let type = state.catalog.stored[Int(entry.type)]
    guard type.canBeMember else { return nil }
    return Principal(
      id: entry.id, isUser: type.hasGroups, isActive: !type.hasGroups || isActive(entry),
      seq: max(entry.revision, entry.derived), slot: slot)
  }

  private func isActive(_ entry: Entry) -> Bool { entry.body.flag("active") != false }

  /// Whether a deleted resource of that id is kept, so that it can be restored.
  package func isKept(_ id: ResourceID) -> Bool { state.tombstones[id] != nil }

  /// The userName or displayName of a resource; its id if it has none.
  package func name(of id: ResourceID) -> String {
    if let entry = state.slots[id].flatMap({ state.entries[$0] }) {
      return name(entry.body, entry.type) ?? id.text
    }
    return state.tombstones[id].flatMap { name($0.body, $0.type) } ?? id.text
  }

  private func name(_ body: EncodedDocument, _ type: UInt8) -> String? {
    body.text(state.catalog.stored[Int(type)].hasGroups ? "userName" : "displayName")
  }

  /// In order of creation, without those that do not exist.
  package func inOrder(_ ids: some Sequence<ResourceID>) -> [ResourceID] {
    ids.compactMap { id in state.slots[id].map { ($0, id) } }.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// The groups that contain the principal, directly or through other groups, however they are nested.
  ///
  /// - Parameter limit: the most to list.
  package func groups(of principal: Principal, limit: Int = .max) -> Groups {
    var groups = Groups()
    var slots: [Slot] = []
    var seen: Set<Slot> = [principal.slot]
    /// Adds groups that were not seen yet, until the limit is reached.
    func add(_ outer: [Slot], inner: Int?) {
      for slot in ordered(outer) where seen.insert(slot).inserted {
        guard let entry = state.entries[slot] else {
          // A large group that was deleted: its members do not know it yet.
          groups.seq = state.last
          continue
        }
        guard slots.count < limit else {
          groups.isCut = true
          return
        }
        groups.seq = max(groups.seq, entry.revision, entry.derived)
        if isHeldBack(entry) { continue }
        groups.list.append(Containment(id: entry.id, inner: inner))
        slots.append(slot)
      }
    }
    add(state.entries[principal.slot]?.groups ?? [], inner: nil)
    var next = 0
    while nests, next < slots.count, !groups.isCut {
      add(state.entries[slots[next]]?.groups ?? [], inner: next)
      next += 1
    }
    return groups
  }

  /// By creation, or by id if the view asks for that.
  private func ordered(_ slots: [Slot]) -> [Slot] {
    guard isOrderedByID else { return slots.sorted() }
    return slots.compactMap { slot in state.entries[slot].map { (id: $0.id, slot: slot) } }
      .sorted { $0.id < $1.id }.map(\.slot)
  }

  /// The active users in a group, directly or through other groups.
  package struct Descent: Sendable {
    /// Every group on the way, the first one first, with the position of the group that it was found in.
    package var groups: [(id: ResourceID, outer: Int?)] = []
    /// Each user once, with the position of the nearest group.
    package var users: [(id: ResourceID, group: Int)] = []
  }

  /// Looks at every member.
  package func activeUsers(in group: ResourceID) -> Descent {
    var found = Descent()
    guard let first = state.slots[group], !isHeldBack(group) else { return found }
    var slots = [first]
    var seen: Set<Slot> = [first]
    found.groups.append((group, nil))
    var next = 0
    while next < slots.count {
      for slot in state.entries[slots[next]]?.members ?? [] where seen.insert(slot).inserted {
        guard let entry = state.entries[slot] else { continue }
        if state.catalog.stored[Int(entry.type)].hasMembers {
          guard nests, !isHeldBack(entry) else { continue }
          slots.append(slot)
          found.groups.append((entry.id, next))
        } else if isActive(entry) {
          found.users.append((entry.id, next))
        }
      }
      next += 1
    }
    return found
  }
}

extension Directory {
  /// The result of `body` under the lock, and the last record visible in it; `body` must be short.
  package func look<Value: Sendable>(
    _ body: (MembershipView) -> (value: Value, seq: UInt64)
  ) -> Pending<Value> {
    let (value, seq) = state.withLock {
      body(MembershipView($0.directory, nests: $0.description.policies.nestedGroups))
    }
    return Pending(value, seq, journal)
  }

  /// The same for what takes longer: `begin` runs in the lock, `body` outside of it on the state as it was then.
  package func examine<Shared, Value: Sendable>(
    _ begin: () -> Shared, _ body: (MembershipView, Shared) -> Value
  ) -> Pending<Value> {
    let (copy, nests, shared) = state.withLock {
      ($0.directory.copy(), $0.description.policies.nestedGroups, begin())
    }
    return Pending(body(MembershipView(copy, nests: nests), shared), copy.last, journal)
  }
}
