import SCIM
@testable import Storage
import XCTest

/// The stores that keep the contract.
enum TestedStore {
  case files
  /// The same store, closed and opened again before each look at what was changed.
  case reopenedFiles
}

/// A test case of what every store does. It runs against the store `tested`; a subclass that overrides that runs the
/// same tests against another one.
class StoreContractTestCase: DirectoryTestCase {
  var tested: TestedStore { .files }

  /// The store of this test, also once more after it was closed.
  final func open(
    _ options: StoreOptions = StoreOptions(), _ catalog: Catalog? = nil
  ) throws -> any StoreContract {
    try open(at: folder, options, catalog)
  }

  /// What a power cut at this moment would leave of the store, which may be open.
  final func afterPowerCut() throws -> any StoreContract {
    try open(at: try copyOfFolder(), StoreOptions(), nil)
  }

  private func open(
    at place: String, _ options: StoreOptions, _ catalog: Catalog?
  ) throws -> any StoreContract {
    let files = opener(place, options: options, catalog: catalog)
    switch tested {
    case .files: return try files()
    case .reopenedFiles: return try ReopenedStore(files)
    }
  }

  final func assertAPowerCutLosesNothing(
    _ tenant: Tenant, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    let store = try afterPowerCut()
    defer { store.close() }
    XCTAssertEqual(try store.tenant().dump(), try tenant.dump(), file: file, line: line)
  }
}
