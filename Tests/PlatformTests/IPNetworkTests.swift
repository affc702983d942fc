import Platform
import XCTest

final class IPNetworkTests: XCTestCase {
  private func address(_ text: String) throws -> PeerAddress { try XCTUnwrap(PeerAddress(text: text), text) }

  func testANetworkContainsTheAddressesThatShareItsLeadingBits() throws {
    let cases: [(String, [String], [String])] = [
      (
        "203.0.113.0/24", ["203.0.113.0", "203.0.113.255", "::ffff:203.0.113.7"],
        ["203.0.112.255", "203.0.114.0"]
      ),
      ("203.0.113.7", ["203.0.113.7"], ["203.0.113.6", "203.0.113.8", "::7"]),
      ("203.0.113.128/25", ["203.0.113.128", "203.0.113.255"], ["203.0.113.127"]),
      ("0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::1", "2001:db8::1"]),
      ("2001:db8::/32", ["2001:db8::", "2001:db8:ffff::1"], ["2001:db9::", "32.1.13.184"]),
      ("2001:db8:0:1::/64", ["2001:db8:0:1:ffff::1"], ["2001:db8:0:2::1"]),
      ("2001:db8::8000/113", ["2001:db8::ffff"], ["2001:db8::7fff"]), ("::1", ["::1"], ["::2", "127.0.0.1"]),
      ("::/0", ["::1", "2001:db8::1"], []),
    ]
    for (text, inside, outside) in cases {
      let network = try XCTUnwrap(IPNetwork(text), text)
      for other in inside { XCTAssertTrue(network.contains(try address(other)), "\(text) \(other)") }
      for other in outside { XCTAssertFalse(network.contains(try address(other)), "\(text) \(other)") }
      XCTAssertFalse(network.contains(.unixSocket), text)
      XCTAssertEqual(network.description, text)
    }
  }

  func testTheFullLengthIsLeftOutOfTheText() {
    XCTAssertEqual(IPNetwork("203.0.113.7/32")?.description, "203.0.113.7")
    XCTAssertEqual(IPNetwork("2001:DB8:0::1/128")?.description, "2001:db8::1")
  }

  func testTextThatIsNoNetworkIsRefused() {
    for text in [
      "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/+8", "10.0.0.0/8/8",
      "10.0.0.1/8", "10.0.0/8", "2001:db8::/129", "2001:db8::1/64", "::ffff:10.0.0.0/104", "host",
      "10.0.0.0 /8",
      "10.0.0.0/8 ", "unix", "10.0.0.0\u{0}/8", "99999999999999999999/8", "10.0.0.0/99999999999999999999",
    ] {
      XCTAssertNil(IPNetwork(text), text)
    }
  }

  func testANetworkContainsSmallerOnesOfItself() throws {
    func network(_ text: String) throws -> IPNetwork { try XCTUnwrap(IPNetwork(text), text) }
    for (outer, inner, expected) in [
      ("10.0.0.0/8", "10.0.0.0/8", true), ("10.0.0.0/8", "10.1.0.0/16", true),
      ("10.0.0.0/8", "10.1.2.3", true),
      ("10.1.0.0/16", "10.0.0.0/8", false), ("10.0.0.0/8", "11.0.0.0/16", false),
      ("::/0", "2001:db8::/32", true), ("0.0.0.0/0", "2001:db8::/32", false),
    ] {
      XCTAssertEqual(try network(outer).contains(try network(inner)), expected, "\(outer) \(inner)")
    }
  }
}
