import Foundation
import Platform
import SCIM
import Storage
import XCTest

@testable import Credentials

/// A data folder that is gone when the test ends, a clock the test moves, and key rings on both.
final class KeyFixture {
  let folder: String
  let clock = Locked(Int64(1_800_000_000_000))
  private let opened = Locked<Store?>(nil)

  init(_ test: XCTestCase) throws {
    folder = NSTemporaryDirectory() + "scimd-keys-" + UUID().uuidString
    let folder = folder
    let opened = opened
    test.addTeardownBlock {
      opened.withLock { $0 }?.close()
      try? FileManager.default.removeItem(atPath: folder)
    }
  }

  var environment: Environment {
    var environment = Environment.system
    let clock = clock
    environment.now = { clock.withLock { $0 } }
    return environment
  }

  /// The store, and what answers who is calling. Opened again by every call.
  func open() throws -> (store: Store, keys: KeyRing, administration: KeyAdministration) {
    opened.withLock { $0 }?.close()
    opened.withLock { $0 = nil }
    let store = try Store(
      folder: try DataFolder.open(folder), catalog: try Catalog.standard(), options: StoreOptions(),
      environment: environment, report: { _ in })
    opened.withLock { $0 = store }
    let keys = try KeyRing(store)
    _ = try store.directory(named: "default").get()
    return (store, keys, KeyAdministration(store, keys))
  }

  /// Writes the file in which older versions kept keys.
  func write(_ text: String) throws {
    try DataFolder.open(folder).close()
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/keys.json"))
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder + "/" + name) }
}

extension KeyRing {
  func authenticate(_ secret: String) -> KeyCheck { authenticate(Array(secret.utf8)[...]) }
}
