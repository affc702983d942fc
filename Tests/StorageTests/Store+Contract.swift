import Dispatch
import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

// The store of this module as one that keeps the contract.

extension Store: StoreContract {
  func directory(_ name: String) throws -> any DirectoryContract { try directory(named: name).get() }
}

extension Directory: DirectoryContract {
  func read(_ type: ResourceType, _ id: String) throws -> Resource {
    Resource(try read(type, Array(id.utf8)[...], members: true).wait().get())
  }

  func page(_ query: ResourceQuery) throws -> Page {
    let found = Locked<Result<ResourcePage, SCIMError>?>(nil)
    let done = DispatchSemaphore(value: 0)
    self.query(query) { pending in
      pending.whenDurable { result in
        found.withLock { $0 = result }
        done.signal()
      }
    }
    done.wait()
    return Page(try XCTUnwrap(found.withLock { $0 }).get())
  }

  func summaries(_ type: ResourceType, deleted: Bool) throws -> [JSONValue] {
    let pieces: SummaryPieces = try summaries(type, deleted: deleted).wait()
    var lines: [JSONValue] = []
    while let piece = pieces.next() {
      lines += try piece.split(separator: 0x0A).map { try JSONParser.parse($0) }
    }
    return lines
  }

  func user(_ text: String) throws -> ResourceID? { try user(text).wait() }

  func write(_ body: Tenant.Body) throws -> Resource? {
    try pendingWrite(body).wait().get().map { Resource($0) }
  }

  /// The same before it is on disk.
  func pendingWrite(_ body: Tenant.Body) -> Pending<Result<StoredResource?, SCIMError>> {
    write(Tenant.context) { tx throws(SCIMError) in try LogTransaction.run(&tx, body) }
  }

  func writeTogether<Value: Sendable>(
    _ body: (any TransactionContract) throws(SCIMError) -> Value
  ) throws -> Value {
    try writeTogether(Tenant.context) { tx throws(SCIMError) in try LogTransaction.run(&tx, body) }.wait()
      .get()
  }

  func importing<Value: Sendable>(
    _ body: (any TransactionContract) throws(SCIMError) -> (value: Value, isWanted: Bool)
  ) throws -> Value {
    try drafting(Tenant.context) { tx throws(SCIMError) in
      let (value, isWanted) = try LogTransaction.run(&tx, body)
      return (value, isWanted ? .inParts : .dropped)
    }.wait().get().value
  }
}

/// A transaction of a directory, by reference.
private final class LogTransaction: TransactionContract {
  private let pointer: UnsafeMutablePointer<Transaction>

  private init(_ pointer: UnsafeMutablePointer<Transaction>) { self.pointer = pointer }

  static func run<Value>(
    _ transaction: inout Transaction, _ body: (any TransactionContract) throws(SCIMError) -> Value
  ) throws(SCIMError) -> Value {
    try withUnsafeMutablePointer(to: &transaction) { pointer throws(SCIMError) in
      try body(LogTransaction(pointer))
    }
  }

  func step<Value>(
    _ body: (any TransactionContract) throws(SCIMError) -> Value
  ) throws(SCIMError) -> Value {
    try pointer.pointee.step { inner throws(SCIMError) in try LogTransaction.run(&inner, body) }
  }

  func resource(
    _ type: ResourceType, _ id: String
  ) throws(SCIMError) -> (document: Document, version: String) {
    let existing = try pointer.pointee.resource(type, id)
    return (existing.document, existing.version)
  }

  func find(_ type: ResourceType, _ attribute: String, _ text: String) -> [ResourceID] {
    pointer.pointee.find(type, attribute, text)
  }

  func version(of id: ResourceID) -> String? { pointer.pointee.version(of: id) }

  func create(
    _ type: ResourceType, _ document: Document, members: [String]
  ) throws(SCIMError) -> ResourceID {
    try pointer.pointee.create(type, document, members: members, skipsUnknown: false)
  }

  func update(
    _ type: ResourceType, _ id: String, _ document: Document, _ edits: [MembershipEdit]
  ) throws(SCIMError) {
    try pointer.pointee.update(try pointer.pointee.resource(type, id), document, edits, skipsUnknown: false)
  }

  func delete(_ type: ResourceType, _ id: String) throws(SCIMError) {
    try pointer.pointee.delete(try pointer.pointee.resource(type, id))
  }

  func restore(_ type: ResourceType, _ id: String) throws(SCIMError) {
    _ = try pointer.pointee.restore(type, id)
  }

  func erase(_ type: ResourceType, _ id: ResourceID) throws(SCIMError) {
    try pointer.pointee.erase(type, id)
  }
}

extension Resource {
  init(_ stored: StoredResource) {
    var bytes: [UInt8] = []
    stored.write(to: &bytes, base: "")
    self.init(type: stored.type, id: stored.id, text: String(decoding: bytes, as: UTF8.self))
  }
}

extension Page {
  init(_ page: ResourcePage) {
    self.init(total: page.total, resources: page.resources.map { Resource($0) }, next: page.next)
  }
}

extension ResourcePage {
  var texts: [String] { Page(self).texts }
}

extension Tenant {
  /// The directory as the class that it is here.
  var core: Directory {
    get throws { try XCTUnwrap(directory as? Directory) }
  }
}

extension Pending {
  /// The value, when it may be revealed.
  func wait() throws -> Value {
    let found = Locked<Value?>(nil)
    let done = DispatchSemaphore(value: 0)
    whenDurable { value in
      found.withLock { $0 = value }
      done.signal()
    }
    done.wait()
    return try XCTUnwrap(found.withLock { $0 })
  }
}
