import Foundation
import TLS
import XCTest

@testable import Credentials

/// Sets of public keys (RFC 7517), and when they are read again.
final class KeySetTests: XCTestCase {
  static func bytes(_ name: String) throws -> [UInt8] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures/jwks")
    return Array(try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  private func mixed() throws -> JSONWebKeySet { try JSONWebKeySet(try Self.bytes("mixed.json")) }

  func testOnlyKeysForSignaturesThatAreStrongEnoughAreUsed() throws {
    let set = try mixed()
    XCTAssertEqual(set.keys.map(\.id), ["rsa", "any", "ec", "ed"])
    XCTAssertEqual(set.keys.map(\.algorithms), [[.rs256], [.rs256, .ps256], [.es256], [.edDSA]])
    XCTAssertEqual(set.unusable.map(\.id), ["short", "enc", "p384", "off", "other", "ops", "secret-less"])
    XCTAssertFalse(set.hasSecrets)
    XCTAssertTrue(try JSONWebKeySet(try Self.bytes("private.json")).hasSecrets)
  }

  func testAKeyIsChosenByItsKidAndForItsAlgorithm() throws {
    let set = try mixed()
    func text(_ id: String?, _ algorithm: SignatureAlgorithm) -> String {
      switch set.key(id, for: algorithm) {
      case .found: "found"
      case .unknown: "unknown"
      case .unusable(let reason): reason
      }
    }
    XCTAssertEqual(text("rsa", .rs256), "found")
    XCTAssertEqual(text("any", .ps256), "found")
    XCTAssertTrue(text("rsa", .ps256).contains("not for PS256"))
    XCTAssertTrue(text("ec", .edDSA).contains("not for EdDSA"))
    XCTAssertEqual(text("nobody", .rs256), "unknown")
    XCTAssertTrue(text("short", .rs256).contains("2048"), text("short", .rs256))
    XCTAssertEqual(text(nil, .es256), "found")
    XCTAssertTrue(text(nil, .rs256).contains("kid"))
    let private_ = try JSONWebKeySet(try Self.bytes("private.json"))
    if case .unknown = private_.key(nil, for: .es256) {} else { XCTFail("found a key") }
  }

  func testTheKeptTextHasThePublicNumbersOnlyAndIsASetAgain() throws {
    let text = try JSONWebKeySet(try Self.bytes("private.json")).text
    XCTAssertFalse(text.contains("\"d\""))
    XCTAssertFalse(try mixed().text.contains("x5t"))
    XCTAssertEqual(
      try JSONWebKeySet(Array(try mixed().text.utf8)).keys.map(\.id), ["rsa", "any", "ec", "ed"])
  }

  func testWhatIsNotASetIsRefused() throws {
    let many = "{\"keys\":[" + Array(repeating: "{}", count: 101).joined(separator: ",") + "]}"
    for (text, word) in [
      ("", "JSON"), ("[]", "keys"), ("{}", "keys"), ("{\"keys\":{}}", "keys"), (many, "101"),
      (String(repeating: " ", count: JSONWebKeySet.maxBytes + 1), "bytes"), ("{\"keys\":[", "JSON"),
    ] {
      XCTAssertThrowsError(try JSONWebKeySet(Array(text.utf8))) { error in
        XCTAssertTrue((error as? JSONWebKeySet.Fault)?.reason.contains(word) == true, "\(error)")
      }
    }
    XCTAssertEqual(try JSONWebKeySet(Array("{\"keys\":[]}".utf8)).keys.count, 0)
  }

  // MARK: When a set is read

  private let second: UInt64 = 1_000_000_000

  private func ask(_ entry: inout KeySetEntry, _ id: String, at seconds: UInt64) -> (
    answer: String, reads: Bool
  ) {
    let step = entry.ask(.init(keyID: id, algorithm: .rs256) { _ in }, at: seconds * second)
    return (Self.text(step.answer), step.reads)
  }

  private static func text(_ answer: KeySetEntry.Answer?) -> String {
    switch answer {
    case nil: "later"
    case .success?: "found"
    case .failure(let fault)?: fault.reason.rawValue
    }
  }

  private func take(_ entry: inout KeySetEntry, at seconds: UInt64, fails: Bool = false) throws -> [String] {
    let set = try mixed()
    return entry.take(fails ? .failure(.init("no")) : .success(set), at: seconds * second).map {
      Self.text($0.answer)
    }
  }

  func testTheFirstQuestionReadsTheSetAndOthersWaitForIt() throws {
    var entry = KeySetEntry(.url("https://a"))
    XCTAssertTrue(ask(&entry, "rsa", at: 100) == ("later", true))
    XCTAssertTrue(ask(&entry, "nobody", at: 101) == ("later", false))
    XCTAssertEqual(try take(&entry, at: 102), ["found", "signedTokenKey"])
    XCTAssertTrue(ask(&entry, "rsa", at: 103) == ("found", false))
    XCTAssertEqual(entry.age(at: 112 * second), 10)
  }

  func testAnUnknownKidReadsTheSetAgainOnceAMinute() throws {
    var entry = KeySetEntry(.url("https://a"))
    _ = ask(&entry, "rsa", at: 100)
    _ = try take(&entry, at: 100)
    XCTAssertTrue(ask(&entry, "new", at: 159) == ("signedTokenKey", false))
    XCTAssertTrue(ask(&entry, "new", at: 160) == ("later", true))
    XCTAssertTrue(ask(&entry, "rsa", at: 160) == ("found", false), "nobody else waits")
    XCTAssertEqual(try take(&entry, at: 161), ["signedTokenKey"])
    XCTAssertTrue(ask(&entry, "new", at: 162) == ("signedTokenKey", false))
    var kept = KeySetEntry(.set("{}"))
    _ = ask(&kept, "rsa", at: 1)
    _ = try take(&kept, at: 1)
    XCTAssertTrue(ask(&kept, "new", at: 10_000) == ("signedTokenKey", false), "a file does not change")
  }

  func testASetIsReadAgainInTheBackgroundAfterADayAndForgottenAfterAWeek() throws {
    let day: UInt64 = 86_400
    var entry = KeySetEntry(.url("https://a"))
    _ = ask(&entry, "rsa", at: 0)
    _ = try take(&entry, at: 0)
    XCTAssertTrue(ask(&entry, "rsa", at: day) == ("found", false))
    XCTAssertTrue(ask(&entry, "rsa", at: day + 1) == ("found", true))
    XCTAssertTrue(ask(&entry, "rsa", at: day + 2) == ("found", false), "it is being read")
    XCTAssertEqual(try take(&entry, at: day + 3, fails: true), [])
    XCTAssertTrue(ask(&entry, "rsa", at: day + 4) == ("found", false), "not before a minute has passed")
    XCTAssertTrue(ask(&entry, "rsa", at: day + 61) == ("found", true))
    _ = try take(&entry, at: day + 62, fails: true)
    XCTAssertTrue(ask(&entry, "rsa", at: 7 * day + 1) == ("later", true), "too old")
    XCTAssertEqual(try take(&entry, at: 7 * day + 2, fails: true), ["signedTokenKeysUnavailable"])
    XCTAssertTrue(ask(&entry, "rsa", at: 7 * day + 3) == ("signedTokenKeysUnavailable", false))
  }

  func testAThreadThatLookedAtTheClockEarlierIsAnsweredToo() throws {
    var entry = KeySetEntry(.url("https://a"))
    _ = ask(&entry, "rsa", at: 100)
    _ = try take(&entry, at: 100)
    XCTAssertTrue(ask(&entry, "rsa", at: 99) == ("found", false))
    XCTAssertTrue(ask(&entry, "new", at: 99) == ("signedTokenKey", false))
    XCTAssertEqual(entry.age(at: 99 * second), 0)
  }

  func testSoManyMayWaitForASet() throws {
    var entry = KeySetEntry(.url("https://a"))
    for _ in 0..<KeySetEntry.maxWaiting { XCTAssertEqual(ask(&entry, "rsa", at: 1).answer, "later") }
    XCTAssertTrue(ask(&entry, "rsa", at: 1) == ("signedTokenKeysUnavailable", false))
    XCTAssertEqual(try take(&entry, at: 2).count, KeySetEntry.maxWaiting)
  }
}
