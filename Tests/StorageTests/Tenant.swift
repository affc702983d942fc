import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// A directory with the operations of a client, each waiting until its result may be revealed.
struct Tenant: Sendable {
  let directory: any DirectoryContract

  var user: ResourceType { directory.catalog.types[0] }
  var group: ResourceType { directory.catalog.types[1] }

  static let context = RequestContext(
    key: "key_test", profile: "generic", requestID: "request-1", remote: "127.0.0.1", operation: "TEST")

  typealias Written = Pending<Result<StoredResource?, SCIMError>>

  // MARK: Writing

  func creation(_ type: ResourceType, _ json: JSONValue) throws -> Written {
    let body = try Tenant.decode(type, json)
    let document = try DocumentRules.checked(DocumentRules.completed(body.document, type), type)
    return directory.write(Tenant.context) { tx throws(SCIMError) in
      try tx.create(type, document, members: body.members ?? [], skipsUnknown: false)
    }
  }

  @discardableResult
  func create(_ type: ResourceType, _ json: JSONValue) throws -> StoredResource {
    let created = try creation(type, json).wait().get()
    return try XCTUnwrap(created)
  }

  @discardableResult
  func createUser(_ name: String) throws -> StoredResource { try create(user, ["userName": .string(name)]) }

  @discardableResult
  func createGroup(_ name: String, _ members: [StoredResource] = []) throws -> StoredResource {
    try create(group, ["displayName": .string(name), "members": Tenant.references(members)])
  }

  @discardableResult
  func replace(_ old: StoredResource, _ json: JSONValue) throws -> StoredResource {
    let type = old.type
    let body = try Tenant.decode(type, json)
    let written = directory.write(Tenant.context) { tx throws(SCIMError) in
      let existing = try tx.resource(type, old.id.text)
      let document = try DocumentRules.checked(
        try DocumentRules.replacement(of: existing.document, by: body.document, type), type)
      try tx.update(
        existing, document, type.hasMembers ? [.replace(body.members ?? [])] : [], skipsUnknown: false)
      return existing.id
    }
    let replaced = try written.wait().get()
    return try XCTUnwrap(replaced)
  }

  func patching(_ old: StoredResource, _ operations: [JSONValue], ifMatch: String? = nil) throws -> Written {
    let type = old.type
    let patch = try PatchRequest(
      ["schemas": [.string(SchemaURN.patchOp)], "Operations": .array(operations)], for: type,
      dialect: Dialect())
    return directory.write(Tenant.context) { tx throws(SCIMError) in
      let existing = try tx.resource(type, old.id.text)
      guard ifMatch == nil || ifMatch == existing.version else {
        throw SCIMError(status: 412, detail: "changed")
      }
      let outcome = try patch.apply(to: existing.document)
      try tx.update(existing, outcome.document, outcome.membership, skipsUnknown: false)
      return existing.id
    }
  }

  @discardableResult
  func patch(
    _ old: StoredResource, _ operations: [JSONValue], ifMatch: String? = nil
  ) throws -> StoredResource {
    let patched = try patching(old, operations, ifMatch: ifMatch).wait().get()
    return try XCTUnwrap(patched)
  }

  @discardableResult
  func add(_ members: [StoredResource], to group: StoredResource) throws -> StoredResource {
    try patch(group, [["op": "add", "path": "members", "value": Tenant.references(members)]])
  }

  @discardableResult
  func remove(_ members: [StoredResource], from group: StoredResource) throws -> StoredResource {
    try patch(
      group,
      members.map { ["op": "remove", "path": .string("members[value eq \"\($0.id.text)\"]")] })
  }

  func delete(_ old: StoredResource) throws { try delete(old.type, old.id.text) }

  func delete(_ type: ResourceType, _ id: String) throws {
    let written = directory.write(Tenant.context) { tx throws(SCIMError) in
      tx.delete(try tx.resource(type, id))
      return nil
    }
    _ = try written.wait().get()
  }

  // MARK: Reading

  func reading(_ old: StoredResource) -> Pending<Result<StoredResource, SCIMError>> {
    reading(old.type, old.id.text)
  }

  func reading(_ type: ResourceType, _ id: String) -> Pending<Result<StoredResource, SCIMError>> {
    directory.read(type, Array(id.utf8)[...], members: true)
  }

  func read(_ old: StoredResource) throws -> StoredResource { try reading(old).wait().get() }

  func page(_ query: ResourceQuery) throws -> ResourcePage {
    let found = Locked<Result<ResourcePage, SCIMError>?>(nil)
    let done = DispatchSemaphore(value: 0)
    directory.query(query) { pending in
      pending.whenDurable { result in
        found.withLock { $0 = result }
        done.signal()
      }
    }
    done.wait()
    return try XCTUnwrap(found.withLock { $0 }).get()
  }

  func page(
    _ type: ResourceType, _ filter: String? = nil, startIndex: Int = 1, count: Int = .max
  ) throws -> ResourcePage {
    try page(
      ResourceQuery(
        parts: [try Tenant.part(type, filter)], startIndex: startIndex, count: count, base: "",
        showsMembers: true))
  }

  /// Everything there is to see, in order of creation.
  func dump() throws -> [String] {
    try page(
      ResourceQuery(
        parts: [try Tenant.part(user), try Tenant.part(group)], startIndex: 1, count: .max, base: "",
        showsMembers: true)
    ).texts
  }

  // MARK: Requests

  static func part(_ type: ResourceType, _ filter: String? = nil, sort: SortKey? = nil) throws
    -> ResourceQuery.Part
  {
    var dialect = Dialect()
    let bound = try filter.map {
      try FilterBinding(type: type, unknown: .noValue).bind(try FilterParser.parse($0, dialect: &dialect))
    }
    return ResourceQuery.Part(type: type, filter: bound, sort: sort)
  }

  static func references(_ members: [StoredResource]) -> JSONValue {
    .array(members.map { ["value": .string($0.id.text)] })
  }

  static func decode(_ type: ResourceType, _ json: JSONValue) throws -> ResourceRequest {
    var object = try XCTUnwrap(json.objectValue)
    object["schemas"] = .array(
      [.string(type.schema.id)]
        + type.extensions.filter { object[$0.schema.id] != nil }.map { .string($0.schema.id) })
    var dialect = Dialect()
    return try ResourceDecoder.decode(.object(object), as: type, dialect: &dialect)
  }
}
