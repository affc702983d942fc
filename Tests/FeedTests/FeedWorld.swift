import Foundation
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Feed

/// A directory in a data folder of its own, with a clock that the test sets.
final class FeedWorld {
  let path = NSTemporaryDirectory() + "scimd-feed-" + UUID().uuidString.prefix(8)
  let clock = Locked<Int64>(1_800_000_000_000)
  private(set) var store: Store
  private(set) var feed: Feed
  private let options: StoreOptions

  init(_ test: XCTestCase, _ options: StoreOptions = StoreOptions()) throws {
    self.options = options
    store = try Self.open(path, clock, options)
    feed = Feed(store)
    test.addTeardownBlock { [path] in try? FileManager.default.removeItem(atPath: path) }
  }

  deinit { store.close() }

  private static func open(_ path: String, _ clock: Locked<Int64>, _ options: StoreOptions) throws -> Store {
    let environment = Environment(
      now: { clock.withLock { $0 } }, monotonic: Environment.system.monotonic,
      randomBytes: Environment.system.randomBytes)
    let store = try Store(
      folder: try DataFolder.open(path), catalog: try Catalog.standard(), options: options,
      environment: environment
    ) { _ in }
    _ = try store.directory(named: "default").get()
    return store
  }

  func reopen() throws {
    store.close()
    store = try Self.open(path, clock, options)
    feed = Feed(store)
  }

  var directory: Directory {
    guard let directory = store.existingDirectory(named: "default") else {
      preconditionFailure("the directory was made")
    }
    return directory
  }

  var events: DirectoryFeed { feed.of(directory) }

  static let context = RequestContext(
    Actor(.key, key: "key_000000000001", remote: "203.0.113.7"), requestID: "r1", operation: "TEST")

  var user: ResourceType { directory.catalog.types.first(where: \.hasGroups)! }
  var group: ResourceType { directory.catalog.types.first(where: \.hasMembers)! }

  @discardableResult func write(
    _ body: (inout Transaction) throws(SCIMError) -> ResourceID?
  ) throws -> ResourceID? {
    try directory.write(Self.context, body).whenDurable().get()?.id
  }

  @discardableResult func addUser(_ name: String, _ more: JSONObject = [:]) throws -> ResourceID {
    var object: JSONObject = ["userName": .string(name)]
    object.members += more.members
    let document = Document(object)
    return try XCTUnwrap(
      try write { tx throws(SCIMError) in
        try tx.create(user, document, members: [], skipsUnknown: false)
      })
  }

  @discardableResult func addGroup(_ name: String, _ members: [ResourceID] = []) throws -> ResourceID {
    let document = Document(["displayName": .string(name)])
    return try XCTUnwrap(
      try write { tx throws(SCIMError) in
        try tx.create(group, document, members: members.map(\.text), skipsUnknown: false)
      })
  }

  func set(_ id: ResourceID, _ name: String, _ value: JSONValue) throws {
    try write { tx throws(SCIMError) in
      let old = try tx.resource(user, id.text)
      var attributes = old.document.attributes
      attributes[name] = value
      try tx.update(old, Document(attributes).ordered(for: user), [], skipsUnknown: false)
      return id
    }
  }

  /// Makes exactly these the members.
  func setMembers(of id: ResourceID, _ members: [ResourceID]) throws {
    try write { tx throws(SCIMError) in
      let old = try tx.resource(group, id.text)
      try tx.update(old, old.document, [.replace(members.map(\.text))], skipsUnknown: false)
      return id
    }
  }

  func delete(_ id: ResourceID, _ type: ResourceType) throws {
    try write { tx throws(SCIMError) in
      try tx.delete(try tx.resource(type, id.text))
      return nil
    }
  }

  /// Every event, page by page.
  func all(limit: Int = 7, after start: EventID? = nil) throws -> [Event] {
    var found: [Event] = []
    var cursor = start
    while true {
      let page = try events.page(after: cursor, limit: limit)
      found += page.events
      cursor = page.next
      if page.isAtEnd { return found }
    }
  }
}
