import Foundation
import Platform
import SCIM
import Credentials
import XCTest

/// A folder that is gone when the test ends, a clock the test moves, and stores on both.
final class KeyFixture {
  let folder: String
  let clock = Locked(Int64(1_800_000_000_000))

  init(_ test: XCTestCase) throws {
    folder = NSTemporaryDirectory() + "scimd-keys-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let folder = folder
    test.addTeardownBlock { try? FileManager.default.removeItem(atPath: folder) }
  }

  var environment: Environment {
    var environment = Environment.system
    let clock = clock
    environment.now = { clock.withLock { $0 } }
    return environment
  }

  var file: String { folder + "/keys.json" }

  func store() throws -> KeyStore { try KeyStore(folder: folder, environment: environment) }

  func write(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: file)) }

  func fileText() throws -> String { try String(contentsOfFile: file, encoding: .utf8) }
}

extension KeyStore {
  func authenticate(_ secret: String) -> KeyCheck { authenticate(Array(secret.utf8)[...]) }
}
