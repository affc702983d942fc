import Dispatch
import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// A change that takes long is computed beside the others, and comes out as if one had come after the other.
final class DirectoryEditTests: DirectoryTestCase {
  private static let much = WorkBudget.Limit.held.units + 1

  /// Sets titles after so much work, `meanwhile` runs after each computation; returns how often it was computed.
  private func edit(
    _ tenant: Tenant, _ users: [Resource], work: Int = much, deletes: Bool = false, maxHeldBytes: Int = .max,
    meanwhile: @escaping @Sendable (Int) throws -> Void = { _ in }
  ) throws -> (times: Int, result: Result<String?, SCIMError>) {
    let times = Locked(0)
    let found = Locked<Result<String?, SCIMError>?>(nil)
    let done = DispatchSemaphore(value: 0)
    let type = tenant.user
    try tenant.core.edit(Tenant.context) { (tx) throws(SCIMError) -> String? in
      try tx.budget.spend(work)
      tx.maxHeldBytes = maxHeldBytes
      for user in users {
        try tx.step { tx throws(SCIMError) in
          let old = try tx.resource(type, user.id.text)
          if deletes { return try tx.delete(old) }
          var document = old.document
          document.attributes["title"] = "Countess"
          try tx.update(old, document.ordered(for: type), [], skipsUnknown: false)
        }
      }
      let time = times.withLock { times in
        times += 1
        return times
      }
      do { try meanwhile(time) } catch { throw SCIMError(.invalidValue, "\(error)") }
      return nil
    } show: { _, edited in
      users.last.flatMap { edited.version(of: $0.id) }
    } _: { pending in
      pending.whenDurable { result in
        found.withLock { $0 = result }
        done.signal()
      }
    }
    done.wait()
    return (times.withLock { $0 }, try XCTUnwrap(found.withLock { $0 }))
  }

  func testAChangeBeyondWhatMayBeHeldIsMadeOnAWorkerAndSurvivesARestart() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    let (times, result) = try edit(tenant, [ada])
    XCTAssertEqual(times, 1)
    let now = try tenant.read(ada)
    XCTAssertEqual(now.json["title"], "Countess")
    XCTAssertEqual(try result.get(), now.version)
    XCTAssertEqual(try dumpOfCopy(), try tenant.dump())
    store.close()
  }

  func testItIsComputedAgainWhereOthersChangeTheSame() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    let (times, result) = try edit(tenant, [ada]) { time in
      guard time == 1 else { return }
      try tenant.patch(ada, [["op": "replace", "path": "nickName", "value": "A"]])
    }
    XCTAssertEqual(times, 2)
    let now = try tenant.read(ada)
    XCTAssertEqual(now.json["title"], "Countess")
    XCTAssertEqual(now.json["nickName"], "A")
    XCTAssertEqual(try result.get(), now.version)
    store.close()
  }

  func testTheVersionIsTheRealOneWhereOthersChangeSomethingElse() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    let (times, result) = try edit(tenant, [ada]) { _ in
      try tenant.createUser("eve")
    }
    XCTAssertEqual(times, 1)
    XCTAssertEqual(try result.get(), try tenant.read(ada).version)
    XCTAssertEqual(try dumpOfCopy(), try tenant.dump())
    store.close()
  }

  func testADeletionIsComputedAgainWhereTheUserJoinsAGroupMeanwhile() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    let (times, result) = try edit(tenant, [ada], deletes: true) { time in
      if time == 1 { try tenant.createGroup("Team", [ada]) }
    }
    XCTAssertEqual(times, 2)
    XCTAssertNoThrow(try result.get())
    XCTAssertThrowsError(try tenant.read(ada))
    XCTAssertEqual(try dumpOfCopy(), try tenant.dump())
    store.close()
  }

  func testWhatOthersAlwaysGetInTheWayOfIsRefusedWith503AndChangesNothing() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    let (times, result) = try edit(tenant, [ada]) { time in
      let name: JSONValue = ["op": "replace", "path": "nickName", "value": .string("\(time)")]
      try tenant.patch(ada, [name])
    }
    XCTAssertGreaterThan(times, 1)
    XCTAssertThrowsError(try result.get()) { XCTAssertEqual(($0 as? SCIMError)?.code, .busy) }
    XCTAssertNil(try tenant.read(ada).json["title"])
    store.close()
  }

  func testWhatIsTooMuchForAWorkerIsRefusedWith413AndChangesNothing() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let ada = try tenant.createUser("ada")
    let (times, result) = try edit(tenant, [ada], work: WorkBudget.Limit.computed.units + 1)
    XCTAssertEqual(times, 0)
    XCTAssertThrowsError(try result.get()) { error in
      XCTAssertEqual((error as? SCIMError)?.code, .changeTooMuchWork)
      XCTAssertTrue((error as? SCIMError)?.detail.contains("maxComputedWork") ?? false)
    }
    XCTAssertNil(try tenant.read(ada).json["title"])
    store.close()
  }

  func testManyChangesOfOneResourceAreOneWithWhatWasBeforeAllOfThem() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let (ada, bob) = (try tenant.createUser("ada"), try tenant.createUser("bob"))
    _ = try tenant.directory.writeTogether { tx throws(SCIMError) in
      for number in 0..<10 {
        for user in [ada, bob] {
          do throws(SCIMError) {
            try tx.step { tx throws(SCIMError) in
              var document = try tx.resource(user.type, user.id.text).document
              document.attributes["title"] = .string("t\(number)")
              try tx.update(user.type, user.id.text, document.ordered(for: user.type), [])
              if number == 9 { throw SCIMError(.invalidValue, "the last is refused") }
            }
          } catch { XCTAssertEqual(number, 9) }
        }
      }
    }
    for user in [ada, bob] {
      XCTAssertEqual(try tenant.read(user).json["title"], "t8")
      let events = try tenant.core.history(of: user.id).events
      XCTAssertEqual(events.last?.effects.count, 1)
      guard case .changed("title", nil, "t8")? = events.last?.effects.first else {
        return XCTFail("\(events)")
      }
    }
    XCTAssertEqual(try dumpOfCopy(), try tenant.dump())
    store.close()
  }

  func testAChangeOfTooManyBytesIsRefused() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let users = try (0..<20).map {
      try tenant.create(
        tenant.user, ["userName": .string("u\($0)"), "title": .string(String(repeating: "a", count: 1000))])
    }
    let (some, others) = (Array(users.prefix(10)), Array(users.suffix(10)))
    // Each counts once.
    _ = try edit(tenant, some + some, work: 0, maxHeldBytes: 15_000).result.get()
    let result = try edit(tenant, others, work: 0, maxHeldBytes: 9_000).result
    guard case .failure(let error) = result else { return XCTFail("not refused") }
    XCTAssertEqual(error.code, .changesTooLarge)
    XCTAssertTrue(error.detail.contains("maxHeldBytes"), error.detail)
    XCTAssertNotEqual(try tenant.read(users[19]).json["title"], "Countess")
    store.close()
  }
}
