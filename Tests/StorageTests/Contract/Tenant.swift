import JSON
import SCIM
@testable import Storage
import XCTest

/// A directory with the operations of a client, each waiting for its result.
struct Tenant: Sendable {
  let directory: any DirectoryContract

  var user: ResourceType { directory.catalog.types[0] }
  var group: ResourceType { directory.catalog.types[1] }

  static let context = RequestContext(
    key: "key_test", profile: "generic", requestID: "request-1", remote: "127.0.0.1", operation: "TEST")

  typealias Body = (any TransactionContract) throws(SCIMError) -> ResourceID?

  // MARK: Writing

  func creation(_ type: ResourceType, _ json: JSONValue) throws -> Body {
    let body = try Tenant.decode(type, json)
    let document = try DocumentRules.checked(DocumentRules.completed(body.document, type), type)
    return { tx throws(SCIMError) in try tx.create(type, document, members: body.members ?? []) }
  }

  @discardableResult
  func create(_ type: ResourceType, _ json: JSONValue) throws -> Resource {
    let created = try directory.write(try creation(type, json))
    return try XCTUnwrap(created)
  }

  @discardableResult
  func createUser(_ name: String) throws -> Resource { try create(user, ["userName": .string(name)]) }

  @discardableResult
  func createGroup(_ name: String, _ members: [Resource] = []) throws -> Resource {
    try create(group, ["displayName": .string(name), "members": Tenant.references(members)])
  }

  @discardableResult
  func replace(_ old: Resource, _ json: JSONValue) throws -> Resource {
    let type = old.type
    let body = try Tenant.decode(type, json)
    let replaced = try directory.write { tx throws(SCIMError) in
      let existing = try tx.resource(type, old.id.text).document
      let document = try DocumentRules.checked(
        try DocumentRules.replacement(of: existing, by: body.document, type), type)
      try tx.update(type, old.id.text, document, type.hasMembers ? [.replace(body.members ?? [])] : [])
      return old.id
    }
    return try XCTUnwrap(replaced)
  }

  func patching(_ old: Resource, _ operations: [JSONValue], ifMatch: String? = nil) throws -> Body {
    let type = old.type
    let patch = try PatchRequest(
      ["schemas": [.string(SchemaURN.patchOp)], "Operations": .array(operations)], for: type,
      dialect: Dialect())
    return { tx throws(SCIMError) in
      let existing = try tx.resource(type, old.id.text)
      try EntityTag.check(ifMatch.map { Array($0.utf8)[...] }, existing.version)
      var budget = WorkBudget(.none, for: .change)
      let outcome = try patch.apply(to: existing.document, &budget)
      try tx.update(type, old.id.text, outcome.document, outcome.membership)
      return old.id
    }
  }

  @discardableResult
  func patch(_ old: Resource, _ operations: [JSONValue], ifMatch: String? = nil) throws -> Resource {
    let patched = try directory.write(try patching(old, operations, ifMatch: ifMatch))
    return try XCTUnwrap(patched)
  }

  @discardableResult
  func add(_ members: [Resource], to group: Resource) throws -> Resource {
    try patch(group, [["op": "add", "path": "members", "value": Tenant.references(members)]])
  }

  @discardableResult
  func remove(_ members: [Resource], from group: Resource) throws -> Resource {
    try patch(
      group,
      members.map { ["op": "remove", "path": .string("members[value eq \"\($0.id.text)\"]")] })
  }

  func deletion(_ old: Resource) -> Body { deletion(old.type, old.id.text) }

  private func deletion(_ type: ResourceType, _ id: String) -> Body {
    { tx throws(SCIMError) in
      try tx.delete(type, id)
      return nil
    }
  }

  func delete(_ old: Resource) throws { _ = try directory.write(deletion(old)) }

  func delete(_ type: ResourceType, _ id: String) throws { _ = try directory.write(deletion(type, id)) }

  func restore(_ old: Resource) throws -> Resource { try restore(old.type, old.id.text) }

  func restore(_ type: ResourceType, _ id: String) throws -> Resource {
    let restored = try directory.write { tx throws(SCIMError) in
      try tx.restore(type, id)
      return ResourceID(id)
    }
    return try XCTUnwrap(restored)
  }

  // MARK: Reading

  func read(_ old: Resource) throws -> Resource { try directory.read(old.type, old.id.text) }

  func page(_ query: ResourceQuery) throws -> Page { try directory.page(query) }

  func page(
    _ type: ResourceType, _ filter: String? = nil, startIndex: Int = 1, count: Int = .max
  ) throws -> Page {
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

  static func references(_ members: [Resource]) -> JSONValue {
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
