import Foundation
import Glibc
import Platform
import XCTest

final class FileTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws {
    folder = NSTemporaryDirectory() + "scimd-file-\(UUID().uuidString)"
    try FileSystem.createDirectory(folder)
  }

  override func tearDown() {
    try? FileManager.default.removeItem(atPath: folder)
  }

  func testANewFileHasItsModeAndIsNotMadeTwice() throws {
    let path = folder + "/new"
    let file = try File.open(path, .createNew(mode: 0o600))
    try file.writeAll(Array("abc".utf8))
    XCTAssertEqual(try mode(path), 0o600)
    XCTAssertThrowsError(try File.open(path, .createNew(mode: 0o600))) {
      XCTAssertEqual($0 as? SystemError, SystemError(call: "open", code: EEXIST))
    }
  }

  func testAMissingFileIsNamedByItsError() {
    XCTAssertThrowsError(try File.open(folder + "/none", .read)) {
      XCTAssertEqual(($0 as? SystemError)?.code, ENOENT)
    }
  }

  func testAppendWritesBehindWhatIsThere() throws {
    let path = folder + "/log"
    try File.open(path, .append(create: true)).writeAll(Array("one".utf8))
    let file = try File.open(path, .append(create: false))
    try file.writeAll(Array("two".utf8))
    XCTAssertEqual(try file.size, 6)
    XCTAssertEqual(try FileSystem.readFile(path), Array("onetwo".utf8))
  }

  func testReadsAtAnOffsetStopAtTheEnd() throws {
    let path = folder + "/bytes"
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    try FileSystem.replaceFile(path, bytes, mode: 0o600)
    let file = try File.open(path, .read)
    XCTAssertEqual(try file.read(upTo: 10, at: 99_995), Array(bytes[99_995...]))
    XCTAssertEqual(try file.read(upTo: 10, at: 200_000), [])
    XCTAssertEqual(try file.readAll(), bytes)
  }

  func testReservedSpaceDoesNotShowInTheSize() throws {
    let file = try File.open(folder + "/reserved", .readWrite(create: true))
    let refusal = Result { () throws(SystemError) in try file.reserve(offset: 0, length: 1 << 20) }
    if case .failure(let error) = refusal { throw XCTSkip("this file system cannot reserve space: \(error)") }
    XCTAssertEqual(try file.size, 0)
    try file.writeAll(Array("abc".utf8))
    try file.dataSync()
    XCTAssertEqual(try file.size, 3)
    try file.truncate(to: 2)
    try file.sync()
    XCTAssertEqual(try file.readAll(), Array("ab".utf8))
    XCTAssertGreaterThan(try file.freeSpace(), 0)
  }

  func testALockIsHeldByOneOpenFileUntilItCloses() throws {
    let path = folder + "/LOCK"
    let first = try File.open(path, .readWrite(create: true))
    let second = try File.open(path, .readWrite(create: true))
    XCTAssertTrue(try first.tryLockExclusive())
    XCTAssertFalse(try second.tryLockExclusive())
    first.close()
    XCTAssertTrue(try second.tryLockExclusive())
  }

  func testAClosedFileRefusesEverything() throws {
    let file = try File.open(folder + "/closed", .readWrite(create: true))
    file.close()
    file.close()
    XCTAssertThrowsError(try file.writeAll([1])) { XCTAssertEqual(($0 as? SystemError)?.code, EBADF) }
    XCTAssertThrowsError(try file.sync()) { XCTAssertEqual(($0 as? SystemError)?.code, EBADF) }
  }

  func testAListHasTheNamesInByteOrder() throws {
    for name in ["b", "a", "B", "é"] { try FileSystem.replaceFile("\(folder)/\(name)", [], mode: 0o600) }
    XCTAssertEqual(try FileSystem.list(folder), ["B", "a", "b", "é"])
    XCTAssertThrowsError(try FileSystem.list(folder + "/none"))
  }

  func testDirectoriesAreMadeWithTheirParentsForTheOwnerOnly() throws {
    let path = folder + "/one/two"
    try FileSystem.createDirectory(path)
    try FileSystem.createDirectory(path)
    XCTAssertTrue(FileSystem.isDirectory(path))
    XCTAssertEqual(try mode(path), 0o700)
    try FileSystem.replaceFile(folder + "/file", [], mode: 0o600)
    XCTAssertThrowsError(try FileSystem.createDirectory(folder + "/file"))
  }

  func testAReplacedFileIsTheNewOneWithItsModeAndLeavesNoRest() throws {
    let path = folder + "/keys.json"
    try FileSystem.replaceFile(path, Array("old".utf8), mode: 0o644)
    try FileSystem.replaceFile(path + ".tmp", Array("left over".utf8), mode: 0o600)
    try FileSystem.replaceFile(path, Array("new".utf8), mode: 0o600)
    XCTAssertEqual(try FileSystem.readFile(path), Array("new".utf8))
    XCTAssertEqual(try mode(path), 0o600)
    XCTAssertEqual(try FileSystem.list(folder), ["keys.json"])
  }

  func testAFileThatCannotBeReplacedStands() throws {
    try FileSystem.createDirectory(folder + "/taken/inside")
    XCTAssertThrowsError(try FileSystem.replaceFile(folder + "/taken", [1], mode: 0o600))
    XCTAssertEqual(try FileSystem.list(folder), ["taken"])
  }

  func testTheParentOfAPath() {
    let cases = [
      "a": ".", "/a": "/", "/": "/", "a/b": "a", "/a/b": "/a", "/a/b/": "/a", "a//b": "a", "//a": "/",
      "": ".",
    ]
    for (path, parent) in cases { XCTAssertEqual(FileSystem.parent(of: path), parent, path) }
  }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try XCTUnwrap(attributes[.posixPermissions] as? Int)
  }

  func testADirectoryIsNotMadeWhereSomethingElseHasItsName() throws {
    let path = folder + "/taken"
    try FileSystem.replaceFile(path, [], mode: 0o600)
    XCTAssertThrowsError(try FileSystem.createDirectory(path)) {
      XCTAssertEqual($0 as? SystemError, SystemError(call: "mkdir", code: ENOTDIR))
    }
  }

  func testAFileWithoutANameIsKnown() throws {
    let path = folder + "/nameless"
    let file = try File.open(path, .createNew(mode: 0o600))
    XCTAssertTrue(try file.hasName)
    try FileSystem.unlink(path)
    XCTAssertFalse(try file.hasName)
  }
}
