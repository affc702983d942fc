import Foundation
import Platform
import Credentials
import SCIM
import Storage
import XCTest

@testable import scimd

final class ServeTextTests: XCTestCase {
  private let secret = "scim_0000000000000000000000000000000000000000000000000"

  private func key() throws -> APIKey {
    let fixture = try CommandFixture(self)
    let store = try Store(
      folder: try DataFolder.open(fixture.data), catalog: try Catalog.standard(), options: StoreOptions(),
      environment: .system, report: { _ in })
    defer { store.close() }
    return try XCTUnwrap(try RunningServer.makeFirstKey(store, try KeyRing(store))).key
  }

  func testTheFirstKeyIsShownWithItsEndTheBaseURLAndACurlLine() throws {
    let text = ServeText.firstKey(secret, of: try key(), Configuration(), port: 8081)
    XCTAssertTrue(text.contains("http://127.0.0.1:8081/scim/v2\n"), text)
    let curl = text.split(separator: "\n").first { $0.hasPrefix("curl ") }
    let days = try XCTUnwrap(try key().expires).seconds / 86400 - Environment.system.now() / 86_400_000
    XCTAssertEqual(days, 90)
    XCTAssertTrue(text.contains("scimd key rotate key_"), text)
    XCTAssertEqual(curl?.contains("http://127.0.0.1:8081/scim/v2/Users "), true)
    XCTAssertEqual(curl?.contains("'Authorization: Bearer \(secret)'"), true)
    XCTAssertEqual(curl?.filter { $0 == "'" }.count, 6)
  }

  func testTheCurlLineUsesTheLocalAddressBehindAProxy() throws {
    var configuration = Configuration()
    configuration.publicURL = try PublicURL("https://scim.example.com")
    let text = ServeText.firstKey(secret, of: try key(), configuration, port: 8080)
    XCTAssertTrue(text.contains("Base URL  https://scim.example.com/scim/v2"), text)
    XCTAssertTrue(text.contains("curl http://127.0.0.1:8080/scim/v2/Users"), text)
  }

  func testTheCurlLineUsesTheSocketFile() throws {
    var configuration = Configuration()
    configuration.listen = .unix(path: "/run/scimd.sock")
    let text = ServeText.firstKey(secret, of: try key(), configuration, port: 0)
    XCTAssertTrue(text.contains("curl --unix-socket /run/scimd.sock http://localhost/scim/v2/Users"), text)
  }

  func testStoppingDrainsBeforeItCloses() throws {
    let steps = Locked<[String]>([])
    let server = RunningServer(
      port: 1, firstKey: nil,
      drain: { seconds, completion in
        steps.withLock { $0.append("drain \(seconds)") }
        completion()
      },
      close: { () throws(CommandError) in steps.withLock { $0.append("close") } })
    try server.stop(within: 7)
    XCTAssertEqual(steps.withLock { $0 }, ["drain 7", "close"])
  }

  func testHealthOfAnAddressNobodyListensOnIsExitCodeOne() throws {
    let fixture = try CommandFixture(self)
    XCTAssertEqual(fixture.run("health", "--listen", "unix:\(fixture.folder)/no.sock").code, .failure)
    XCTAssertEqual(fixture.run("health", "--data", fixture.data).code, .failure)
    XCTAssertEqual(
      fixture.run("health", "--listen", "unix:\(fixture.folder)/no.sock", "--json").code, .failure)
  }

  func testVersionInBothForms() throws {
    let fixture = try CommandFixture(self)
    XCTAssertEqual(fixture.run("version").output, "scimd \(Version.text)\n")
    XCTAssertEqual(fixture.run("--version").output, "scimd \(Version.text)\n")
    XCTAssertEqual(
      fixture.run("version", "--json").output, "{\"name\":\"scimd\",\"version\":\"\(Version.text)\"}\n")
  }
}
