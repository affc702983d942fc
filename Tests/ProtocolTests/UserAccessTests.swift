import Access
import Foundation
import HTTP
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Credentials
@testable import Protocol

/// What a user may do, as clients of SCIM read it.
final class UserAccessTests: XCTestCase {
  private static let urn = "urn:scimd:schemas:extension:access:1.0:User"

  private struct World {
    let service: ServiceFixture
    let access: DirectoryAccess
    let ada: String
    let group: String
  }

  private func start() throws -> World {
    let fixture = try ServiceFixture(self, directoryRoles: true)
    let ada = try XCTUnwrap(try fixture.createUser("ada").json()["id"]?.stringValue)
    let made = try fixture.send(
      "POST", "/Groups",
      body:
        #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Eng","members":[{"value":"\#(ada)"}]}"#
    ).json()
    let group = try XCTUnwrap(made["id"]?.stringValue)
    let index = try XCTUnwrap(fixture.service.settings.access)
    let directory = try XCTUnwrap(fixture.service.store.existingDirectory(named: "default"))
    let access = DirectoryAccess(directory, index)
    let id = try XCTUnwrap(ResourceID(group))
    try access.perform(
      [
        .putRole(Role("dev", permissions: ["a:read"], rank: 3)),
        .putRole(Role("writer", .scoped, permissions: ["b:write"])),
        .putTarget(Target(kind: "ns", value: "one")),
        .addGrant(NewGrant(principal: id, isGroup: true, role: "dev")),
        .addGrant(NewGrant(principal: id, isGroup: true, role: "writer", target: "ns:one")),
      ], RequestContext(Actor(.socket), requestID: "t", operation: "TEST"))
    return World(service: fixture, access: access, ada: ada, group: group)
  }

  func testItIsShownOnlyToThoseWhoAskForIt() throws {
    let world = try start()
    let plain = try world.service.send("GET", "/Users/" + world.ada).json()
    XCTAssertNil(plain[Self.urn])
    let asked = try world.service.send(
      "GET", "/Users/\(world.ada)?attributes=userName,\(Self.urn.uppercased())"
    ).json()
    XCTAssertEqual(asked["userName"], "ada")
    XCTAssertNil(asked["meta"])
    XCTAssertEqual(
      asked["schemas"], ["urn:ietf:params:scim:schemas:core:2.0:User", .string(Self.urn)])
    let rights = asked[Self.urn]
    XCTAssertEqual(rights?["accountRole"], "dev")
    XCTAssertEqual(
      rights?["permissions"], [["value": "a:read"], ["value": "b:write", "target": "ns:one"]])
    let roles = rights?["roles"]?.arrayValue ?? []
    XCTAssertEqual(roles.map { $0["value"] }, ["dev", "writer"])
    XCTAssertEqual(roles.map { $0["type"] }, ["account", "scoped"])
    XCTAssertEqual(roles.first?["via"], [.string(world.group)])
    XCTAssertEqual(roles.last?["target"], "ns:one")
    let one = try world.service.send(
      "GET", "/Users/\(world.ada)?attributes=\(Self.urn):roles.value"
    ).json()
    XCTAssertEqual(one[Self.urn]?.objectValue?.members.map(\.name), ["roles"])
    XCTAssertNil(one["userName"])
  }

  func testListsAndSearchesShowItOfEveryUserAndOfNoGroup() throws {
    let world = try start()
    _ = try world.service.createUser("bob")
    let list = try world.service.send("GET", "/Users?attributes=\(Self.urn)").json()
    XCTAssertEqual(
      list["Resources"]?.arrayValue?.map { $0[Self.urn]?["accountRole"] }, ["dev", nil])
    let body =
      #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"attributes":["\#(Self.urn)"]}"#
    let found = try world.service.send("POST", "/.search", body: body).json()
    XCTAssertEqual(found["totalResults"], 3)
    XCTAssertEqual(
      found["Resources"]?.arrayValue?.count { $0[Self.urn]?["accountRole"] != nil }, 1)
  }

  func testItIsOfNowAndNotOfTheVersionOfTheUser() throws {
    let world = try start()
    let target = "/Users/\(world.ada)?attributes=\(Self.urn)"
    let tag = try XCTUnwrap(try world.service.send("GET", target).fields[.etag])
    try world.access.perform(
      [.deleteRole("dev")], RequestContext(Actor(.socket), requestID: "t", operation: "TEST"))
    let again = try world.service.send("GET", target, [("If-None-Match", tag)])
    XCTAssertEqual(again.status, .ok)
    XCTAssertNil(try again.json()[Self.urn]?["accountRole"])
    XCTAssertEqual(try world.service.send("GET", target + "x", [("If-None-Match", tag)]).status.rawValue, 304)
  }

  func testItCannotBeWritten() throws {
    let world = try start()
    let patch =
      #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"\#(Self.urn):accountRole","value":"owner"}]}"#
    XCTAssertEqual(
      try world.service.send("PATCH", "/Users/" + world.ada, body: patch).status.rawValue / 100, 4)
    let put =
      #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada","\#(Self.urn)":{"accountRole":"owner"}}"#
    XCTAssertEqual(try world.service.send("PUT", "/Users/" + world.ada, body: put).status, .ok)
    let read = try world.service.send("GET", "/Users/\(world.ada)?attributes=\(Self.urn)").json()
    XCTAssertEqual(read[Self.urn]?["accountRole"], "dev")
  }

  func testItIsDescribedOnlyWhereTheRolesOfDirectoriesAreServed() throws {
    let world = try start()
    func described(_ fixture: ServiceFixture) throws -> (schema: Int, extensions: Bool) {
      let types = try fixture.send("GET", "/ResourceTypes/User").json()
      let urns = types["schemaExtensions"]?.arrayValue?.compactMap { $0["schema"]?.stringValue } ?? []
      return (
        try fixture.send("GET", "/Schemas/" + Self.urn).status.rawValue, urns.contains(Self.urn)
      )
    }
    XCTAssertTrue(try described(world.service) == (200, true))
    let plain = try ServiceFixture(self)
    XCTAssertTrue(try described(plain) == (404, false))
    let id = try XCTUnwrap(try plain.createUser("ada").json()["id"]?.stringValue)
    XCTAssertNil(try plain.send("GET", "/Users/\(id)?attributes=\(Self.urn)").json()[Self.urn])
  }
}
