import JSON
import SCIM
@testable import Storage
import XCTest

/// What a query finds, and in which order.
class DirectoryQueryTests: StoreContractTestCase {
  func testAListingIsInOrderOfCreationAndItsPagesAddUp() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    var users = try (0..<70).map { try tenant.createUser("user\($0)") }
    let group = try tenant.createGroup("all", users)
    for index in [60, 33, 32, 0, 65] { try tenant.delete(users.remove(at: index)) }
    for user in users.reversed() {
      try tenant.patch(user, [["op": "replace", "path": "title", "value": "changed"]])
    }
    let wanted = users.map(\.id)
    XCTAssertEqual(try tenant.page(tenant.user).resources.map(\.id), wanted)
    XCTAssertEqual(try tenant.page(tenant.user, "title eq \"changed\"").resources.map(\.id), wanted)
    XCTAssertEqual(try tenant.read(group).memberIDs, wanted.map(\.text))
    for filter in [nil, "title eq \"changed\""] {
      var walked: [ResourceID] = []
      while walked.count < wanted.count {
        let page = try tenant.page(tenant.user, filter, startIndex: walked.count + 1, count: 7)
        XCTAssertEqual(page.total, wanted.count)
        walked += page.resources.map(\.id)
      }
      XCTAssertEqual(walked, wanted)
      XCTAssertEqual(try tenant.page(tenant.user, filter, startIndex: 66, count: 7).resources.count, 0)
      XCTAssertEqual(try tenant.page(tenant.user, filter, startIndex: 1, count: 0).resources.count, 0)
    }
  }

  func testDeletingWhatWasSeenNeverReordersTheRest() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    let users = try (0..<600).map { try tenant.createUser("user\($0)") }
    var gone = Set<ResourceID>()
    var random = SeededRandom()
    for _ in 0..<20 {
      for user in users.shuffled(using: &random).prefix(25) where gone.insert(user.id).inserted {
        try tenant.delete(user)
      }
      XCTAssertEqual(
        try tenant.page(tenant.user).resources.map(\.id), users.map(\.id).filter { !gone.contains($0) })
    }
  }

  func testAFilterFindsWhatTheNegationOfItsNegationFinds() throws {
    let store = try open()
    defer { store.close() }
    let tenant = try store.tenant()
    var client = RandomClient(seed: 9)
    try client.run(400, on: tenant, clock)
    var found = 0
    for type in [tenant.user, tenant.group] {
      for resource in try tenant.page(type).resources {
        for filter in equalities(of: resource) {
          let page = try tenant.page(type, filter)
          XCTAssertEqual(page.texts, try tenant.page(type, "not (not (\(filter)))").texts, filter)
          XCTAssertTrue(page.resources.contains { $0.id == resource.id }, filter)
          found += page.total
        }
      }
    }
    XCTAssertGreaterThan(found, 500, "the filters match something")
  }

  /// Filters that match the resource, on what stores have indexes for.
  private func equalities(of resource: Resource) -> [String] {
    let json = resource.json
    var filters = ["id eq \"\(resource.id.text)\""]
    for name in ["userName", "displayName", "externalId"] {
      guard let text = json[name]?.stringValue else { continue }
      filters += ["\(name) eq \"\(text)\"", "\(name) eq \"\(text)\" or title pr"]
    }
    for email in json["emails"]?.arrayValue ?? [] {
      guard let value = email["value"]?.stringValue, let type = email["type"]?.stringValue else { continue }
      filters += ["emails.value eq \"\(value)\"", "emails[type eq \"\(type)\" and value eq \"\(value)\"]"]
    }
    filters += resource.groupIDs.map { "groups.value eq \"\($0)\"" }
    filters += resource.memberIDs.map { "members[value eq \"\($0)\"]" }
    return filters
  }
}
