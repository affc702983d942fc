import Foundation
import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// A damaged log becomes one that a server starts on; what is lost is told exactly, and nothing is destroyed.
final class RepairTests: RepairTestCase {
  /// Twenty users, each a record, and what the state is then.
  @discardableResult
  private func fill(snapshotBytes: Int) throws -> [String] {
    let store = try openStore(options: options(snapshotBytes: snapshotBytes))
    let tenant = try store.tenant()
    for number in 1...20 { try tenant.createUser("user\(number)") }
    let dump = try tenant.dump()
    store.close()
    return dump
  }

  /// The same in a folder that was not closed: its journal, and no snapshot.
  private func fillOpen() throws -> [String] {
    let store = try openStore()
    let tenant = try store.tenant()
    for number in 1...20 { try tenant.createUser("user\(number)") }
    let dump = try tenant.dump()
    try cutOff(store)
    return dump
  }

  func testASoundLogIsLeftAlone() throws {
    try fill(snapshotBytes: 2048)
    let before = try FileSystem.list(log)
    XCTAssertTrue(try repair().report.isSound)
    XCTAssertEqual(try FileSystem.list(log), before)
  }

  func testADamagedRecordInTheMiddleIsLostAndNamedAndAllOthersAreKept() throws {
    for number in [1, 2, 7, 19] {
      try startOver()
      let dump = try fillOpen()
      let damaged = try damage([number])
      XCTAssertThrowsError(try openStore())
      let repair = try repair()
      XCTAssertEqual(repair.report.lostFromState, [UInt64(number)...UInt64(number)])
      XCTAssertEqual(repair.report.lostChanges, [])
      XCTAssertEqual(try bytes(LogName.segment(first: 1)), damaged, "looking changes nothing")
      let rest = try repaired(repair)
      XCTAssertEqual(Set(dump.dropFirst()).subtracting(rest).count, 1)
      XCTAssertTrue(Set(dump.dropFirst()).subtracting(rest).allSatisfy { $0.contains("\"user\(number)\"") })
      let aside = try FileSystem.list(log).filter { $0.contains(".damaged-") }
      XCTAssertEqual(try aside.map(bytes), [damaged])
    }
  }

  func testTwoRecordsThatRanTogetherAreBothKept() throws {
    let dump = try fillOpen()
    let name = LogName.segment(first: 1)
    var content = try bytes(name)
    let ends = content.indices.filter { content[$0] == 0x0A }
    content[ends[5]] ^= 1
    try put(name, content)
    let repair = try repair()
    XCTAssertEqual(repair.report.lostRecords, [])
    XCTAssertEqual(try repaired(repair), dump)
  }

  func testAChangeOfSomethingLostIsLostTooAndTheRestOfItsRecordIsKept() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    let bob = try tenant.createUser("bob")
    let staff = try tenant.createGroup("Staff", [bob])
    try tenant.patch(ada, [["op": "replace", "path": "title", "value": "x"]])
    try tenant.add([ada, bob], to: staff)
    try cutOff(store)
    try damage([1])
    let repair = try repair()
    XCTAssertEqual(repair.report.lostRecords, [1...1])
    XCTAssertEqual(repair.report.lostChanges.map(\.seq), [4, 5])
    XCTAssertEqual(repair.report.lostChanges.map(\.id), [ada.id.text, staff.id.text])
    let dump = try repaired(repair)
    XCTAssertEqual(dump.count, 3)
    XCTAssertTrue(dump.contains { $0.contains("Staff") && $0.contains(bob.id.text) })
  }

  func testABrokenSnapshotIsReplacedByTheOneBeforeAndTheJournal() throws {
    let dump = try fill(snapshotBytes: 2048)
    let all = try names("snapshot-")
    XCTAssertEqual(all.count, 2)
    var content = try bytes(all[1])
    content[content.count / 2] ^= 4
    try put(all[1], content)
    XCTAssertNotEqual(try LogReport(folder: log, directory: "default").problems, [])
    let repair = try repair()
    XCTAssertEqual(repair.report.lostFromState, [])
    XCTAssertEqual(try repaired(repair), dump)
  }

  func testAMissingSegmentOfTheHistoryCostsNothingOfTheState() throws {
    let dump = try fill(snapshotBytes: 2048)
    let all = try names("journal-")
    try FileSystem.unlink("\(log)/\(all[1])")
    let repair = try repair()
    XCTAssertEqual(repair.report.lostFromState, [])
    XCTAssertEqual(repair.report.lostRecords.count, 1)
    XCTAssertEqual(try repaired(repair), dump)
  }

  func testAMissingNewestSegmentIsToldAsALossOfUnknownSize() throws {
    let dump = try fill(snapshotBytes: 2048)
    let newest = try XCTUnwrap(try names("journal-").last)
    try FileSystem.unlink("\(log)/\(newest)")
    XCTAssertThrowsError(try openStore())
    let repair = try repair()
    XCTAssertEqual(repair.report.endsAfter, 20)
    XCTAssertEqual(try repaired(repair), dump)
  }

  func testWithoutAnySnapshotTheJournalIsAllThereIs() throws {
    let dump = try fill(snapshotBytes: 2048)
    for name in try names("snapshot-") { try FileSystem.unlink("\(log)/\(name)") }
    try FileSystem.unlink("\(log)/\(LogName.segment(first: 1))")
    let repair = try repair()
    let first = try XCTUnwrap(try names("journal-").first.flatMap { LogName.segmentFirst($0) })
    XCTAssertEqual(repair.report.lostFromState, [1...(first - 1)])
    let rest = try repaired(repair)
    XCTAssertEqual(Set(rest.dropFirst()), Set(dump.dropFirst().suffix(20 - Int(first - 1))))
  }

  func testNoStateIsBroughtPastALossBySilence() throws {
    _ = try fillOpen()
    try damage([7])
    _ = try repaired(try repair())
    for snapshot in try names("snapshot-") {
      var content = try bytes(snapshot)
      content[content.count / 2] ^= 4
      try put(snapshot, content)
    }
    XCTAssertThrowsError(try openStore()) { error in
      XCTAssertTrue("\(error)".contains("store repair"), "\(error)")
    }
  }

  func testWhateverIsFlippedCutOrMissingARepairEndsInASoundFolder() throws {
    let dump = try fill(snapshotBytes: 2048)
    let store = try openStore()
    for number in 21...25 { try store.tenant().createUser("user\(number)") }
    let original = try copyOfFolder()
    let full = try store.tenant().dump()
    store.close()
    XCTAssertEqual(full.count, dump.count + 5)
    var random = SeededRandom()
    for round in 0..<100 {
      try FileManager.default.removeItem(atPath: folder)
      try FileManager.default.copyItem(atPath: original, toPath: folder)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let all = try names("")
        guard let name = all.randomElement(using: &random) else { continue }
        var content = try bytes(name)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: try FileSystem.unlink("\(log)/\(name)")
        case 1 where !content.isEmpty:
          content.removeLast(Int.random(in: 1...content.count, using: &random))
          try put(name, content)
        default:
          guard !content.isEmpty else { continue }
          let place = Int.random(in: 0..<content.count, using: &random)
          content[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
          try put(name, content)
        }
      }
      do {
        let repair = try repair()
        let damages = try FileSystem.list(log)
        guard !repair.report.isSound else { continue }
        let rest = try repaired(repair)
        XCTAssertEqual(Set(rest.dropFirst()).subtracting(full), [], "round \(round): nothing is invented")
        let isWhole = repair.report.lostFromState.isEmpty && repair.report.lostChanges.isEmpty
        if isWhole, repair.report.endsAfter == nil, repair.report.last == 25 {
          XCTAssertEqual(rest, full, "round \(round) \(damages)")
        }
      } catch StoreError.log(.newerFormat) {
        continue
      }
    }
  }

  func testResourcesOfATypeThatIsNotDefinedHereAreNoDamage() throws {
    try fill(snapshotBytes: 2048)
    let user = try XCTUnwrap(try Catalog.standard().type(named: "User"))
    let other = Catalog(schemas: [], types: [try XCTUnwrap(try Catalog.standard().type(named: "Group"))])
    XCTAssertNil(other.type(named: user.name))
    XCTAssertThrowsError(
      try LogSurvey(folder: log, directory: "default", catalog: other, options: StoreOptions())
    ) { error in XCTAssertTrue((error as? StoreError)?.isAboutSchemas == true, "\(error)") }
  }

  func testARepairThatIsCutShortCanBeDoneAgain() throws {
    let dump = try fillOpen()
    try damage([7])
    let damaged = try copyOfFolder()
    for stop in 1...12 {
      try FileManager.default.removeItem(atPath: folder)
      try FileManager.default.copyItem(atPath: damaged, toPath: folder)
      let disk = FaultyDisk(atCall: { $0 >= stop ? .deadTorn : nil })
      _ = try? repair().carryOut(io: disk.io)
      clock.advance(by: 1000)
      let rest = try repaired(try repair())
      XCTAssertEqual(Set(dump.dropFirst()).subtracting(rest).count, 1, "call \(stop)")
    }
  }
}
