import HTTP
import JSON
import Platform
import XCTest

@testable import Credentials
@testable import Protocol

/// Wrong keys are counted by address, and nobody pays for another's.
final class FailedKeysTests: XCTestCase {
  private let second: UInt64 = 1_000_000_000
  private let stranger = PeerAddress(ipv4: [192, 0, 2, 1])
  private let proxy = PeerAddress(ipv4: [10, 0, 0, 1])

  private func fixture(perMinute: Int = 2) throws -> ServiceFixture {
    var settings = ServiceSettings()
    settings.failedKeysPerMinute = perMinute
    settings.trustedProxies = ["10.0.0.1"]
    return try ServiceFixture(self, settings)
  }

  /// The answer to a wrong key.
  private func refused(
    _ fixture: ServiceFixture, from peer: PeerAddress, forwarded: String? = nil
  ) throws -> HTTPResponse {
    let fields = [("Authorization", "Bearer wrong")] + (forwarded.map { [("X-Forwarded-For", $0)] } ?? [])
    return try fixture.send("GET", "/Users", fields, from: peer)
  }

  func testTwiceAMinutesAllowanceIsForgivenAtOnceAndTheRestSteadily() {
    let clock = Locked<UInt64>(5)
    let failures = FailedKeys(perMinute: 20) { clock.withLock { $0 } }
    for _ in 0..<40 { XCTAssertNil(failures.count(from: stranger.network)) }
    XCTAssertEqual(failures.count(from: stranger.network), 3)
    clock.withLock { $0 += 3 * second - 1 }
    XCTAssertEqual(failures.count(from: stranger.network), 1)
    clock.withLock { $0 += 1 }
    XCTAssertNil(failures.count(from: stranger.network))
    XCTAssertEqual(failures.count(from: stranger.network), 3)
    clock.withLock { $0 += 3600 * second }
    for _ in 0..<40 { XCTAssertNil(failures.count(from: stranger.network)) }
    XCTAssertNotNil(failures.count(from: stranger.network))
  }

  func testTheLargestAllowanceCounts() {
    let failures = FailedKeys(perMinute: 1_000_000) { 0 }
    XCTAssertNil(failures.count(from: stranger.network))
  }

  func testNoNumberOfAddressesTakesMoreMemory() {
    let failures = FailedKeys(perMinute: 1) { 0 }
    for number in 0..<30_000 {
      let address = PeerAddress(ipv4: [
        10, UInt8(number >> 16), UInt8(number >> 8 & 255), UInt8(number & 255),
      ])
      XCTAssertNil(failures.count(from: address.network))
    }
    XCTAssertLessThanOrEqual(failures.addresses, 10_000)
  }

  func testTheAddressesSeenLastAreRemembered() {
    let failures = FailedKeys(perMinute: 1) { 0 }
    for _ in 0..<2 { XCTAssertNil(failures.count(from: stranger.network)) }
    for number in 0..<FailedKeys.capacity {
      let address = PeerAddress(ipv4: [10, 0, UInt8(number >> 8), UInt8(number & 255)])
      XCTAssertNil(failures.count(from: address.network))
    }
    XCTAssertNotNil(failures.count(from: stranger.network))
  }

  func testTooManyWrongKeysAre429WithRetryAfter() throws {
    let fixture = try fixture()
    for _ in 0..<4 {
      let response = try refused(fixture, from: stranger)
      XCTAssertEqual(response.status, .unauthorized)
      XCTAssertEqual(response.fields[.wwwAuthenticate], "Bearer realm=\"scim\", error=\"invalid_token\"")
    }
    let response = try refused(fixture, from: stranger)
    XCTAssertEqual(response.status, .tooManyRequests)
    XCTAssertEqual(response.fields[.retryAfter], "30")
    XCTAssertNil(response.fields[.wwwAuthenticate])
    XCTAssertEqual(response.fields[.contentType], "application/scim+json")
    XCTAssertEqual(try response.json()["status"], .string("429"))
    XCTAssertEqual(try response.json()["detail"]?.stringValue?.contains("wait 30 s"), true)
  }

  func testAValidKeyIsNeverHeldUp() throws {
    let fixture = try fixture()
    for _ in 0..<6 { _ = try refused(fixture, from: stranger) }
    XCTAssertEqual(try fixture.send("GET", "/Users", from: stranger).status, .ok)
    XCTAssertEqual(try fixture.createUser("ada", from: stranger).status, .created)
  }

  func testClientsOfATrustedProxyAreToldApart() throws {
    let fixture = try fixture()
    for _ in 0..<5 { _ = try refused(fixture, from: proxy, forwarded: "198.51.100.7, 203.0.113.1") }
    let noisy = try refused(fixture, from: proxy, forwarded: "203.0.113.1")
    XCTAssertEqual(noisy.status, .tooManyRequests)
    XCTAssertEqual(try refused(fixture, from: proxy, forwarded: "203.0.113.2").status, .unauthorized)
    XCTAssertEqual(try refused(fixture, from: proxy).status, .unauthorized)
  }

  func testAnIPv6ClientIsCountedByItsNetwork() throws {
    let fixture = try fixture()
    for host in 1...4 { _ = try refused(fixture, from: proxy, forwarded: "2001:db8::\(host)") }
    XCTAssertEqual(try refused(fixture, from: proxy, forwarded: "2001:db8::5").status, .tooManyRequests)
    XCTAssertEqual(try refused(fixture, from: proxy, forwarded: "2001:db8:0:1::1").status, .unauthorized)
  }

  func testTheWordOfAStrangerIsNotBelieved() throws {
    let fixture = try fixture()
    for host in 1...4 { _ = try refused(fixture, from: stranger, forwarded: "203.0.113.\(host)") }
    XCTAssertEqual(try refused(fixture, from: stranger, forwarded: "203.0.113.9").status, .tooManyRequests)
  }

  func testAForwardedWordThatIsNoAddressCountsForTheProxy() throws {
    let fixture = try fixture()
    for word in ["unknown", "a", "", "_x"] { _ = try refused(fixture, from: proxy, forwarded: word) }
    XCTAssertEqual(try refused(fixture, from: proxy, forwarded: "b").status, .tooManyRequests)
  }

  func testWhoPresentsNoKeyIsAskedForOneEveryTime() throws {
    let fixture = try fixture()
    for _ in 0..<6 { _ = try refused(fixture, from: stranger) }
    let head = try HTTPRequestHead(method: "POST", target: "/Users", fields: [("Content-Length", "2")])
    XCTAssertEqual(fixture.service.refusal(of: head, peer: stranger)?.status, .unauthorized)
  }

  func testZeroIsNoLimit() throws {
    let fixture = try fixture(perMinute: 0)
    for _ in 0..<100 { XCTAssertEqual(try refused(fixture, from: stranger).status, .unauthorized) }
  }
}
