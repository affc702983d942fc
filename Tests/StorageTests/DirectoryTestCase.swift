import Foundation
import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// A data folder of its own for each test, a clock and ids that are the same in every run.
class DirectoryTestCase: XCTestCase {
  var folder = ""
  private(set) var clock = TestClock()
  private(set) var events = Events()
  /// One for all stores of a test, so that a resource of one can be asked of another.
  private let catalog = Result { try Catalog.standard() }
  private var copies: [String] = []

  override func setUpWithError() throws {
    folder = Self.newFolder()
    clock = TestClock()
    events = Events()
  }

  override func tearDown() {
    for path in copies + [folder] { try? FileManager.default.removeItem(atPath: path) }
  }

  /// Another empty folder and another clock in place of those before.
  func startOver() throws {
    tearDown()
    try setUpWithError()
  }

  private static func newFolder() -> String {
    let base = FileSystem.isDirectory("/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()
    return base + "scimd-store-\(UUID().uuidString)"
  }

  /// Opens the store of a folder, this test's own where none is named.
  func openStore(
    _ path: String? = nil, options: StoreOptions = StoreOptions(), catalog: Catalog? = nil,
    io: LogIO = .system, environment: Environment? = nil
  ) throws -> Store {
    try opener(path ?? folder, options: options, catalog: catalog, io: io, environment: environment)()
  }

  /// What opens the store of a folder, as often as it is called.
  func opener(
    _ path: String, options: StoreOptions, catalog: Catalog?, io: LogIO = .system,
    environment: Environment? = nil
  ) -> @Sendable () throws -> Store {
    let (events, standard, environment) = (events, self.catalog, environment ?? clock.environment)
    return {
      try Store(
        folder: try DataFolder.open(path), catalog: try catalog ?? standard.get(), options: options,
        environment: environment, io: io
      ) { event in events.add(event) }
    }
  }

  /// The folder as a power cut at this moment could leave it.
  func copyOfFolder() throws -> String {
    let copy = Self.newFolder()
    copies.append(copy)
    try FileManager.default.copyItem(atPath: folder, toPath: copy)
    return copy
  }

  func options(snapshotBytes: Int) -> StoreOptions {
    var options = StoreOptions()
    options.snapshotBytes = snapshotBytes
    return options
  }

  /// What the folder's directory comes to when it is read back.
  func dumpOfCopy() throws -> [String] {
    let store = try openStore(try copyOfFolder())
    defer { store.close() }
    return try store.tenant().dump()
  }

  func assertError(
    _ status: Int, _ kind: SCIMError.Kind? = nil, code: SCIMError.Code? = nil,
    file: StaticString = #filePath, line: UInt = #line,
    _ body: () throws -> Void
  ) {
    XCTAssertThrowsError(try body(), file: file, line: line) { error in
      XCTAssertEqual((error as? SCIMError)?.status, status, "\(error)", file: file, line: line)
      if let kind { XCTAssertEqual((error as? SCIMError)?.kind, kind, file: file, line: line) }
      if let code { XCTAssertEqual((error as? SCIMError)?.code, code, file: file, line: line) }
    }
  }
}

/// A wall clock that stands still until it is set, and ids in a fixed sequence.
final class TestClock: Sendable {
  private let time = Locked<Int64>(1_795_232_163_000)
  private let random = Locked(SeededRandom())

  var now: Int64 { time.withLock { $0 } }
  func advance(by milliseconds: Int64) { time.withLock { $0 += milliseconds } }

  var environment: Environment {
    Environment(
      now: { [time] in time.withLock { $0 } }, monotonic: { 0 },
      randomBytes: { [random] count in
        random.withLock { random in (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 32) } }
      })
  }
}

/// What a store reported.
final class Events: Sendable {
  private let events = Locked<[StoreEvent]>([])

  func add(_ event: StoreEvent) { events.withLock { $0.append(event) } }

  /// Of all directories but `_system`.
  var snapshots: Int {
    events.withLock {
      $0.filter { if case .snapshot(let name, _, _, _) = $0 { name != DataFolder.systemName } else { false } }
        .count
    }
  }

  var warnings: [String] {
    events.withLock { $0.compactMap { if case .warning(let text) = $0 { text } else { nil } } }
  }

  var stops: [String] {
    events.withLock { $0.compactMap { if case .journalStopped(_, let reason) = $0 { reason } else { nil } } }
  }
}
