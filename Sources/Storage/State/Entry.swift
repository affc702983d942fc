import JSON
import SCIM

/// The position of a resource in its directory: assigned in order of creation, never reused.
typealias Slot = UInt32

/// A resource as it is kept in memory: its document as JSON bytes, its memberships as slots.
struct Entry: Sendable {
  let id: ResourceID
  /// The position of its type in the catalog.
  let type: UInt8
  /// Milliseconds since 1970.
  let created: Int64
  /// Its place in the order of creation: grows from slot to slot, and unlike the slot is the same after a restart. Made
  /// from the number of the creating record, so that a replay gives it again.
  var ordinal: UInt64 = 0
  var modified: Int64
  /// Its own version: the number of the record that last changed it, or a group's members.
  var revision: UInt64
  /// The number of the last record that made it join or leave a group, as far as this process knows: an answer with its
  /// groups depends on that record.
  var derived: UInt64 = 0
  /// Its manager: a number of `ManagerTable`.
  var manager: UInt32 = ManagerTable.unknown
  var body: EncodedDocument
  /// Groups that have it as a direct member, in no order.
  var groups: [Slot] = []
  /// For a group.
  var members = SlotSet()

  /// The lowest ordinal of a resource created by record `seq`: leaves room for a million resources per record.
  static func ordinal(of seq: UInt64) -> UInt64 { seq << 20 }

  /// The parts that change independently of the memberships.
  struct Fields {
    fileprivate let modified: Int64
    fileprivate let revision: UInt64
    fileprivate let derived: UInt64
    fileprivate let manager: UInt32
    fileprivate let body: EncodedDocument
  }

  var fields: Fields {
    get {
      Fields(modified: modified, revision: revision, derived: derived, manager: manager, body: body)
    }
    set {
      modified = newValue.modified
      revision = newValue.revision
      derived = newValue.derived
      manager = newValue.manager
      body = newValue.body
    }
  }

  mutating func changed(by change: (inout Entry) -> Void) { change(&self) }

  /// Removes a direct membership in the group.
  mutating func leave(_ group: Slot) {
    guard let position = groups.firstIndex(of: group) else { return }
    groups.swapAt(position, groups.count - 1)
    groups.removeLast()
  }
}
