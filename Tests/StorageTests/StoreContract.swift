import SCIM
import XCTest

@testable import Storage

/// What every store does: the tests of behaviour ask a store nothing else.
///
/// To run them against another store, let its directories be a `DirectoryContract`, and in its test target inherit
/// `DirectoryMembershipTests`, `DirectoryUniquenessTests`, `DirectoryVersionTests`, `DirectoryCursorTests`,
/// `DeletedResourceTests` and `ManagerTests`, each with `openContract` (and `dumpOfCopy`: the state that a power cut would
/// leave now) overridden. Tests that read the files of a log call `openStore` instead and are of this store only.
protocol StoreContract: Sendable {
  func contract(named name: String) throws -> any DirectoryContract
  func close()
}

/// One tenant of a store.
protocol DirectoryContract: Sendable {
  var catalog: Catalog { get }

  func read(
    _ type: ResourceType, _ id: ArraySlice<UInt8>, members: Bool
  ) -> Pending<Result<StoredResource, SCIMError>>

  func query(
    _ query: ResourceQuery,
    _ completion: @escaping @Sendable (Pending<Result<ResourcePage, SCIMError>>) -> Void)

  func write(
    _ context: RequestContext, membersUpTo: Int,
    _ body: (inout Transaction) throws(SCIMError) -> ResourceID?
  ) -> Pending<Result<StoredResource?, SCIMError>>

  func writeTogether<Value: Sendable>(
    _ context: RequestContext, _ body: (inout Transaction) throws(SCIMError) -> Value
  ) -> Pending<Result<Value, SCIMError>>

  func restore(
    _ type: ResourceType, _ id: String, _ context: RequestContext
  ) -> Pending<Result<StoredResource?, SCIMError>>

  func summaries(_ type: ResourceType, deleted: Bool) -> Pending<SummaryPieces>

  func user(_ text: String) -> Pending<ResourceID?>
}

extension DirectoryContract {
  func write(
    _ context: RequestContext, _ body: (inout Transaction) throws(SCIMError) -> ResourceID?
  ) -> Pending<Result<StoredResource?, SCIMError>> {
    write(context, membersUpTo: .max, body)
  }
}

extension StoreContract {
  func tenant(_ name: String = "default") throws -> Tenant { Tenant(directory: try contract(named: name)) }
}

extension Directory: DirectoryContract {}

extension Store: StoreContract {
  func contract(named name: String) throws -> any DirectoryContract { try directory(named: name).get() }
}

extension Tenant {
  /// The directory as the class that it is here.
  var core: Directory {
    get throws { try XCTUnwrap(directory as? Directory) }
  }
}
