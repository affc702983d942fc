import Access
import Foundation
import JSON
import Platform
import SCIM
import Storage
import XCTest

/// A directory with rights in a data folder of its own, with a clock that the test sets.
final class AccessWorld {
  private let path = NSTemporaryDirectory() + "scimd-access-" + UUID().uuidString.prefix(8)
  private let clock = Locked<Int64>(1_000_000)
  private(set) var store: Store
  private(set) var index: AccessIndex
  /// The ids of users and groups by the names that they were made with.
  var ids: [String: ResourceID] = [:]

  init() throws {
    (store, index) = try Self.open(path, clock)
  }

  private static func open(_ path: String, _ clock: Locked<Int64>) throws -> (Store, AccessIndex) {
    let environment = Environment(
      now: { clock.withLock { $0 } }, monotonic: Environment.system.monotonic,
      randomBytes: Environment.system.randomBytes)
    let store = try Store(
      folder: try DataFolder.open(path), catalog: try Catalog.standard(), options: StoreOptions(),
      environment: environment
    ) { _ in }
    _ = try store.directory(named: "default").get()
    return (store, AccessIndex(store))
  }

  func close() {
    store.close()
    try? FileManager.default.removeItem(atPath: path)
  }

  func reopen() throws {
    store.close()
    (store, index) = try Self.open(path, clock)
  }

  /// Seconds since the clock was set up.
  func set(time seconds: Double) { clock.withLock { $0 = 1_000_000 + Int64(seconds * 1000) } }

  static func time(_ seconds: Double) -> DateTime {
    DateTime(milliseconds: 1_000_000 + Int64(seconds * 1000))
  }

  var directory: Directory {
    get throws { try XCTUnwrap(store.existingDirectory(named: "default")) }
  }

  var access: DirectoryAccess { get throws { DirectoryAccess(try directory, index) } }

  static let context = RequestContext(Actor(.socket), requestID: "test", operation: "TEST")

  @discardableResult func perform(_ steps: AccessStep...) throws -> ResourceID? {
    try access.perform(steps, Self.context)
  }

  func id(_ name: String) throws -> ResourceID { try XCTUnwrap(ids[name], name) }

  // MARK: People

  private func type(_ isGroup: Bool) throws -> ResourceType {
    try XCTUnwrap(try directory.catalog.types.first { isGroup ? $0.hasMembers : $0.hasGroups })
  }

  private(set) var groups = Set<String>()

  @discardableResult func write(_ body: (inout Transaction) throws(SCIMError) -> ResourceID?) throws
    -> ResourceID?
  {
    try directory.write(Self.context, body).whenDurable().get()?.id
  }

  func makeUser(_ name: String) throws {
    let type = try type(false)
    ids[name] = try write { tx throws(SCIMError) in
      try tx.create(
        type, Document(["externalId": .string("x-" + name), "userName": .string(name), "active": true]),
        members: [], skipsUnknown: false)
    }
  }

  func makeGroup(_ name: String) throws {
    let type = try type(true)
    groups.insert(name)
    ids[name] = try write { tx throws(SCIMError) in
      try tx.create(type, Document(["displayName": .string(name)]), members: [], skipsUnknown: false)
    }
  }

  func change(_ group: String, _ edit: (String) -> MembershipEdit, _ member: String) throws {
    let (type, group, member) = (try type(true), try id(group).text, try id(member).text)
    try write { tx throws(SCIMError) in
      let old = try tx.resource(type, group)
      try tx.update(old, old.document, [edit(member)], skipsUnknown: false)
      return nil
    }
  }

  func set(_ name: String, _ attribute: String, _ value: JSONValue) throws {
    let (type, id) = (try type(groups.contains(name)), try id(name).text)
    try write { tx throws(SCIMError) in
      let old = try tx.resource(type, id)
      var document = old.document
      document.attributes[attribute] = value
      try tx.update(old, document.ordered(for: type), [], skipsUnknown: false)
      return nil
    }
  }

  func delete(_ name: String) throws {
    let (type, id) = (try type(groups.contains(name)), try id(name).text)
    try write { tx throws(SCIMError) in
      try tx.delete(try tx.resource(type, id))
      return nil
    }
  }

  func restore(_ name: String) throws {
    let (type, id) = (try type(groups.contains(name)), try id(name).text)
    try write { tx throws(SCIMError) in try tx.restore(type, id) }
  }

  // MARK: Rights

  /// `ada owner until 10`, `eng ns-write@namespace:payments`.
  func grant(_ text: String) throws {
    let words = text.split(separator: " ").map(String.init)
    let role = words[1].split(separator: "@").map(String.init)
    try perform(
      .addGrant(
        NewGrant(
          principal: try id(words[0]), isGroup: groups.contains(words[0]), role: role[0],
          target: role.count > 1 ? role[1] : nil,
          expires: words.count > 3 ? Self.time(try XCTUnwrap(Double(words[3]))) : nil)))
  }

  func grantID(_ principal: String, _ role: String) throws -> ResourceID {
    let table = try access.table
    let parts = role.split(separator: "@").map(String.init)
    let wanted = try XCTUnwrap(table.role(parts[0])).id
    let target = parts.count > 1 ? try XCTUnwrap(table.target(parts[1])).id : nil
    return try XCTUnwrap(
      table.grants(of: try id(principal)).first { $0.role == wanted && $0.target == target }?.id, role)
  }

  /// `owner`, `ns-write@namespace:payments`, sorted; nil if the user does not exist.
  func roles(of user: String) throws -> [String]? {
    let found = try access.access(of: try id(user).text).whenDurable()
    return found.map { access in
      Set(access.holdings.map { $0.role.role.value + ($0.target.map { "@" + $0.name } ?? "") }).sorted()
    }
  }
}
