import HTTP
import JSON
import Platform
import XCTest

@testable import Protocol

/// Where links lead: never to a host that a stranger named.
final class LinkBaseTests: XCTestCase {
  private let loopback = PeerAddress(ipv4: [127, 0, 0, 1])
  private let proxy = PeerAddress(ipv4: [10, 0, 0, 1])
  private let stranger = PeerAddress(ipv4: [192, 0, 2, 1])

  private func settings(publicBase: String? = nil) -> ServiceSettings {
    var settings = ServiceSettings()
    settings.publicBase = publicBase
    settings.localBase = "http://127.0.0.1:8080/scim/v2"
    settings.trustedProxies = ["10.0.0.1"]
    return settings
  }

  /// The part of Location before `/Users/...`, which meta.location must repeat.
  private func base(
    _ settings: ServiceSettings, _ fields: [(String, String)], from peer: PeerAddress
  ) throws -> String {
    let response = try ServiceFixture(self, settings).createUser("ada", fields, from: peer)
    XCTAssertEqual(response.status, .created)
    let location = try XCTUnwrap(response.fields[.location])
    XCTAssertEqual(try response.json()["meta"]?["location"], .string(location))
    return try XCTUnwrap(location.components(separatedBy: "/Users/").first)
  }

  func testThePublicURLBeatsEverything() throws {
    let settings = settings(publicBase: "https://scim.example.com/scim/v2")
    let fields = [("Host", "evil.example"), ("X-Forwarded-Host", "worse.example")]
    for peer in [loopback, proxy, stranger, .unixSocket] {
      XCTAssertEqual(try base(settings, fields, from: peer), "https://scim.example.com/scim/v2")
    }
  }

  func testAStrangersHostIsNeverUsed() throws {
    let fields = [
      ("Host", "evil.example"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "https"),
    ]
    XCTAssertEqual(try base(settings(), fields, from: stranger), "http://127.0.0.1:8080/scim/v2")
  }

  func testTheHostOfThisMachineIsUsed() throws {
    let fields = [
      ("Host", "localhost:9999"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "https"),
    ]
    XCTAssertEqual(try base(settings(), fields, from: loopback), "http://localhost:9999/scim/v2")
    XCTAssertEqual(try base(settings(), fields, from: .unixSocket), "http://localhost:9999/scim/v2")
  }

  /// Behind a local proxy that is not named as trusted everybody comes from this machine.
  func testFromThisMachineOnlyHostsThatAreThisMachineAreUsed() throws {
    let own = [
      "localhost", "LOCALHOST:80", "127.0.0.1:9", "127.1.2.3", "[::1]", "[::1]:8080", "127.0.0.1:8080",
    ]
    for host in own {
      XCTAssertEqual(try base(settings(), [("Host", host)], from: loopback), "http://\(host)/scim/v2")
    }
    let others = [
      "evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "192.0.2.1",
      "[2001:db8::1]", "10.0.0.5:8080", "xlocalhost",
    ]
    for host in others {
      XCTAssertEqual(
        try base(settings(), [("Host", host)], from: loopback), "http://127.0.0.1:8080/scim/v2", host)
    }
    XCTAssertEqual(
      try base(settings(), [("Host", "evil.example")], from: .unixSocket), "http://127.0.0.1:8080/scim/v2")
  }

  func testTheAddressListenedOnIsThisMachine() throws {
    var settings = settings()
    settings.localBase = "http://[fd00::7]:8080/scim/v2"
    XCTAssertEqual(
      try base(settings, [("Host", "[FD00::7]:8080")], from: loopback), "http://[FD00::7]:8080/scim/v2")
    settings.localBase = "http://scim.internal:8080/scim/v2"
    XCTAssertEqual(
      try base(settings, [("Host", "scim.internal")], from: loopback), "http://scim.internal/scim/v2")
  }

  func testATrustedProxyNamesSchemeAndHost() throws {
    let fields = [
      ("Host", "inner"), ("X-Forwarded-Host", "scim.example.com:8443"), ("X-Forwarded-Proto", "https"),
    ]
    XCTAssertEqual(try base(settings(), fields, from: proxy), "https://scim.example.com:8443/scim/v2")
    let plain = [("Host", "inner.example")]
    XCTAssertEqual(try base(settings(), plain, from: proxy), "http://inner.example/scim/v2")
  }

  func testAForwardedHostThatIsNoneIsNotUsed() throws {
    for host in ["", "a b", "a/b", "a@b", "a\"b", "a?b", String(repeating: "a", count: 256)] {
      let fields = [("Host", "inner.example"), ("X-Forwarded-Host", host)]
      XCTAssertEqual(try base(settings(), fields, from: proxy), "http://inner.example/scim/v2", host)
    }
  }
}
