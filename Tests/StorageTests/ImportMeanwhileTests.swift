import Dispatch
import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// What others do while an import is prepared: they do not wait, and it comes out as if one had come after the other.
final class ImportMeanwhileTests: DirectoryTestCase {
  /// A directory with a user, `ada`, and a group of one member.
  private struct Scene {
    let tenant: Tenant
    let ada: Resource
    let bob: Resource
    let team: Resource

    init(_ store: Store) throws {
      tenant = try store.tenant()
      ada = try tenant.createUser("ada")
      bob = try tenant.createUser("bob")
      team = try tenant.createGroup("Team", [bob])
    }

    /// A title for ada, a new user `eve`, and ada in the team.
    func change(_ tx: any TransactionContract) throws(SCIMError) {
      try tenant.set("title", "Countess", of: ada, tx)
      try tenant.create("eve", tx)
      try tenant.add(ada, to: team, tx)
    }

    /// Imports that; `rival` runs each time after `change` did, with the number of the time. Returns how often.
    func importing(_ rival: (Scene, Int) throws -> Void) -> (times: Int, result: Result<Bool, any Error>) {
      var times = 0
      let result = Result {
        try tenant.directory.importing { tx throws(SCIMError) in
          try change(tx)
          times += 1
          do { try rival(self, times) } catch { throw SCIMError(.invalidValue, "\(error)") }
          return (true, true)
        }
      }
      return (times, result)
    }
  }

  private func check(
    _ times: Int, file: StaticString = #filePath, line: UInt = #line, _ rival: (Scene) throws -> Void
  ) throws {
    try setUpWithError()
    let store = try openStore()
    let scene = try Scene(store)
    let outcome = scene.importing { scene, time in if time == 1 { try rival(scene) } }
    XCTAssertEqual(outcome.times, times, file: file, line: line)
    XCTAssertNoThrow(try outcome.result.get(), file: file, line: line)
    XCTAssertEqual(try scene.tenant.read(scene.ada).json["title"], "Countess", file: file, line: line)
    XCTAssertTrue(
      try scene.tenant.read(scene.team).memberIDs.contains(scene.ada.id.text), file: file, line: line)
    XCTAssertEqual(try dumpOfCopy(), try scene.tenant.dump(), file: file, line: line)
    store.close()
  }

  private static let title: JSONValue = ["op": "replace", "path": "title", "value": "Analyst"]

  func testOthersWriteWhileAnImportIsPreparedAndItIsPreparedOnceWhereTheyChangeOtherThings() throws {
    try check(1) { scene in
      let mallory = try scene.tenant.createUser("mallory")
      try scene.tenant.patch(scene.bob, [Self.title])
      try scene.tenant.createGroup("Others", [scene.ada, mallory])
      try scene.tenant.delete(mallory)
      XCTAssertNil(
        try scene.tenant.read(scene.ada).json["title"], "nothing of an import shows before it is made")
    }
  }

  func testAnImportIsPreparedAgainWhereOthersChangedWhatItChanges() throws {
    try check(2) { try $0.tenant.patch($0.ada, [["op": "replace", "path": "nickName", "value": "A"]]) }
    try check(2) {
      try $0.tenant.patch($0.team, [["op": "replace", "path": "displayName", "value": "Crew"]])
    }
    try check(2) { try $0.tenant.remove([$0.bob], from: $0.team) }
    try check(2) { try Self.importSome($0.tenant, 0, 0, [$0.ada], $0.team) }
  }

  func testAnImportThatIsPreparedAgainKeepsWhatOthersChanged() throws {
    let store = try openStore()
    let scene = try Scene(store)
    let outcome = scene.importing { scene, time in
      if time == 1 {
        try scene.tenant.patch(scene.ada, [["op": "replace", "path": "nickName", "value": "A"]])
      }
    }
    XCTAssertNoThrow(try outcome.result.get())
    let ada = try scene.tenant.read(scene.ada).json
    XCTAssertEqual(ada["nickName"], "A")
    XCTAssertEqual(ada["title"], "Countess")
    store.close()
  }

  func testWhoAsksForWhatWasModifiedSinceTheLastTimeMissesNoImport() throws {
    let store = try openStore()
    let scene = try Scene(store)
    let clock = clock
    var asked: Int64 = 0
    let outcome = scene.importing { scene, _ in
      clock.advance(by: 10_000)
      asked = clock.now
      clock.advance(by: 10_000)
    }
    XCTAssertNoThrow(try outcome.result.get())
    let eve = try XCTUnwrap(try scene.tenant.page(scene.tenant.user, "userName eq \"eve\"").resources.first)
    XCTAssertGreaterThan(eve.created, asked)
    for changed in [scene.ada, scene.team] {
      XCTAssertGreaterThan(try scene.tenant.read(changed).modified, asked)
    }
    XCTAssertEqual(try dumpOfCopy(), try scene.tenant.dump())
    store.close()
  }

  func testAnImportIsRefusedWhereOthersTookAUniqueValueMeanwhile() throws {
    let rivals: [(Scene) throws -> Void] = [
      { _ = try $0.tenant.createUser("EVE") },
      { try $0.tenant.patch($0.bob, [["op": "replace", "path": "userName", "value": "eve"]]) },
    ]
    for rival in rivals {
      try setUpWithError()
      let store = try openStore()
      let scene = try Scene(store)
      var before: [String] = []
      let outcome = scene.importing { scene, time in
        guard time == 1 else { return }
        try rival(scene)
        before = try scene.tenant.dump()
      }
      XCTAssertThrowsError(try outcome.result.get()) { XCTAssertEqual(($0 as? SCIMError)?.status, 409) }
      XCTAssertEqual(try scene.tenant.dump(), before)
      store.close()
    }
  }

  func testAnImportDoesNotMakeAMemberOfAUserWhoIsDeletedMeanwhile() throws {
    let store = try openStore()
    let scene = try Scene(store)
    let carl = try scene.tenant.createUser("carl")
    var times = 0
    XCTAssertThrowsError(
      try scene.tenant.directory.importing { tx throws(SCIMError) in
        times += 1
        try scene.tenant.add(carl, to: scene.team, tx)
        if times == 1 { try? scene.tenant.delete(carl) }
        return (true, true)
      }
    ) { XCTAssertEqual(($0 as? SCIMError)?.kind, .invalidValue) }
    XCTAssertEqual(try dumpOfCopy(), try scene.tenant.dump())
    store.close()
  }

  func testAnImportThatOthersDisturbEachTimeIsMadeInTheEnd() throws {
    let store = try openStore()
    let scene = try Scene(store)
    let outcome = scene.importing { scene, time in
      // The last time everybody waits.
      if time <= 3 {
        try scene.tenant.patch(
          scene.ada, [["op": "replace", "path": "nickName", "value": .string("\(time)")]])
      }
    }
    XCTAssertNoThrow(try outcome.result.get())
    store.close()
  }

  func testImportsAndWritesAtTheSameTimeAreReadBackTheSame() throws {
    let store = try openStore(options: options(snapshotBytes: 20_000))
    let tenant = try store.tenant()
    let users = try (0..<20).map { try tenant.createUser("old\($0)") }
    let team = try tenant.createGroup("Team")
    let failures = Locked<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 4) { worker in
      do {
        for round in 0..<20 {
          if worker < 2 {
            try Self.importSome(tenant, worker, round, users, team)
          } else {
            let user = users[(round * 7 + worker) % users.count]
            try tenant.patch(
              user, [["op": "replace", "path": "title", "value": .string("\(worker) \(round)")]])
            try tenant.createUser("new\(worker)-\(round)")
            try tenant.add([user], to: team)
          }
        }
      } catch {
        failures.withLock { $0.append("\(error)") }
      }
    }
    XCTAssertEqual(failures.withLock { $0 }, [])
    XCTAssertEqual(try dumpOfCopy(), try tenant.dump())
    XCTAssertEqual(try tenant.dump().count, 1 + users.count + 1 + 2 * 20 + 2 * 20 * 10)
    store.close()
  }

  /// Ten new users, one changed, one a member.
  private static func importSome(
    _ tenant: Tenant, _ worker: Int, _ round: Int, _ users: [Resource], _ team: Resource
  ) throws {
    let old = users[(round * 3 + worker) % users.count]
    _ = try tenant.directory.importing { tx throws(SCIMError) in
      for number in 0..<10 { try tenant.create("import\(worker)-\(round)-\(number)", tx) }
      try tenant.set("nickName", "\(worker) \(round)", of: old, tx)
      try tenant.add(old, to: team, tx)
      return (true, true)
    }
  }
}

// Steps of an import.
extension Tenant {
  fileprivate func create(_ name: String, _ tx: any TransactionContract) throws(SCIMError) {
    _ = try tx.step { tx throws(SCIMError) in
      try tx.create(user, Document(["userName": .string(name)]), members: [])
    }
  }

  fileprivate func set(
    _ attribute: String, _ text: String, of old: Resource, _ tx: any TransactionContract
  ) throws(SCIMError) {
    try tx.step { tx throws(SCIMError) in
      var document = try tx.resource(user, old.id.text).document.attributes
      document[attribute] = .string(text)
      try tx.update(user, old.id.text, Document(document).ordered(for: user), [])
    }
  }

  fileprivate func add(
    _ member: Resource, to team: Resource, _ tx: any TransactionContract
  ) throws(SCIMError) {
    try tx.step { tx throws(SCIMError) in
      let document = try tx.resource(group, team.id.text).document
      try tx.update(group, team.id.text, document, [.add([member.id.text])])
    }
  }
}
