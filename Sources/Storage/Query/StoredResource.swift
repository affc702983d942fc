import JSON
package import SCIM

/// A resource as it was at one moment, with what is computed from other resources; independent of later changes.
package struct StoredResource: Sendable {
  /// A resource that another one refers to.
  struct Reference: Sendable {
    let id: ResourceID
    let type: ResourceType
    /// JSON text with its quotes; empty for none.
    let display: ArraySlice<UInt8>
    let isDirect: Bool
  }

  /// A group's members, looked up when needed.
  struct Members: Sendable {
    let slots: SlotSet
    let entries: EntryTable
    let types: [ResourceType]
  }

  package let type: ResourceType
  package let id: ResourceID
  /// Milliseconds since 1970.
  package let created: Int64
  /// Milliseconds since 1970.
  package let modified: Int64
  /// The record that last changed it, and in which life of the log.
  private let revision: Revision
  /// A digest of the values it shows of other resources; 0 without any.
  private let derived: UInt64
  let body: EncodedDocument
  let groups: [Reference]
  /// Nil if `value` is not the id of a user, and for users without a manager.
  let manager: Reference?
  /// Nil if there are none, or they were not requested.
  let members: Members?
  /// How many members there are, asked for or not.
  package let memberCount: Int

  /// It shows the given values of other resources.
  init(
    _ entry: Entry, _ type: ResourceType, _ incarnations: Incarnations, groups: [Reference] = [],
    manager: Reference? = nil, members: Members? = nil
  ) {
    self.type = type
    id = entry.id
    created = entry.created
    modified = entry.modified
    revision = incarnations.revision(entry.revision)
    body = entry.body
    self.groups = groups
    self.manager = manager
    derived = groups.isEmpty && manager == nil ? 0 : Reference.digest(groups, manager)
    self.members = members
    memberCount = entry.members.count
  }

  /// The entity tag: weak, as every projection of the resource shares it (RFC 7644 §3.14). It changes with whatever is
  /// shown, also of other resources; see `EntityTag`.
  package var version: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(48)
    bytes.append(contentsOf: "W/\"".utf8)
    appendVersion(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The entity tag without `W/` and quotes.
  func appendVersion(to bytes: inout [UInt8]) {
    revision.append(to: &bytes)
    guard derived != 0 else { return }
    bytes.append(EntityTag.separator)
    var rest = derived
    for _ in 0..<16 {
      rest = rest << 4 | rest >> 60
      let digit = UInt8(rest & 15)
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
    }
  }

  /// True if the representation should be sent in pieces.
  package var isLarge: Bool { estimatedBytes > StoredResource.pieceBytes }

  /// Longer representations are sent in pieces of about that size.
  static let pieceBytes = 64 * 1024

  /// Bytes of the document. A projection of it takes the time to read them.
  package var documentBytes: Int { body.bytes.count }

  /// Members that the representation holds.
  var shownMemberCount: Int { members?.slots.count ?? 0 }

  /// About how long the representation is, so that a buffer need not grow.
  package var estimatedBytes: Int {
    body.bytes.count + 640 + groups.count * 200 + estimatedMemberBytes
  }

  /// The part of that which members are.
  var estimatedMemberBytes: Int { shownMemberCount * 170 }

  /// `<base>/Users/<id>`.
  package func location(_ base: String) -> String { String(decoding: locationBytes(base), as: UTF8.self) }

  /// The same as bytes.
  package func locationBytes(_ base: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(base.utf8.count + 64)
    bytes.append(contentsOf: base.utf8)
    bytes.append(contentsOf: type.endpoint.utf8)
    bytes.append(UInt8(ascii: "/"))
    id.append(to: &bytes)
    return bytes
  }
}

extension StoredResource.Reference {
  /// A digest of the values in `groups` and `manager`; never 0.
  fileprivate static func digest(_ groups: [Self], _ manager: Self?) -> UInt64 {
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    for group in groups { group.add(to: &digest) }
    digest = (digest ^ UInt64(groups.count)) &* 0x9e37_79b9_7f4a_7c15
    manager?.add(to: &digest)
    return digest | 1
  }

  /// Mixes id, name and directness of a reference into the digest; the order of references matters.
  private func add(to digest: inout UInt64) {
    func mix(_ word: UInt64) {
      digest = (digest ^ word) &* 0x9e37_79b9_7f4a_7c15
      digest ^= digest >> 29
    }
    let (high, low) = id.words
    mix(high)
    mix(low)
    mix(UInt64(display.count) << 1 | (isDirect ? 1 : 0))
    display.withUnsafeBytes { text in
      var place = 0
      while place + 8 <= text.count {
        mix(text.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        place += 8
      }
      var last: UInt64 = 0
      for byte in text[place...] { last = last << 8 | UInt64(byte) }
      mix(last)
    }
  }
}

extension StoredResource.Members {
  /// The members in order of creation.
  func references() -> [StoredResource.Reference] {
    slots.compactMap { slot in
      guard let entry = entries[slot] else { return nil }
      return StoredResource.Reference(
        id: entry.id, type: types[Int(entry.type)], display: entry.body.displayText, isDirect: true)
    }
  }
}

extension DirectoryState {
  /// The most groups of a user that are shown, direct ones first. For the rest clients ask for the groups that have
  /// the user as a member.
  static let maxShownGroups = 1000

  /// The resource at `slot`, and the last record that anything shown of it depends on. Members are collected where
  /// there are at most `membersUpTo`.
  func stored(_ slot: Slot, membersUpTo: Int = .max) -> (resource: StoredResource, seq: UInt64)? {
    guard let entry = entries[slot] else { return nil }
    let type = catalog.stored[Int(entry.type)]
    var seq = max(entry.revision, entry.derived)
    var groups: [StoredResource.Reference] = []
    if !entry.groups.isEmpty, type.hasGroups {
      let found = groupSlots(of: entry, limit: DirectoryState.maxShownGroups)
      groups.reserveCapacity(found.count)
      for (group, isDirect) in found {
        guard let other = entries[group] else {
          // Its deletion is shown, whenever that was.
          seq = last
          continue
        }
        seq = max(seq, other.revision, other.derived)
        groups.append(
          .init(
            id: other.id, type: catalog.stored[Int(other.type)], display: other.body.displayText,
            isDirect: isDirect))
      }
    }
    var members: StoredResource.Members?
    if !entry.members.isEmpty, entry.members.count <= membersUpTo {
      members = .init(slots: entry.members, entries: entries, types: catalog.stored)
      // The members' names may have changed with any record.
      seq = last
    }
    var manager: StoredResource.Reference?
    if entry.body.manager != 0, let found = self.manager(of: entry) {
      manager = found.reference
      seq = max(seq, found.seq)
    }
    return (
      StoredResource(entry, type, incarnations, groups: groups, manager: manager, members: members), seq
    )
  }

  /// Up to `limit` of the groups that contain the entry, directly or through other groups; each once, however they are
  /// nested, the nearest first.
  func groupSlots(of entry: Entry, limit: Int) -> [(slot: Slot, isDirect: Bool)] {
    let direct = entry.groups.sorted().prefix(limit)
    var seen = Set(direct)
    var found = direct.map { (slot: $0, isDirect: true) }
    var next = 0
    while next < found.count, found.count < limit {
      for group in (entries[found[next].slot]?.groups ?? []).sorted() where seen.insert(group).inserted {
        found.append((group, false))
        if found.count == limit { break }
      }
      next += 1
    }
    return found
  }
}
