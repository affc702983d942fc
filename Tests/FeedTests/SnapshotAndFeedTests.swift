import JSON
import SCIM
import Storage
import XCTest

@testable import Feed

/// Whoever applies the feed to a snapshot equals the server, whatever happened and wherever the snapshot was taken.
final class SnapshotAndFeedTests: XCTestCase {
  /// What a consumer keeps.
  private struct Copy: Equatable {
    var resources: [String: JSONObject] = [:]
    var members: [String: Set<String>] = [:]

    static func == (a: Copy, b: Copy) -> Bool {
      let (these, those) = (a.members.filter { !$0.value.isEmpty }, b.members.filter { !$0.value.isEmpty })
      guard a.resources.count == b.resources.count, these == those else { return false }
      return a.resources.allSatisfy { id, object in
        guard let other = b.resources[id] else { return false }
        return object.members.count == other.members.count
          && object.members.allSatisfy { other[$0.name] == $0.value }
      }
    }

    mutating func apply(_ event: Event) {
      let id = event.subject.id
      switch event.type {
      case .userCreated, .groupCreated, .userRestored, .groupRestored: resources[id] = event.changed
      case .userUpdated, .userDeactivated, .userReactivated, .groupUpdated:
        for member in event.changed?.members ?? [] {
          resources[id]?[member.name] = member.value.isNull ? nil : member.value
        }
      case .userDeleted, .groupDeleted, .userErased, .groupErased:
        resources[id] = nil
        members[id] = nil
        for group in members.keys { members[group]?.remove(id) }
      case .memberAdded: members[id, default: []].formUnion(Self.ids(event.changed))
      case .memberRemoved: members[id]?.subtract(Self.ids(event.previous))
      default: break
      }
    }

    private static func ids(_ list: JSONObject?) -> [String] {
      (list?["members"]?.arrayValue ?? []).compactMap(\.stringValue)
    }
  }

  private func snapshot(_ world: FeedWorld) throws -> (Copy, EventID) {
    let source = world.directory.exportSource().whenDurable()
    var copy = Copy()
    for type in [world.user, world.group] {
      for resource in source.resources(type, from: 0, limit: 10_000).resources {
        copy.resources[resource.id] = resource.document.attributes
        if !resource.members.isEmpty { copy.members[resource.id] = Set(resource.members.map(\.0)) }
      }
    }
    return (copy, try world.events.position(behind: source.last))
  }

  func testASnapshotWithAllEventsAfterItIsWhatTheServerHas() throws {
    for seed in 0..<4 {
      var random = Random(state: UInt64(seed) + 1)
      let world = try FeedWorld(self)
      var (users, groups): ([ResourceID], [ResourceID]) = ([], [])
      var (copy, cursor) = try snapshot(world)
      for step in 0..<150 {
        try change(world, &users, &groups, &random, step)
        if step % 37 == 36 { try world.reopen() }
        if step == 60 { (copy, cursor) = try snapshot(world) }
      }
      for event in try world.all(limit: 5, after: cursor) { copy.apply(event) }
      XCTAssertEqual(copy, try snapshot(world).0, "seed \(seed)")
    }
  }

  private func change(
    _ world: FeedWorld, _ users: inout [ResourceID], _ groups: inout [ResourceID], _ random: inout Random,
    _ step: Int
  ) throws {
    switch random.next(9) {
    case 0, 1: users.append(try world.addUser("u\(step)"))
    case 2:
      groups.append(try world.addGroup("g\(step)", users.isEmpty ? [] : [users[random.next(users.count)]]))
    case 3 where !users.isEmpty:
      try world.set(users[random.next(users.count)], "displayName", .string("n\(step)"))
    case 4 where !users.isEmpty:
      try world.set(users[random.next(users.count)], "active", .bool(step % 2 == 0))
    case 5 where !users.isEmpty:
      let id = users.remove(at: random.next(users.count))
      try world.delete(id, world.user)
      if step % 3 == 0 {
        try world.write { tx throws(SCIMError) in try tx.restore(world.user, id.text) }
        users.append(id)
      }
    case 6 where !groups.isEmpty:
      let id = groups.remove(at: random.next(groups.count))
      try world.delete(id, world.group)
      if step % 2 == 0 {
        try world.write { tx throws(SCIMError) in try tx.restore(world.group, id.text) }
        groups.append(id)
      }
    case 7 where !groups.isEmpty && !users.isEmpty:
      let (group, user) = (groups[random.next(groups.count)], users[random.next(users.count)])
      try world.setMembers(of: group, [user])
    case 8 where !users.isEmpty && step % 5 == 0:
      let id = users.remove(at: random.next(users.count))
      _ = try world.directory.erase(world.user, id, FeedWorld.context).whenDurable().get()
    default: break
    }
  }
}

private struct Random {
  var state: UInt64

  mutating func next(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % limit
  }
}
