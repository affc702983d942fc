package import JSON
import SCIM

/// The effects of one record on one resource.
package struct HistoryEvent: Sendable {
  package enum Effect: Sendable {
    case created(JSONObject)
    /// An attribute by its path, such as `name.givenName`; nil for none.
    case changed(String, before: JSONValue?, after: JSONValue?)
    /// The resource's own members.
    case membersAdded([String])
    case membersRemoved([String])
    /// The groups that the resource is now in, or no longer in.
    case addedTo([String])
    case removedFrom([String])
    case deleted(JSONObject)
    /// There again; it was deleted at the time given.
    case restored(JSONObject, deleted: String)
    /// Gone for good, with its values in earlier records.
    case erased
    /// The change is no longer known, because its values were erased.
    case withheld
  }

  package let seq: UInt64
  /// The record's members other than `changes`; see `ChangeRecord`.
  package let record: JSONValue
  package let effects: [Effect]

  /// Nil if the record did not touch the resource.
  init?(_ seq: UInt64, _ record: JSONValue, of id: String) {
    let effects = (record["changes"]?.arrayValue ?? []).flatMap { Self.effects($0, on: id) }
    guard !effects.isEmpty else { return nil }
    self.seq = seq
    self.record = .object(
      JSONObject((record.objectValue?.members ?? []).filter { $0.name != "changes" }))
    self.effects = effects
  }

  /// The ids of the other resources in it.
  package var others: [String] {
    effects.flatMap { effect -> [String] in
      switch effect {
      case .membersAdded(let ids), .membersRemoved(let ids), .addedTo(let ids), .removedFrom(let ids): ids
      case .created, .changed, .deleted, .restored, .erased, .withheld: []
      }
    }
  }

  // MARK: Reading a change

  /// The effects of one change on the resource with this id.
  private static func effects(_ change: JSONValue, on id: String) -> [Effect] {
    guard let kind = Change.Kind(change), let member = kind.subjectMember,
      let subject = change[member]?.stringValue
    else { return [] }
    let isOwn = subject.hasSameBytes(as: id)
    switch kind {
    case .members: return membership(of: subject, change, on: id)
    case .create, .update, .delete, .restore, .erase, .manage:
      guard isOwn else { return indirect(subject, kind, change, on: id) }
      let withheld: [Effect] = change["erased"] == nil ? [] : [.withheld]
      return withheld + effects(ofOwn: change, kind)
    // Without a history: what was observed is not what was decided, and what happened to files changed no resource.
    case .note, .erasure, .repair: return []
    }
  }

  /// The effects of a change on the resource that it is about.
  private static func effects(ofOwn change: JSONValue, _ kind: Change.Kind) -> [Effect] {
    let resource = change["resource"]?.objectValue ?? JSONObject()
    switch kind {
    case .create: return [.created(resource)]
    case .update: return differences(change["before"], change["after"])
    case .manage: return [.changed("managedBy", before: change["from"], after: change["to"])]
    case .delete:
      return [.deleted(resource)] + memberships(change, Effect.removedFrom, Effect.membersRemoved)
    case .erase: return [.erased] + memberships(change, Effect.removedFrom, Effect.membersRemoved)
    case .restore:
      var effects: [Effect] = [.restored(resource, deleted: change["deleted"]?.stringValue ?? "")]
      for member in change["before"]?.objectValue?.members ?? [] {
        effects += differences(
          .object([member.name: member.value]), .object([member.name: resource[member.name] ?? .null]))
      }
      return effects + memberships(change, Effect.addedTo, Effect.membersAdded)
    case .members, .note, .erasure, .repair: return []
    }
  }

  /// A change of members, as the group or as a member sees it.
  private static func membership(of group: String, _ change: JSONValue, on id: String) -> [Effect] {
    let added = ids(change["added"])
    let removed = ids(change["removed"])
    if group.hasSameBytes(as: id) {
      return effect(Effect.membersAdded, added) + effect(Effect.membersRemoved, removed)
    }
    if holds(added, id) { return [.addedTo([group])] }
    return holds(removed, id) ? [.removedFrom([group])] : []
  }

  /// The effect of deleting, erasing or restoring another resource.
  private static func indirect(
    _ other: String, _ kind: Change.Kind, _ change: JSONValue, on id: String
  ) -> [Effect] {
    let isGone = kind == .delete || kind == .erase
    guard isGone || kind == .restore else { return [] }
    if holds(ids(change["members"]), id) { return [isGone ? .removedFrom([other]) : .addedTo([other])] }
    if holds(ids(change["groups"]), id) {
      return [isGone ? .membersRemoved([other]) : .membersAdded([other])]
    }
    return []
  }

  private static func memberships(
    _ change: JSONValue, _ groups: ([String]) -> Effect, _ members: ([String]) -> Effect
  ) -> [Effect] {
    effect(groups, ids(change["groups"])) + effect(members, ids(change["members"]))
  }

  private static func effect(_ make: ([String]) -> Effect, _ ids: [String]) -> [Effect] {
    ids.isEmpty ? [] : [make(ids)]
  }

  private static func ids(_ json: JSONValue?) -> [String] {
    (json?.arrayValue ?? []).compactMap(\.stringValue)
  }

  private static func holds(_ ids: [String], _ id: String) -> Bool {
    ids.contains { $0.hasSameBytes(as: id) }
  }

  /// The paths at which two JSON objects differ, with the values there; nil for no value.
  package static func changes(
    _ before: JSONValue, _ after: JSONValue
  ) -> [(path: String, before: JSONValue?, after: JSONValue?)] {
    differences(before, after).compactMap { effect in
      if case .changed(let path, let before, let after) = effect { (path, before, after) } else { nil }
    }
  }

  /// The attributes that differ, down to sub-attributes; those of an extension are named `<URN>:<attribute>`.
  static func differences(_ before: JSONValue?, _ after: JSONValue?, at path: String = "") -> [Effect] {
    let old = before.flatMap { $0.isNull ? nil : $0 }
    let new = after.flatMap { $0.isNull ? nil : $0 }
    if old == new { return [] }
    let isNested = path.isEmpty || (old?.objectValue != nil && new?.objectValue != nil)
    guard isNested else { return [.changed(path, before: old, after: new)] }
    var names: [String] = []
    for member in (old?.objectValue?.members ?? []) + (new?.objectValue?.members ?? [])
    where !names.contains(where: { $0.hasSameBytes(as: member.name) }) {
      names.append(member.name)
    }
    let separator = path.isEmpty ? "" : path.utf8.contains(UInt8(ascii: ":")) ? ":" : "."
    return names.flatMap { differences(old?[$0], new?[$0], at: path + separator + $0) }
  }
}
