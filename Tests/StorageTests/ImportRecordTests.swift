import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// A change of any size on the disk.
final class ImportRecordTests: DirectoryTestCase {
  /// Some 40 MB of users: too much for one record.
  private func importMany(_ tenant: Tenant, _ count: Int) throws {
    let padding = String(repeating: "x", count: 60_000)
    let made = try tenant.directory.importing { tx throws(SCIMError) in
      for number in 0..<count {
        let document = Document(["userName": .string("user\(number)"), "title": .string(padding)])
        _ = try tx.step { tx throws(SCIMError) in try tx.create(tenant.user, document, members: []) }
      }
      return (count, true)
    }
    XCTAssertEqual(made, count)
  }

  func testAChangeThatIsTooLongForOneRecordIsSeveralAndReadBackTheSame() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    try importMany(tenant, 700)
    XCTAssertGreaterThan(try tenant.core.journal.last, 1)
    let dump = try tenant.dump()
    XCTAssertEqual(dump.count, 701)
    XCTAssertEqual(try dumpOfCopy(), dump)
    store.close()
  }

  func testUpTo2000ChangesAreOneRecordAndMoreAreRecordsOf250() throws {
    for (count, records) in [(2000, 1), (2001, 9)] {
      try startOver()
      let store = try openStore()
      let tenant = try store.tenant()
      _ = try tenant.directory.importing { tx throws(SCIMError) in
        for number in 0..<count {
          let document = Document(["userName": .string("user\(number)")])
          _ = try tx.create(tenant.user, document, members: [])
        }
        return (count, true)
      }
      XCTAssertEqual(try tenant.core.journal.last, UInt64(records))
      XCTAssertEqual(try dumpOfCopy(), try tenant.dump())
      store.close()
    }
  }

  func testWhatDoesNotFitOnTheDiskChangesNothing() throws {
    let isFull = Locked(false)
    let disk = FaultyDisk { call, _ in
      call == .reserve && isFull.withLock({ $0 }) ? .error(LogIO.noSpace) : nil
    }
    let store = try openStore(io: disk.io)
    let tenant = try store.tenant()
    try tenant.createUser("ada")
    isFull.withLock { $0 = true }
    let before = try tenant.dump()
    assertError(507) { try importMany(tenant, 700) }
    XCTAssertEqual(try tenant.dump(), before)
    isFull.withLock { $0 = false }
    try importMany(tenant, 10)
    store.close()
  }

  func testAChangeOfWhichOnePartIsTooLongForARecordIsRefusedWhole() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let user = tenant.user
    let padding = String(repeating: "x", count: RecordLine.maxBytes)
    assertError(413) {
      _ = try tenant.directory.importing { tx throws(SCIMError) in
        for title in ["short", padding] {
          let document = Document(["userName": .string("user\(title.utf8.count)"), "title": .string(title)])
          _ = try tx.create(user, document, members: [])
        }
        return (2, true)
      }
    }
    XCTAssertEqual(try tenant.dump(), ["0"])
    XCTAssertEqual(try tenant.core.journal.last, 0)
    store.close()
  }
}
