import SCIM
import Storage
import XCTest

@testable import Credentials

/// The steps of setting up that were seen of a connection.
final class ConnectionStepsTests: XCTestCase {
  private let time = DateTime(milliseconds: 1_800_000_000_000)

  private func connection(_ store: Store) throws -> (ResourceID, Directory) {
    let directory = try store.directory(named: "default").get()
    let type = directory.administrativeType("Connection")
    let document = ConnectionDescription(name: "Okta", provider: "okta").document
    let context = RequestContext(Actor(.server), requestID: "", operation: "TEST")
    let made = directory.write(context) { tx throws(SCIMError) in
      try tx.create(type, document.ordered(for: type), members: [], skipsUnknown: false)
    }
    return (try XCTUnwrap(try made.whenDurable().get()?.id), directory)
  }

  private func texts(_ steps: ConnectionSteps, _ id: ResourceID) -> [String] {
    steps.steps(of: id).map { "\($0.step) \($0.time) \($0.requestID)" }
  }

  func testConnectionSteps_FirstTime_IsKeptOverARestart() throws {
    let fixture = try KeyFixture(self)
    var (store, _, _) = try fixture.open()
    let (id, _) = try connection(store)
    let steps = ConnectionSteps(store)
    XCTAssertEqual(texts(steps, id), [])
    steps.saw([.userCreated, .keyAccepted], by: id, in: "default", at: time, requestID: "one")
    steps.upkeep()
    let later = DateTime(milliseconds: time.milliseconds + 1000)
    steps.saw([.keyAccepted, .groupCreated], by: id, in: "default", at: later, requestID: "two")
    let expected = ["keyAccepted \(time) one", "userCreated \(time) one", "groupCreated \(later) two"]
    XCTAssertEqual(texts(steps, id), expected, "in the order of the set-up")
    steps.upkeep()
    (store, _, _) = try fixture.open()
    XCTAssertEqual(texts(ConnectionSteps(store), id), expected)
  }

  func testConnectionSteps_SeenAgain_WriteNothing() throws {
    let fixture = try KeyFixture(self)
    let (store, _, _) = try fixture.open()
    let (id, directory) = try connection(store)
    let steps = ConnectionSteps(store)
    steps.saw([.keyAccepted], by: id, in: "default", at: time, requestID: "one")
    steps.upkeep()
    let note = directory.note("steps:\(id.text)").whenDurable()
    let record = directory.head.seq
    for _ in 0..<10 {
      steps.saw([.keyAccepted], by: id, in: "default", at: time, requestID: "two")
      steps.upkeep()
    }
    XCTAssertEqual(directory.note("steps:\(id.text)").whenDurable(), note)
    XCTAssertEqual(directory.head.seq, record)
  }

  func testConnectionSteps_OfAConnectionThatWasRemoved_AreNotWritten() throws {
    let fixture = try KeyFixture(self)
    let (store, _, _) = try fixture.open()
    let directory = try store.directory(named: "default").get()
    let steps = ConnectionSteps(store)
    let id = try XCTUnwrap(ResourceID("11111111-1111-4111-8111-111111111111"))
    steps.saw([.keyAccepted], by: id, in: "default", at: time, requestID: "one")
    steps.upkeep()
    XCTAssertNil(directory.note("steps:\(id.text)").whenDurable())
  }
}
