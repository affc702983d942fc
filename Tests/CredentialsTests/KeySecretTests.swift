import Foundation
import Platform
import Credentials
import XCTest

final class KeySecretTests: XCTestCase {
  func testTenThousandSecretsAreUniqueAndMatchThePublishedExpression() throws {
    let expression = try NSRegularExpression(pattern: "^scim_[0-9A-Za-z]{49}$")
    var seen: Set<String> = []
    for _ in 0..<10_000 {
      let secret = APIKeySecret.make(.system)
      let range = NSRange(location: 0, length: secret.utf16.count)
      XCTAssertEqual(expression.numberOfMatches(in: secret, range: range), 1, secret)
      XCTAssertTrue(APIKeySecret.isWellFormed(Array(secret.utf8)[...]), secret)
      XCTAssertTrue(seen.insert(secret).inserted)
    }
  }

  func testOneChangedCharacterAnywhereIsNotWellFormed() {
    let secret = Array(APIKeySecret.make(.system).utf8)
    for index in secret.indices {
      for replacement in Array("0aZ_ \u{7f}".utf8) where replacement != secret[index] {
        var damaged = secret
        damaged[index] = replacement
        XCTAssertFalse(APIKeySecret.isWellFormed(damaged[...]), "\(index)")
      }
    }
  }

  func testTwoSwappedNeighboursAreNotWellFormed() {
    let secret = Array(APIKeySecret.make(.system).utf8)
    for index in 5..<53 where secret[index] != secret[index + 1] {
      var damaged = secret
      damaged.swapAt(index, index + 1)
      XCTAssertFalse(APIKeySecret.isWellFormed(damaged[...]), "\(index)")
    }
  }

  func testAnyOtherLengthIsNotWellFormed() {
    let secret = Array(APIKeySecret.make(.system).utf8)
    for length in 0..<54 { XCTAssertFalse(APIKeySecret.isWellFormed(secret.prefix(length))) }
    XCTAssertFalse(APIKeySecret.isWellFormed((secret + [48])[...]))
  }

  func testASliceOfALargerBufferIsReadInPlace() {
    let secret = Array(APIKeySecret.make(.system).utf8)
    let buffer = Array("Bearer ".utf8) + secret + Array("\r\n".utf8)
    XCTAssertTrue(APIKeySecret.isWellFormed(buffer[7..<61]))
  }

  func testTheChecksumIsTheIEEEOne() {
    // The random part is all zeros, so only the published algorithm gives these digits: 43 "0" after "scim_",
    // whose CRC-32 was computed with zlib.
    let secret = APIKeySecret.make(
      Environment(now: { 0 }, monotonic: { 0 }, randomBytes: { .init(repeating: 0, count: $0) }))
    XCTAssertEqual(secret, "scim_" + String(repeating: "0", count: 43) + "30Xdgi")
  }

  func testBytesThatWouldFavourSomeDigitsAreDropped() {
    let environment = Environment(
      now: { 0 }, monotonic: { 0 },
      randomBytes: { count in (0..<count).map { $0 % 2 == 0 ? 255 : 61 } })
    XCTAssertTrue(APIKeySecret.make(environment).hasPrefix("scim_" + String(repeating: "z", count: 43)))
  }
}
