import Foundation
import Platform
import SCIM
import XCTest

@testable import Storage

/// The master key: where it comes from, how it changes, and that its file and the log never part.
final class MasterKeyTests: DirectoryTestCase {
  private static let context = RequestContext(Actor(.server), requestID: "r", operation: "TEST")
  private static let digits = String(repeating: "0123456789abcdef", count: 4)

  private var file: String { folder + "/secret.key" }

  /// What a start makes of the folder: the fingerprint, or why it refuses.
  private func start(_ other: String? = nil, file: String? = nil) throws -> String {
    let store = try openStore(other)
    defer { store.close() }
    let keys = MasterKeys(store, file: file)
    try keys.open()
    let recorded = try XCTUnwrap(keys.recorded()).fingerprint
    XCTAssertEqual(try keys.fingerprintOfFile(), recorded, "file and log agree after a start")
    return recorded
  }

  private func write(_ path: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  private func names() throws -> [String] {
    try FileSystem.list(folder).filter { $0.contains("key") }
  }

  func testANewFolderGetsOneThatOnlyItsOwnerReadsAndKeepsIt() throws {
    let first = try start()
    let text = String(decoding: try FileSystem.readFile(file), as: UTF8.self)
    XCTAssertNotNil(text.range(of: "^[0-9a-f]{64}\n$", options: .regularExpression), text)
    XCTAssertEqual(FileSystem.mode(of: file), 0o600)
    XCTAssertEqual(try start(), first)
  }

  func testTheFingerprintAndTheSecretsSayNothingAboutTheKeyOrEachOther() throws {
    let key = try XCTUnwrap(MasterKey(file: Array(Self.digits.utf8)))
    XCTAssertEqual(
      key.secret(for: "cursor"),
      HMAC.sha256(Array("cursor".utf8), key: [UInt8](hex: Self.digits)))
    XCTAssertNotEqual(key.secret(for: "cursor"), key.secret(for: "fingerprint"))
    XCTAssertEqual(key.fingerprint.count, 32)
    XCTAssertFalse(Self.digits.contains(key.fingerprint))
  }

  func testAFileIsAKeyOnlyIfItHasSixtyFourDigits() {
    let digits = Self.digits
    for text in [digits, digits + "\n", digits + "\r\n"] {
      XCTAssertNotNil(MasterKey(file: Array(text.utf8)), text)
    }
    for text in [
      "", String(digits.dropLast()), digits + "0", digits + "\n\n", digits + " ", digits.uppercased(),
      digits.dropLast() + "\0", String(repeating: "\u{7}", count: 32), String(digits.dropLast()) + "\n",
    ] {
      XCTAssertNil(MasterKey(file: Array(text.utf8)), text)
    }
  }

  func testTheSecretThatCursorsWereSealedWithBecomesTheMasterKey() throws {
    try openStore().close()
    try write(folder + "/cursor.key", Self.digits + "\n")
    let fingerprint = try start()
    XCTAssertEqual(fingerprint, MasterKey(file: Array(Self.digits.utf8))?.fingerprint)
    XCTAssertEqual(try names(), ["secret.key"])
  }

  func testADamagedCursorSecretGivesWayToANewKey() throws {
    try openStore().close()
    try write(folder + "/cursor.key", "nonsense")
    _ = try start()
    _ = try start()
    XCTAssertEqual(try names(), ["secret.key"])
  }

  func testAServerWithAnotherKeyOrWithoutOneRefusesUntilThatIsAdopted() throws {
    let first = try start()
    try write(file, Self.digits)
    XCTAssertThrowsError(try start()) { error in
      guard case MasterKeyError.another(_, _, first) = error else { return XCTFail("\(error)") }
    }
    try FileSystem.unlink(file)
    XCTAssertThrowsError(try start()) { error in
      guard case MasterKeyError.missing(_, first) = error else { return XCTFail("\(error)") }
    }
    XCTAssertFalse(FileSystem.exists(file), "a refused start makes nothing")
    try write(file, "x")
    XCTAssertThrowsError(try start()) { error in
      guard case MasterKeyError.malformed = error else { return XCTFail("\(error)") }
    }
    try write(file, Self.digits)
    let store = try openStore()
    let adoption = try MasterKeys(store, file: nil).adopt(Self.context)
    XCTAssertEqual(adoption.before, first)
    XCTAssertFalse(adoption.isNew || adoption.isUnchanged)
    XCTAssertTrue(try MasterKeys(store, file: nil).adopt(Self.context).isUnchanged)
    store.close()
    XCTAssertEqual(try start(), adoption.fingerprint)
  }

  func testAdoptingMakesAKeyThatIsMissingInTheFolderButNotElsewhere() throws {
    let first = try start()
    try FileSystem.unlink(file)
    let store = try openStore()
    let adoption = try MasterKeys(store, file: nil).adopt(Self.context)
    XCTAssertTrue(adoption.isNew)
    XCTAssertNotEqual(adoption.fingerprint, first)
    XCTAssertThrowsError(try MasterKeys(store, file: folder + "/elsewhere").adopt(Self.context))
    store.close()
    XCTAssertEqual(try start(), adoption.fingerprint)
  }

  func testAFileThatASettingNamesIsUsedAndNeverMade() throws {
    let other = folder + "-secret"
    defer { try? FileSystem.unlink(other) }
    XCTAssertThrowsError(try start(file: other)) { error in
      guard case MasterKeyError.missing(other, nil) = error else { return XCTFail("\(error)") }
    }
    try write(other, Self.digits + "\n")
    XCTAssertEqual(try start(file: other), MasterKey(file: Array(Self.digits.utf8))?.fingerprint)
    XCTAssertEqual(try names(), [])
    XCTAssertThrowsError(try start(), "the folder was used with the other file")
  }

  func testARotationChangesEverySecretAtOnceAndForGood() throws {
    let store = try openStore()
    let keys = MasterKeys(store, file: nil)
    try keys.open()
    let (secret, before) = (keys.secret(for: "cursor"), try XCTUnwrap(keys.recorded()).fingerprint)
    try keys.rotate(Self.context)
    let after = try XCTUnwrap(keys.recorded()).fingerprint
    XCTAssertNotEqual(after, before)
    XCTAssertNotEqual(keys.secret(for: "cursor"), secret)
    XCTAssertEqual(FileSystem.mode(of: file), 0o600)
    store.close()
    XCTAssertEqual(try start(), after)
    XCTAssertEqual(try names(), ["secret.key"])
  }

  /// The process dies at the Nth change of a file that holds a key, for every N: the next start needs nobody's help.
  func testWhereverACrashInterruptsARotationTheNextStartHasOneKeyInFileAndLog() throws {
    for torn in [false, true] {
      var number = 1
      while true {
        try startOver()
        let before = try start()
        let store = try openStore()
        let (last, isTorn) = (number, torn)
        let disk = FaultyDisk(atCall: { $0 == last ? (isTorn ? .deadTorn : .dead) : nil })
        let rotated = Result { try MasterKeys(store, file: nil, io: disk.io).rotate(Self.context) }
        let recorded = try XCTUnwrap(MasterKeys(store, file: nil).recorded()).fingerprint
        store.close()
        if case .success = rotated {
          XCTAssertEqual(try start(), recorded)
          break
        }
        let after = try start()
        XCTAssertEqual(after, recorded, "call \(number)")
        // What the log took holds; the key before is void then.
        if number < 5 { XCTAssertEqual(after, before, "call \(number): nothing was promised") }
        XCTAssertEqual(try names(), ["secret.key"], "call \(number)")
        number += 1
      }
      XCTAssertGreaterThan(number, 6, "the calls were counted")
    }
  }

  func testWhereverACrashInterruptsTheFirstStartTheNextOneHasAKey() throws {
    for hasOldFile in [false, true] {
      var number = 1
      while true {
        try startOver()
        let store = try openStore()
        if hasOldFile { try write(folder + "/cursor.key", Self.digits) }
        let last = number
        let disk = FaultyDisk(atCall: { $0 == last ? .dead : nil })
        let opened = Result { try MasterKeys(store, file: nil, io: disk.io).open() }
        store.close()
        let fingerprint = try start()
        if hasOldFile { XCTAssertEqual(fingerprint, MasterKey(file: Array(Self.digits.utf8))?.fingerprint) }
        XCTAssertEqual(try names(), ["secret.key"])
        if case .success = opened { break }
        number += 1
      }
      XCTAssertGreaterThan(number, 2, "the calls were counted")
    }
  }

  func testARotationThatTheDiskRefusesChangesNothing() throws {
    let before = try start()
    let store = try openStore()
    let keys = MasterKeys(
      store, file: nil, io: FaultyDisk { call, _ in call == .write ? .error(ENOSPC) : nil }.io)
    try keys.open()
    XCTAssertThrowsError(try keys.rotate(Self.context)) { error in
      XCTAssertTrue((error as? MasterKeyError)?.isAboutSpace ?? false, "\(error)")
    }
    store.close()
    XCTAssertEqual(try start(), before)
    XCTAssertEqual(try names(), ["secret.key"])
  }
}

extension [UInt8] {
  /// The bytes of hexadecimal digits.
  fileprivate init(hex text: String) {
    var bytes: [UInt8] = []
    var rest = text[...]
    while !rest.isEmpty {
      bytes.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
      rest = rest.dropFirst(2)
    }
    self = bytes
  }
}
