import Client
import Platform
import XCTest

/// Where the server may connect to on behalf of others.
final class OutboundGuardTests: XCTestCase {
  func testAddressesThatAreNotPublicAreRefusedInEverySpelling() throws {
    let outbound = OutboundGuard(allowed: [])
    for host in [
      "127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "10.1.2.3",
      "172.16.0.1",
      "192.168.1.1", "169.254.169.254", "100.64.0.1", "[::1]", "[::]", "[::ffff:127.0.0.1]",
      "[::ffff:7f00:1]",
      "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]", "[fe80::1]", "[fc00::1]", "[fd12:3456::1]",
      "[2002:7f00:1::]",
      "[::127.0.0.1]", "224.0.0.1", "255.255.255.255", "198.18.0.1", "[ff02::1]", "[2001:db8::1]",
    ] {
      var text = ""
      do throws(ClientError) { _ = try outbound.place(of: "https://\(host)/hook") } catch {
        text = "\(error)"
      }
      XCTAssertTrue(text.contains("not a public one") || text.contains("cannot reach"), "\(host): \(text)")
    }
  }

  func testPublicAddressesArePublic() throws {
    for text in [
      "8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808", "172.32.0.1", "100.128.0.1",
    ] {
      XCTAssertTrue(try XCTUnwrap(PeerAddress(text: text)).isPublic, text)
    }
  }

  func testANetworkOfTheSettingMayBeCalledWithPlainHTTPAndNothingElseMay() throws {
    let network = try XCTUnwrap(IPNetwork("127.0.0.0/8"))
    let outbound = OutboundGuard(allowed: [network])
    let place = try outbound.place(of: "http://127.0.0.1:3000/hook?x=1")
    XCTAssertEqual(place.address, "127.0.0.1")
    XCTAssertEqual(place.path, "/hook?x=1")
    XCTAssertFalse(place.isPublic)
    XCTAssertThrowsError(try outbound.place(of: "http://10.0.0.1/"))
    XCTAssertThrowsError(try outbound.place(of: "http://8.8.8.8/")) { error in
      XCTAssertTrue("\(error)".contains("only be connected to with https"), "\(error)")
    }
  }

  func testOneAddressThatIsNotPublicRefusesTheWholeName() throws {
    let mixed = OutboundGuard(allowed: []) { (host) throws(SystemError) in
      ["8.8.8.8", "10.0.0.1"].compactMap { PeerAddress(text: $0) }
    }
    XCTAssertThrowsError(try mixed.place(of: "https://mixed.example.com/"))
  }

  func testANameIsLookedUpOnceAndTheConnectionGoesToWhatWasChecked() throws {
    let count = Locked(0)
    let rebinding = OutboundGuard(allowed: []) { (host) throws(SystemError) in
      let isFirst = count.withLock { count in
        count += 1
        return count == 1
      }
      return [isFirst ? "8.8.8.8" : "127.0.0.1"].compactMap { PeerAddress(text: $0) }
    }
    XCTAssertEqual(try rebinding.place(of: "https://rebinding.example.com/").address, "8.8.8.8")
    XCTAssertEqual(count.withLock { $0 }, 1)
  }

  func testURLsThatCannotBeCalledAreRefused() {
    for url in [
      "", "ftp://example.com", "example.com", "http://", "https://user@example.com/",
      "https://example.com/#x",
      "https://example.com:0/", "https://example.com:99999/", "https://exa mple.com/",
      "https://example.com/\(String(repeating: "a", count: 3000))", "unix:/tmp/x",
    ] {
      XCTAssertThrowsError(try OutboundGuard.base(of: url), url)
    }
  }
}
