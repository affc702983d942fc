import Access
import JSON
import SCIM
import Storage
import XCTest

/// Roles that an identity provider names in the `roles` of its users.
final class ProviderRolesTests: XCTestCase {
  private struct Fixture {
    let world: AccessWorld
    let connection: ResourceID
    let context: RequestContext
  }

  private func fixture(_ assignable: [String], policy: Bool = true) throws -> Fixture {
    let world = try AccessWorld()
    addTeardownBlock { world.close() }
    let directory = try world.directory
    let system = world.store.system
    let directories = system.administrativeType("Directory")
    _ = try system.writeTogether(AccessWorld.context) { tx throws(SCIMError) in
      let old = try tx.resource(directories, tx.find(directories, "name", "default").first?.text ?? "")
      guard var description = DirectoryDescription(old.document) else { throw .notFound("default") }
      description.policies.rolesFromIdp = policy
      try tx.update(old, description.document.ordered(for: directories), [], skipsUnknown: false)
    }.whenDurable().get()
    let type = directory.administrativeType("Connection")
    let connection = try directory.writeTogether(AccessWorld.context) { tx throws(SCIMError) in
      try tx.create(
        type,
        Document([
          "name": "Okta", "provider": "okta", "state": "active",
          "assignableRoles": .array(assignable.map { .string($0) }),
        ]), members: [], skipsUnknown: false)
    }.whenDurable().get()
    try world.perform(
      .putRole(Role("owner", isCritical: true)), .putRole(Role("developer")), .putRole(Role("reader")),
      .putRole(Role("ns-write", .scoped)))
    let context = RequestContext(
      Actor(.key, key: "key_okta", connection: connection), requestID: "t", operation: "TEST")
    return Fixture(world: world, connection: connection, context: context)
  }

  /// What the connection says of ada.
  private func push(_ fixture: Fixture, _ roles: [String], as context: RequestContext? = nil) throws {
    let world = fixture.world
    let directory = try world.directory
    let type = try XCTUnwrap(directory.catalog.types.first(where: \.hasGroups))
    let known = world.ids["ada"]
    let follower = ProviderRoles(directory, world.index, connection: fixture.connection)
    let document = Document([
      "userName": "ada", "active": true, "roles": .array(roles.map { ["value": .string($0)] }),
    ]).ordered(for: type)
    world.ids["ada"] = try directory.writeTogether(context ?? fixture.context) { tx throws(SCIMError) in
      let id = try tx.step { tx throws(SCIMError) -> ResourceID in
        guard let known else { return try tx.create(type, document, members: [], skipsUnknown: false) }
        let old = try tx.resource(type, known.text)
        try tx.update(old, document, [], skipsUnknown: false)
        return known
      }
      try follower?.follow(id, &tx)
      return id
    }.whenDurable().get()
  }

  private func drafts(_ world: AccessWorld) throws -> [AccessDraft] {
    let directory = try world.directory
    return directory.administrativeResources(directory.administrativeType("Draft")).compactMap {
      $0.document.flatMap { AccessDraft($0) }
    }
  }

  func testRolesOfTheConnectionBecomeGrantsAndEndWhenTheProviderRemovesThem() throws {
    let fixture = try fixture(["developer", "reader"])
    try push(fixture, ["Developer", "reader", "unknown", "ns-write"])
    XCTAssertEqual(try fixture.world.roles(of: "ada"), ["developer", "reader"])
    try push(fixture, ["reader"])
    XCTAssertEqual(try fixture.world.roles(of: "ada"), ["reader"])
    try fixture.world.reopen()
    XCTAssertEqual(try fixture.world.roles(of: "ada"), ["reader"])
    try push(fixture, [])
    XCTAssertEqual(try fixture.world.roles(of: "ada"), [])
  }

  func testWithoutThePolicyOrTheConnectionsConsentNothingIsGranted() throws {
    let closed = try fixture(["developer"], policy: false)
    try push(closed, ["developer"])
    XCTAssertEqual(try closed.world.roles(of: "ada"), [])
    let none = try fixture([])
    try push(none, ["developer", "reader", "owner"])
    XCTAssertEqual(try none.world.roles(of: "ada"), [])
    XCTAssertEqual(try drafts(none.world).count, 0)
  }

  func testWhatAnAdministratorGaveIsLeftAlone() throws {
    let fixture = try fixture(["developer"])
    try push(fixture, [])
    try fixture.world.grant("ada developer")
    try push(fixture, ["developer"])
    XCTAssertEqual(try fixture.world.access.table.grantCount, 1)
    try push(fixture, [])
    XCTAssertEqual(try fixture.world.roles(of: "ada"), ["developer"])
  }

  func testACriticalRoleWaitsInADraftAndIsWithdrawnWithTheProvidersWord() throws {
    let fixture = try fixture(["owner", "developer"])
    try push(fixture, ["owner", "developer"])
    XCTAssertEqual(try fixture.world.roles(of: "ada"), ["developer"])
    XCTAssertEqual(try drafts(fixture.world).map { $0.steps.count }, [1])
    try push(fixture, ["developer", "owner"])
    XCTAssertEqual(try drafts(fixture.world).count, 1)
    try push(fixture, ["developer"])
    XCTAssertEqual(try drafts(fixture.world).count, 0)
    try push(fixture, ["owner"])
    let steps = try XCTUnwrap(try drafts(fixture.world).first).steps
    _ = try fixture.world.access.perform(steps, AccessWorld.context)
    XCTAssertEqual(try fixture.world.roles(of: "ada"), ["owner"])
    try push(fixture, [])
    XCTAssertEqual(try fixture.world.roles(of: "ada"), [])
  }

  func testARequestThatIsNotOfTheManagingConnectionGrantsNothing() throws {
    let fixture = try fixture(["developer"])
    try push(fixture, ["developer"], as: AccessWorld.context)
    XCTAssertEqual(try fixture.world.roles(of: "ada"), [])
  }
}
