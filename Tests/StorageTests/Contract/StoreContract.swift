import JSON
import SCIM
@testable import Storage

/// What every store does: the tests in this folder ask nothing else of a store. What is true of the files of a log only,
/// and of when its syncs come, is tested outside this folder.
///
/// Another store is tested by conforming to these three protocols, by a case of `TestedStore`, and by a subclass of each
/// test case here that names it, as in `ReopenedStoreTests`.
protocol StoreContract: Sendable {
  /// One tenant, made where it is new.
  func directory(_ name: String) throws -> any DirectoryContract

  /// The same data can be opened again after it.
  func close()
}

/// One tenant of a store. Each call waits until its result may be revealed, and throws a `SCIMError` where it is refused.
protocol DirectoryContract: Sendable {
  var catalog: Catalog { get }

  func read(_ type: ResourceType, _ id: String) throws -> Resource

  func page(_ query: ResourceQuery) throws -> Page

  /// What an administrator sees of all resources of a type, or of the deleted ones that are kept.
  func summaries(_ type: ResourceType, deleted: Bool) throws -> [JSONValue]

  /// The user of that id or userName.
  func user(_ text: String) throws -> ResourceID?

  /// All of `body`'s changes or none; returns the resource that it names as it is then.
  func write(_ body: (any TransactionContract) throws(SCIMError) -> ResourceID?) throws -> Resource?

  /// The same for several steps that become one change.
  func writeTogether<Value: Sendable>(
    _ body: (any TransactionContract) throws(SCIMError) -> Value
  ) throws -> Value

  /// The same for a change of any size, of which nothing is kept unless it `isWanted`.
  func importing<Value: Sendable>(
    _ body: (any TransactionContract) throws(SCIMError) -> (value: Value, isWanted: Bool)
  ) throws -> Value
}

/// A change in the making.
protocol TransactionContract: AnyObject {
  /// Where `body` throws, it leaves nothing behind, and the transaction goes on without it; within it, only the
  /// transaction that it is given may be used.
  func step<Value>(_ body: (any TransactionContract) throws(SCIMError) -> Value) throws(SCIMError) -> Value

  func resource(_ type: ResourceType, _ id: String) throws(SCIMError) -> (document: Document, version: String)

  func find(_ type: ResourceType, _ attribute: String, _ text: String) -> [ResourceID]

  func version(of id: ResourceID) -> String?

  func create(_ type: ResourceType, _ document: Document, members: [String]) throws(SCIMError) -> ResourceID

  func update(
    _ type: ResourceType, _ id: String, _ document: Document, _ edits: [MembershipEdit]
  ) throws(SCIMError)

  func delete(_ type: ResourceType, _ id: String) throws(SCIMError)

  /// Brings a deleted resource back.
  func restore(_ type: ResourceType, _ id: String) throws(SCIMError)

  /// Deletes for good, what is kept of a deleted one too.
  func erase(_ type: ResourceType, _ id: ResourceID) throws(SCIMError)
}

/// A resource as a client sees it.
struct Resource: Sendable {
  let type: ResourceType
  let id: ResourceID
  /// The representation, with links that begin with the type's endpoint.
  let text: String

  var json: JSONValue { (try? JSONParser.parse(Array(text.utf8))) ?? .null }
  var version: String { json["meta"]?["version"]?.stringValue ?? "" }
  /// Milliseconds since 1970.
  var created: Int64 { instant("created") }
  /// Milliseconds since 1970.
  var modified: Int64 { instant("lastModified") }
  var groupIDs: [String] { ids("groups") }
  var memberIDs: [String] { ids("members") }

  private func instant(_ name: String) -> Int64 {
    json["meta"]?[name]?.stringValue.flatMap(DateTime.init)?.milliseconds ?? 0
  }

  private func ids(_ name: String) -> [String] {
    (json[name]?.arrayValue ?? []).compactMap { $0["value"]?.stringValue }
  }
}

/// One page of a query's results.
struct Page: Sendable {
  let total: Int
  let resources: [Resource]
  /// Nil after the last page of a walk by cursor, and for a page by index.
  let next: CursorPosition?

  var texts: [String] { ["\(total)"] + resources.map(\.text) }
}

extension StoreContract {
  func tenant(_ name: String = "default") throws -> Tenant { Tenant(directory: try directory(name)) }
}
