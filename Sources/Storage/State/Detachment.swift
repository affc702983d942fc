import Platform

/// A large group that is deleted, and the members that still name its slot among their groups. A slot is never reused,
/// and readers of a resource's groups skip deleted groups. So the group disappears at the moment of its deletion, and
/// its memberships are removed afterwards, some at a time: the time a deletion holds the lock does not grow with the
/// group.
struct Detachment {
  /// Groups with at most this many members lose them at once.
  static let atOnce = 500

  let group: Slot
  let members: SlotSet
  /// The record that deleted the group.
  let seq: UInt64
  /// Members before this slot are done.
  var next: Slot = 0
}

extension DirectoryState {
  /// Removes up to `limit` memberships of deleted groups; true if there are more.
  func detach(upTo limit: Int) -> Bool {
    guard var detachment = detachments.popLast() else { return false }
    let members = detachment.members.slots(from: detachment.next, limit: limit)
    for member in members { forget(detachment.group, in: member, seq: detachment.seq) }
    if let last = members.last, members.count == limit {
      detachment.next = last + 1
      detachments.append(detachment)
    }
    return !detachments.isEmpty
  }

  /// Whether the resource is in any group.
  func isInGroup(_ entry: Entry) -> Bool {
    detachments.isEmpty ? !entry.groups.isEmpty : entry.groups.contains { entries[$0] != nil }
  }
}

extension Directory {
  /// Members processed per turn of the lock: less than a millisecond.
  private static let detachedAtOnce = 2000

  /// Starts removing the memberships of deleted large groups.
  func beginDetaching(_ state: inout State) {
    guard !state.directory.detachments.isEmpty, !state.isDetaching else { return }
    state.isDetaching = true
    workers.background {
      while self.state.withLock({ state in
        state.isDetaching = state.directory.detach(upTo: Self.detachedAtOnce)
        return state.isDetaching
      }) {}
    }
  }
}
