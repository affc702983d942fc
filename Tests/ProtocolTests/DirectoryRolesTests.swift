import Access
import Foundation
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Protocol

/// `/Roles` and `/Entitlements` from the rights of a directory.
final class DirectoryRolesTests: XCTestCase {
  private func query(_ list: ListedDirectory, _ type: ResourceType) -> [String] {
    let found = Locked<[String]>([])
    let query = ResourceQuery(
      parts: [.init(type: type, filter: nil, sort: nil)], startIndex: 1, cursor: nil, count: 100,
      base: "http://x", showsMembers: false)
    let done = expectation(description: "listed")
    list.query(query) { result in
      var bytes: [[UInt8]] = []
      for resource in (try? result.get())?.resources ?? [] {
        var one: [UInt8] = []
        resource.write(to: &one, base: "http://x", .standard(resource.type))
        bytes.append(one)
      }
      let values = bytes.compactMap { try? JSONParser.parse($0)["value"]?.stringValue }
      found.withLock { $0 = values }
      done.fulfill()
    }
    wait(for: [done], timeout: 10)
    return found.withLock { $0 }
  }

  func testTheyListWhatTheDirectoryHasNowAndNotWhatAnotherOneHas() throws {
    let path = NSTemporaryDirectory() + "scimd-roles-" + UUID().uuidString.prefix(8)
    let store = try Store(
      folder: try DataFolder.open(path), catalog: try Catalog.standard(), options: StoreOptions(),
      environment: .system
    ) { _ in }
    defer {
      store.close()
      try? FileManager.default.removeItem(atPath: path)
    }
    let (one, two) = (try store.directory(named: "one").get(), try store.directory(named: "two").get())
    let index = AccessIndex(store)
    let roles = try DirectoryRoles(index)
    let role = try XCTUnwrap(roles.catalog.type(named: "Role"))
    let entitlement = try XCTUnwrap(roles.catalog.type(named: "Entitlement"))
    let context = RequestContext(Actor(.socket), requestID: "t", operation: "TEST")
    XCTAssertEqual(query(roles.listed(of: one), role), [])
    let access = DirectoryAccess(one, index)
    try access.perform(
      [
        .putRole(Role("reader", permissions: ["a:read", "b:read"])),
        .putRole(Role("writer", .scoped, permissions: ["a:read", "a:write"])),
      ], context)
    XCTAssertEqual(query(roles.listed(of: one), role), ["reader", "writer"])
    XCTAssertEqual(query(roles.listed(of: one), entitlement), ["a:read", "b:read", "a:write"])
    XCTAssertEqual(query(roles.listed(of: two), role), [])
    let id = try XCTUnwrap(access.table.role("reader")).id
    let version = try roles.listed(of: one).read(role, Array(id.text.utf8)[...]).version
    try access.perform([.deleteRole("writer")], context)
    XCTAssertEqual(query(roles.listed(of: one), entitlement), ["a:read", "b:read"])
    XCTAssertNotEqual(try roles.listed(of: one).read(role, Array(id.text.utf8)[...]).version, version)
    XCTAssertThrowsError(try roles.listed(of: two).read(role, Array(id.text.utf8)[...]))
  }
}
