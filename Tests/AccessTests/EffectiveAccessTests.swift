import Access
import Foundation
import JSON
import SCIM
import Storage
import XCTest

/// The table of effective access: Fixtures/effective-access.json.
final class EffectiveAccessTests: XCTestCase {
  private func fixture() throws -> JSONValue {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/effective-access.json")
    return try JSONParser.parse(Array(try Data(contentsOf: url)))
  }

  func testEveryCaseOfTheTableComesToWhatItSays() throws {
    let fixture = try fixture()
    let cases = try XCTUnwrap(fixture["cases"]?.arrayValue)
    XCTAssertGreaterThanOrEqual(cases.count, 60)
    for item in cases {
      let name = item["name"]?.stringValue ?? ""
      let world = try AccessWorld()
      defer { world.close() }
      try setUp(world, fixture, item)
      for step in item["do"]?.arrayValue ?? [] { try run(step.stringValue ?? "", world) }
      try check(world, item, name)
    }
  }

  private func setUp(_ world: AccessWorld, _ fixture: JSONValue, _ item: JSONValue) throws {
    for role in fixture["roles"]?.arrayValue ?? [] { try world.perform(.putRole(try Role(json: role))) }
    for target in fixture["targets"]?.arrayValue ?? [] {
      try world.perform(.putTarget(try XCTUnwrap(Target(name: target.stringValue ?? ""))))
    }
    for user in item["users"]?.arrayValue ?? [] { try world.makeUser(user.stringValue ?? "") }
    let groups = item["groups"]?.objectValue?.members ?? []
    for group in groups { try world.makeGroup(group.name) }
    for group in groups {
      for member in group.value.arrayValue ?? [] {
        try world.change(group.name, { .add([$0]) }, member.stringValue ?? "")
      }
    }
    for grant in item["grants"]?.arrayValue ?? [] { try world.grant(grant.stringValue ?? "") }
  }

  private func run(_ step: String, _ world: AccessWorld) throws {
    let words = step.split(separator: " ").map(String.init)
    switch words[0] {
    case "at": world.set(time: try XCTUnwrap(Double(words[1])))
    case "reopen": try world.reopen()
    case "join": try world.change(words[1], { .add([$0]) }, words[2])
    case "leave": try world.change(words[1], { .remove([$0]) }, words[2])
    case "deactivate": try world.set(words[1], "active", false)
    case "reactivate": try world.set(words[1], "active", true)
    case "delete": try world.delete(words[1])
    case "restore": try world.restore(words[1])
    case "revive":
      let before = try world.id(words[1])
      try world.makeUser(words[1])
      XCTAssertEqual(try world.id(words[1]), before, "the same account is the same user")
    case "replace": try replace(words[1], world)
    case "rename": try rename(words, world)
    case "grant": try world.grant(words.dropFirst().joined(separator: " "))
    case "revoke": try world.perform(.removeGrant(try world.grantID(words[1], words[2])))
    case "extend":
      let end = words[3] == "never" ? nil : AccessWorld.time(try XCTUnwrap(Double(words[3])))
      try world.perform(.setGrant(try world.grantID(words[1], words[2]), expires: end, reason: nil))
    case "drop": try world.perform(words[1] == "role" ? .deleteRole(words[2]) : .deleteTarget(words[2]))
    case "make": try world.perform(.putRole(Role(words[2], permissions: ["members:read"])))
    case "permit":
      var role = try XCTUnwrap(try world.access.table.role(words[1])).role
      role.setPermissions(Array(words.dropFirst(2)))
      try world.perform(.putRole(role))
    default: XCTFail("\(step) is not a step")
    }
  }

  private func replace(_ name: String, _ world: AccessWorld) throws {
    let before = try world.id(name)
    if world.groups.contains(name) {
      try world.makeGroup(name)
    } else {
      // Somebody else who has the name.
      let type = try XCTUnwrap(try world.directory.catalog.types.first(where: \.hasGroups))
      world.ids[name] = try world.write { tx throws(SCIMError) in
        try tx.create(type, Document(["userName": .string(name)]), members: [], skipsUnknown: false)
      }
    }
    XCTAssertNotEqual(try world.id(name), before)
  }

  private func rename(_ words: [String], _ world: AccessWorld) throws {
    if words[1] == "role" {
      let entry = try XCTUnwrap(try world.access.table.role(words[2]))
      var role = entry.role
      role.value = words[3]
      try world.perform(.setRole(entry.id, role))
    } else {
      let isGroup = world.groups.contains(words[1])
      try world.set(words[1], isGroup ? "displayName" : "userName", .string(words[2]))
    }
  }

  private func check(_ world: AccessWorld, _ item: JSONValue, _ name: String) throws {
    for expected in item["expect"]?.objectValue?.members ?? [] {
      let roles = expected.value.arrayValue.map { $0.compactMap(\.stringValue).sorted() }
      XCTAssertEqual(try world.roles(of: expected.name), roles, "\(name): \(expected.name)")
    }
    for question in item["can"]?.arrayValue ?? [] {
      let words = try XCTUnwrap(question.arrayValue)
      let user = try world.id(words[0].stringValue ?? "").text
      let (permission, target) = (words[1].stringValue ?? "", words[2].stringValue)
      let answer = try world.access.check(user, permission, on: target).whenDurable()
      XCTAssertEqual(answer?.isAllowed, words[3].boolValue, "\(name): \(question)")
      if target.map({ (try? world.access.table.target($0)) != nil }) ?? true {
        let explained = try world.access.explain(user, permission, on: target).whenDurable()
        XCTAssertEqual(explained?.isAllowed, explained?.missing.isEmpty, "\(name): \(question)")
      }
    }
    for expected in item["accountRole"]?.objectValue?.members ?? [] {
      let access = try world.access.access(of: try world.id(expected.name).text).whenDurable()
      XCTAssertEqual(access?.accountRole?.value, expected.value.stringValue, name)
    }
  }
}
