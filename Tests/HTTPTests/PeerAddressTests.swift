import Platform
import XCTest

final class PeerAddressTests: XCTestCase {
  func testIPv4InIPv6ClothesIsIPv4() {
    let mapped = PeerAddress(ipv6: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 7])
    XCTAssertEqual(mapped, PeerAddress(ipv4: [192, 0, 2, 7]))
    XCTAssertEqual(mapped.text, "192.0.2.7")
  }

  func testAnIPv6PeerIsCountedByItsNetwork() {
    let prefix: [UInt8] = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 1]
    let one = PeerAddress(ipv6: prefix + [0, 0, 0, 0, 0, 0, 0, 1])
    let other = PeerAddress(ipv6: prefix + [9, 9, 9, 9, 9, 9, 9, 9])
    XCTAssertEqual(one.text, "2001:db8:0:1::1")
    XCTAssertEqual(one.network, other.network)
    XCTAssertNotEqual(one, other)
  }

  func testTextIsReadStrictly() {
    XCTAssertEqual(PeerAddress(text: "192.0.2.7"), PeerAddress(ipv4: [192, 0, 2, 7]))
    XCTAssertEqual(PeerAddress(text: "::ffff:192.0.2.7"), PeerAddress(ipv4: [192, 0, 2, 7]))
    XCTAssertEqual(PeerAddress(text: "2001:DB8::1")?.text, "2001:db8::1")
    for text in [
      "", "unix", "192.0.2", "192.0.2.256", "192.0.2.7:80", "[::1]", "::1%lo", " ::1", "1", "::1\0",
    ] {
      XCTAssertNil(PeerAddress(text: text), text)
    }
  }

  func testLoopbackIsKnown() {
    XCTAssertTrue(PeerAddress(ipv4: [127, 9, 9, 9]).isLoopback)
    XCTAssertTrue(PeerAddress(ipv6: [UInt8](repeating: 0, count: 15) + [1]).isLoopback)
    XCTAssertFalse(PeerAddress(ipv4: [10, 0, 0, 1]).isLoopback)
    XCTAssertFalse(PeerAddress.unixSocket.isLoopback)
  }
}
