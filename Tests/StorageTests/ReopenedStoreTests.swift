import Foundation
import XCTest

// What every store does, of one that shows nothing but what its files hold.
//
// On Linux the inherited tests of a class are found only where it has a test of its own.

final class ReopenedDeletedResourceTests: DeletedResourceTests {
  override var tested: TestedStore { .reopenedFiles }
  func testItsStoreIsReopened() throws { XCTAssertTrue(try open() is ReopenedStore) }
}

final class ReopenedDirectoryCursorTests: DirectoryCursorTests {
  override var tested: TestedStore { .reopenedFiles }
  func testItsStoreIsReopened() throws { XCTAssertTrue(try open() is ReopenedStore) }
}

final class ReopenedDirectoryMembershipTests: DirectoryMembershipTests {
  override var tested: TestedStore { .reopenedFiles }
  func testItsStoreIsReopened() throws { XCTAssertTrue(try open() is ReopenedStore) }
}

final class ReopenedDirectoryQueryTests: DirectoryQueryTests {
  override var tested: TestedStore { .reopenedFiles }
  func testItsStoreIsReopened() throws { XCTAssertTrue(try open() is ReopenedStore) }
}

final class ReopenedDirectoryUniquenessTests: DirectoryUniquenessTests {
  override var tested: TestedStore { .reopenedFiles }
  func testItsStoreIsReopened() throws { XCTAssertTrue(try open() is ReopenedStore) }
}

final class ReopenedDirectoryVersionTests: DirectoryVersionTests {
  override var tested: TestedStore { .reopenedFiles }
  func testItsStoreIsReopened() throws { XCTAssertTrue(try open() is ReopenedStore) }
}

final class ReopenedImportTests: ImportTests {
  override var tested: TestedStore { .reopenedFiles }
  func testItsStoreIsReopened() throws { XCTAssertTrue(try open() is ReopenedStore) }
}

final class ReopenedManagerTests: ManagerTests {
  override var tested: TestedStore { .reopenedFiles }
  func testItsStoreIsReopened() throws { XCTAssertTrue(try open() is ReopenedStore) }
}

final class ReopenedOwnTypeTests: OwnTypeTests {
  override var tested: TestedStore { .reopenedFiles }
  func testItsStoreIsReopened() throws { XCTAssertTrue(try open() is ReopenedStore) }
}

final class ReopenedTransactionStepTests: TransactionStepTests {
  override var tested: TestedStore { .reopenedFiles }
  func testItsStoreIsReopened() throws { XCTAssertTrue(try open() is ReopenedStore) }
}

final class StoreContractTests: XCTestCase {
  func testEveryTestCaseOfTheContractIsRunOnceMore() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Contract")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    for name in files.filter({ $0.hasSuffix("Tests.swift") }).map({ $0.dropLast(".swift".count) }) {
      XCTAssertNotNil(NSClassFromString("StorageTests.Reopened\(name)"), "\(name)")
    }
  }
}
