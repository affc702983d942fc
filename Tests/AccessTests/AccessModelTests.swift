import Access
import JSON
import SCIM
import Storage
import XCTest

/// Random changes, compared with a naive model that knows sets and recursion only; the store is closed and opened again on
/// the way.
final class AccessModelTests: XCTestCase {
  private struct Model {
    var members: [String: Set<String>] = [:]
    var inactive = Set<String>()
    var deleted = Set<String>()
    var grants: [String: Double?] = [:]
    var time = 0.0

    func isInside(_ name: String, _ group: String, _ seen: Set<String> = []) -> Bool {
      guard !deleted.contains(group), !seen.contains(group) else { return false }
      return (members[group] ?? []).contains { member in
        if deleted.contains(member) { return false }
        return member == name || isInside(name, member, seen.union([group]))
      }
    }

    func roles(of user: String) -> [String]? {
      if deleted.contains(user) { return nil }
      if inactive.contains(user) { return [] }
      let held = grants.filter { key, end in
        guard end.map({ time < $0 }) ?? true else { return false }
        let principal = String(key.split(separator: " ")[0])
        return !deleted.contains(principal) && (principal == user || isInside(user, principal))
      }
      return Set(held.keys.map { String($0.split(separator: " ")[1]) }).sorted()
    }
  }

  private struct Random: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 33
    }
  }

  private let users = (0..<6).map { "u\($0)" }
  private let groups = (0..<6).map { "g\($0)" }
  private let roles = ["a", "b", "c", "s@k:1", "s@k:2"]

  func testRandomChangesComeToWhatANaiveModelSays() throws {
    for seed in 1...6 { try run(seed: UInt64(seed)) }
  }

  private func run(seed: UInt64) throws {
    var random = Random(state: seed &* 7919)
    let world = try AccessWorld()
    defer { world.close() }
    var model = Model()
    for user in users { try world.makeUser(user) }
    for group in groups { try world.makeGroup(group) }
    for role in ["a", "b", "c"] { try world.perform(.putRole(Role(role, permissions: ["\(role):use"]))) }
    try world.perform(.putRole(Role("s", .scoped, permissions: ["s:use"])))
    for target in ["k:1", "k:2"] { try world.perform(.putTarget(try XCTUnwrap(Target(name: target)))) }
    for step in 0..<250 {
      try change(world, &model, &random)
      guard step % 5 == 0 else { continue }
      for user in users {
        XCTAssertEqual(
          try world.roles(of: user), model.roles(of: user), "seed \(seed), step \(step), \(user)")
      }
      try checkHolders(world, model, "seed \(seed), step \(step)")
    }
  }

  private func change(_ world: AccessWorld, _ model: inout Model, _ random: inout Random) throws {
    let any = users + groups
    let name = any[Int.random(in: 0..<any.count, using: &random)]
    let group = groups[Int.random(in: 0..<groups.count, using: &random)]
    let role = roles[Int.random(in: 0..<roles.count, using: &random)]
    let areThere = !model.deleted.contains(name) && !model.deleted.contains(group)
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<6 where areThere && model.members[group, default: []].insert(name).inserted:
      try world.change(group, { .add([$0]) }, name)
    case 6..<9 where areThere && model.members[group]?.remove(name) != nil:
      try world.change(group, { .remove([$0]) }, name)
    case 9..<13 where !model.deleted.contains(name) && model.grants["\(name) \(role)"] == nil:
      let end =
        Bool.random(using: &random) ? model.time + Double(Int.random(in: 1...20, using: &random)) : nil
      model.grants["\(name) \(role)"] = .some(end)
      try world.grant("\(name) \(role)" + (end.map { " until \($0)" } ?? ""))
    case 13..<15 where model.grants.removeValue(forKey: "\(name) \(role)") != nil:
      try world.perform(.removeGrant(try world.grantID(name, role)))
    case 15 where users.contains(name) && !model.deleted.contains(name):
      let isActive = model.inactive.remove(name) != nil
      if !isActive { model.inactive.insert(name) }
      try world.set(name, "active", .bool(isActive))
    case 16 where !model.deleted.contains(name):
      model.deleted.insert(name)
      try world.delete(name)
    case 17...18 where model.deleted.remove(name) != nil: try world.restore(name)
    case 19:
      model.time += 3
      world.set(time: model.time)
      if Int.random(in: 0..<6, using: &random) == 0 { try world.reopen() }
    default: break
    }
  }

  private func checkHolders(_ world: AccessWorld, _ model: Model, _ place: String) throws {
    for role in ["a", "s"] {
      let found = try world.access.examine { evaluation -> Set<ResourceID> in
        Set(evaluation.holders(of: evaluation.table.role(role).map { [$0] } ?? []).map(\.user))
      }.whenDurable()
      let expected = users.filter { user in
        (model.roles(of: user) ?? []).contains { $0 == role || $0.hasPrefix(role + "@") }
      }
      XCTAssertEqual(found, Set(try expected.map { try world.id($0) }), "\(place), \(role)")
    }
  }
}
