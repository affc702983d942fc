import Foundation
import Glibc
import Platform
@testable import Storage
import XCTest

final class LogDataFolderTests: LogTestCase {
  private var data: String { folder + "/data" }

  func testAMissingFolderIsMadeForTheOwnerOnly() throws {
    let opened = try DataFolder.open(data)
    XCTAssertEqual(try FileSystem.list(data), ["LOCK", "directories", "format"])
    XCTAssertEqual(
      String(decoding: try FileSystem.readFile(data + "/format"), as: UTF8.self),
      "{\"scimd\":\"data\",\"format\":2}\n")
    for (name, mode) in ["": 0o700, "/directories": 0o700, "/LOCK": 0o600, "/format": 0o600] {
      let attributes = try FileManager.default.attributesOfItem(atPath: data + name)
      XCTAssertEqual(attributes[.posixPermissions] as? Int, mode, name)
    }
    opened.close()
  }

  func testASecondOpenerIsToldWhoServesTheFolder() throws {
    let first = try DataFolder.open(data)
    XCTAssertThrowsError(try DataFolder.open(data)) {
      XCTAssertEqual($0 as? DataFolderError, .locked(pid: Int(getpid())))
      XCTAssertEqual("\($0)", "another scimd (pid \(getpid())) is serving this folder")
    }
    XCTAssertNoThrow(try DataFolder.open(data, .readOnly))
    first.close()
    XCTAssertNoThrow(try DataFolder.open(data))
  }

  func testTheLockGoesWithItsOwner() throws {
    do {
      let first = try DataFolder.open(data)
      withExtendedLifetime(first) {}
    }
    XCTAssertNoThrow(try DataFolder.open(data))
  }

  func testALaterFormatIsRefused() throws {
    try DataFolder.open(data).close()
    try put(data + "/format", Array("{\"scimd\":\"data\",\"format\":3}".utf8))
    for access in [DataFolder.Access.write, .readOnly] {
      XCTAssertThrowsError(try DataFolder.open(data, access)) {
        XCTAssertEqual($0 as? DataFolderError, .newerFormat(file: data + "/format", format: 3))
      }
    }
  }

  func testAFolderOfFormat1IsOneOfFormat2OnceItWasOpenedForWriting() throws {
    try DataFolder.open(data).close()
    let old = Array("{\"scimd\":\"data\",\"format\":1}\n".utf8)
    try put(data + "/format", old)
    _ = try DataFolder.open(data, .readOnly)
    XCTAssertEqual(try FileSystem.readFile(data + "/format"), old)
    try DataFolder.open(data).close()
    XCTAssertNotEqual(try FileSystem.readFile(data + "/format"), old)
  }

  func testADamagedFormatIsRefused() throws {
    try DataFolder.open(data).close()
    let texts = [
      "", "{}", #"{"format":1}"#, #"{"scimd":"keys","format":1}"#, #"{"scimd":"data","format":0}"#,
    ]
    for text in texts {
      try put(data + "/format", Array(text.utf8))
      XCTAssertThrowsError(try DataFolder.open(data), text) {
        XCTAssertEqual($0 as? DataFolderError, .damagedFormat(data + "/format"))
      }
    }
  }

  func testAFolderWithoutFormatButWithContentIsNeverTakenForANewOne() throws {
    try DataFolder.open(data).close()
    try FileSystem.unlink(data + "/format")
    XCTAssertThrowsError(try DataFolder.open(data)) { XCTAssertEqual($0 as? DataFolderError, .foreign(data)) }
    XCTAssertFalse(FileSystem.exists(data + "/format"))
    let other = folder + "/other"
    try FileSystem.createDirectory(other + "/lost+found")
    XCTAssertNoThrow(try DataFolder.open(other))
  }

  func testReadingMakesNothing() throws {
    XCTAssertThrowsError(try DataFolder.open(data, .readOnly)) {
      XCTAssertEqual($0 as? DataFolderError, .notFound(data))
    }
    XCTAssertFalse(FileSystem.exists(data))
    try DataFolder.open(data).close()
    let opened = try DataFolder.open(data, .readOnly)
    XCTAssertThrowsError(try opened.directoryFolder("default"))
    XCTAssertEqual(try opened.directoryNames(), [])
  }

  func testDirectoriesHaveFoldersAndCarefulNames() throws {
    let opened = try DataFolder.open(data)
    XCTAssertEqual(try opened.directoryFolder("default"), data + "/directories/default")
    _ = try opened.directoryFolder("acme-1")
    try FileSystem.createDirectory(data + "/directories/Not Ours")
    XCTAssertEqual(try opened.directoryNames(), ["acme-1", "default"])
    let long = String(repeating: "a", count: 65)
    for name in ["", ".", "..", "a/b", "A", "a_b", "é", "a\u{301}", long, "a\0"] {
      XCTAssertFalse(DataFolder.isValidName(name))
      XCTAssertThrowsError(try opened.directoryFolder(name), name) {
        XCTAssertEqual($0 as? DataFolderError, .invalidName(name))
      }
    }
  }
}
