import Client
import XCTest

final class ClientBaseTests: XCTestCase {
  func testHostPortAndPrefixAreTakenApart() throws {
    let base = try ClientBase("http://127.0.0.1:8080/scim/v2/")
    XCTAssertEqual(base.endpoint, .tcp(host: "127.0.0.1", port: 8080))
    XCTAssertEqual(base.prefix, "/scim/v2")
    XCTAssertEqual(base.authority, "127.0.0.1:8080")
    XCTAssertEqual(try ClientBase("HTTP://example.com").endpoint, .tcp(host: "example.com", port: 80))
    XCTAssertEqual(try ClientBase("http://[::1]:81/x").endpoint, .tcp(host: "::1", port: 81))
    XCTAssertEqual(try ClientBase("http://[::1]").endpoint, .tcp(host: "::1", port: 80))
  }

  func testASocketFileIsABase() throws {
    XCTAssertEqual(try ClientBase("unix:/run/scimd.sock").endpoint, .unix(path: "/run/scimd.sock"))
    XCTAssertEqual(ClientBase(unixPath: "/s", prefix: "scim/v2/").prefix, "/scim/v2")
  }

  func testHTTPSHasItsOwnPortAndNeedsTLS() throws {
    let base = try ClientBase("https://example.com/scim/v2")
    XCTAssertEqual(base.endpoint, .tcp(host: "example.com", port: 443))
    XCTAssertEqual(base.description, "https://example.com/scim/v2")
    XCTAssertNotNil(base.tls)
    XCTAssertNotNil(base.root.tls)
    XCTAssertNil(try ClientBase("http://example.com/scim/v2").tls)
  }

  func testWhatIsNoBaseIsRefused() {
    let texts = [
      "", "example.com", "http://", "http://:80", "http://a:0", "http://a:65536", "http://a:x",
      "http://a/?q", "http://a/#f", "http://u@a/", "http://a b/", "ftp://a",
    ]
    for text in texts { XCTAssertThrowsError(try ClientBase(text), text) }
  }

  func testTextInAQueryIsPercentEncoded() {
    XCTAssertEqual(PercentEncoding.encode("userName eq \"é\""), "userName%20eq%20%22%C3%A9%22")
  }
}
