import Foundation
import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// Acts of administrators, scripts and connections on one directory.
class ResourceManagerTestCase: DirectoryTestCase {
  typealias Policy = DirectoryPolicies.Permission

  static let admin = RequestContext(
    Actor(.socket, userID: 0, user: "root"), requestID: "request-1", operation: "TEST")
  static let script = RequestContext(
    Actor(.key, key: "key_script"), requestID: "request-1", operation: "TEST")

  func by(_ connection: ResourceID) -> RequestContext {
    RequestContext(
      Actor(.key, key: "key_\(connection.text)", connection: connection), requestID: "request-1",
      operation: "TEST")
  }

  // MARK: Acts

  func connection(_ name: String, _ store: Store) throws -> ResourceID {
    let directory = try store.tenant().core
    return try create(
      directory.administrativeType("Connection"),
      ["name": .string(name), "provider": "okta", "state": "active"], Self.admin, store)
  }

  @discardableResult
  func create(
    _ type: ResourceType, _ json: JSONValue, _ context: RequestContext, _ store: Store,
    members: [ResourceID] = []
  ) throws -> ResourceID {
    let document = Document(try XCTUnwrap(json.objectValue))
    let made = try store.tenant().core.write(context) { tx throws(SCIMError) in
      try tx.create(type, document, members: members.map(\.text), skipsUnknown: false)
    }.wait().get()
    return try XCTUnwrap(made).id
  }

  func user(_ name: String, _ context: RequestContext, _ store: Store) throws -> ResourceID {
    try create(
      try store.tenant().user, ["userName": .string(name), "externalId": .string("E-\(name)")], context, store
    )
  }

  func group(
    _ name: String, _ context: RequestContext, _ store: Store, _ members: [ResourceID] = []
  ) throws -> ResourceID {
    try create(try store.tenant().group, ["displayName": .string(name)], context, store, members: members)
  }

  func act(
    _ context: RequestContext, _ store: Store, _ body: (inout Transaction) throws(SCIMError) -> Void
  ) throws {
    _ = try store.tenant().core.writeTogether(context) { tx throws(SCIMError) in
      try body(&tx)
      return true
    }.wait().get()
  }

  func update(_ id: ResourceID, _ context: RequestContext, _ store: Store) throws {
    let type = try store.tenant().user
    let text = JSONValue.string("title \(clock.now) \(context.actor.manager)")
    try act(context, store) { tx throws(SCIMError) in
      let old = try tx.resource(type, id.text)
      var attributes = old.document.attributes
      attributes["title"] = text
      try tx.update(old, Document(attributes), [], skipsUnknown: false)
    }
  }

  func edit(
    _ group: ResourceID, _ edits: [MembershipEdit], _ context: RequestContext, _ store: Store
  ) throws {
    let type = try store.tenant().group
    try act(context, store) { tx throws(SCIMError) in
      let old = try tx.resource(type, group.text)
      try tx.update(old, old.document, edits, skipsUnknown: false)
    }
  }

  func delete(_ type: ResourceType, _ id: ResourceID, _ context: RequestContext, _ store: Store)
    throws
  {
    try act(context, store) { tx throws(SCIMError) in try tx.delete(try tx.resource(type, id.text)) }
  }

  func delete(_ id: ResourceID, _ context: RequestContext, _ store: Store) throws {
    try delete(try store.tenant().user, id, context, store)
  }

  func restore(_ id: ResourceID, _ context: RequestContext, _ store: Store) throws {
    let type = try store.tenant().user
    try act(context, store) { tx throws(SCIMError) in _ = try tx.restore(type, id.text) }
  }

  func set(_ store: Store, localChanges: Policy = .allowed, crossConnection: Policy = .denied) throws {
    let type = store.system.administrativeType("Directory")
    _ = try store.system.write(Self.admin) { tx throws(SCIMError) in
      guard let id = tx.find(type, "name", "default").first else { return nil }
      let old = try tx.resource(type, id.text)
      guard var description = DirectoryDescription(old.document) else { return nil }
      description.policies.localChanges = localChanges
      description.policies.crossConnection = crossConnection
      try tx.update(old, description.document, [], skipsUnknown: false)
      return id
    }.wait().get()
  }

  func manager(_ id: ResourceID, _ store: Store) throws -> String? {
    try store.tenant().core.state.withLock { state in
      let directory = state.directory
      return directory.slots[id].flatMap { directory.entries[$0] }.flatMap {
        directory.managers.name(of: $0.manager)
      }
    }
  }

  func assertManager(
    _ id: ResourceID, _ expected: String, _ store: Store, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    XCTAssertEqual(try manager(id, store), expected, file: file, line: line)
  }

  func named(_ connection: ResourceID) -> String { "connection:\(connection.text)" }
}
