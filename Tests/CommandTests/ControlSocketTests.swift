import Foundation
import HTTP
import JSON
import Platform
import SCIM
import Storage
import Admin
import Credentials
import Storage
import XCTest

@testable import scimd

/// The key commands while a server holds the folder.
final class ControlSocketTests: XCTestCase {
  private func serve(_ fixture: CommandFixture) throws -> KeyRing {
    let folder = try DataFolder.open(fixture.data)
    let store = try Store(
      folder: folder, catalog: try Catalog.standard(), options: StoreOptions(), environment: .system,
      report: { _ in })
    _ = try store.directory(named: "default").get()
    let keys = try KeyRing(store)
    let server = try HTTPServer(
      listen: [.unix(path: try ControlSocket.path(in: fixture.data))], loops: 1, environment: .system,
      handler: ControlService(ControlAPI(store, keys: keys, baseURL: "http://127.0.0.1:1/scim/v2")))
    server.start()
    addTeardownBlock {
      let done = self.expectation(description: "drained")
      server.drain(deadline: 1) { done.fulfill() }
      self.wait(for: [done], timeout: 10)
      store.close()
    }
    return keys
  }

  func testAKeyMadeThroughTheServerIsValidThereAtOnceAndRevokedThereAtOnce() throws {
    let fixture = try CommandFixture(self)
    let keys = try serve(fixture)
    let created = fixture.run("key", "create", "--name", "Okta", "--data", fixture.data, "--json")
    XCTAssertEqual(created.code, .success, created.error)
    let key = try JSONParser.parse(Array(created.output.utf8))
    XCTAssertEqual(key["baseURL"], "http://127.0.0.1:1/scim/v2")
    let secret = Array(try XCTUnwrap(key["key"]?.stringValue).utf8)
    guard case .valid = keys.authenticate(secret[...]) else { return XCTFail("the key is not valid") }
    let id = try XCTUnwrap(key["id"]?.stringValue)
    XCTAssertEqual(fixture.run("key", "revoke", id, "--data", fixture.data).code, .success)
    XCTAssertEqual(keys.authenticate(secret[...]), .invalid)
    let list = fixture.run("key", "list", "--data", fixture.data)
    XCTAssertTrue(list.output.contains("revoked"), list.output)
  }

  func testTheServersRefusalsAreThoseOfTheCommand() throws {
    let fixture = try CommandFixture(self)
    _ = try serve(fixture)
    let profile = fixture.run("key", "create", "--name", "a", "--profile", "x", "--data", fixture.data)
    XCTAssertEqual(profile.code, .usage)
    XCTAssertTrue(profile.error.contains("okta, entra"), profile.error)
    XCTAssertEqual(fixture.run("key", "revoke", "key_none", "--data", fixture.data).code, .failure)
  }

  func testHealthAsksThroughTheControlSocket() throws {
    let fixture = try CommandFixture(self)
    _ = try serve(fixture)
    XCTAssertEqual(fixture.run("health", "--data", fixture.data).code, .success)
  }

  func testASocketLeftBehindByACrashIsNoServer() throws {
    let fixture = try CommandFixture(self)
    let store = try Store(
      folder: try DataFolder.open(fixture.data), catalog: try Catalog.standard(), options: StoreOptions(),
      environment: .system, report: { _ in })
    let path = try ControlSocket.path(in: fixture.data)
    let server = try HTTPServer(
      listen: [.unix(path: path)], loops: 1, environment: .system,
      handler: ControlService(ControlAPI(store, keys: try KeyRing(store))))
    try FileManager.default.moveItem(atPath: path, toPath: path + ".kept")
    server.start()
    let done = expectation(description: "drained")
    server.drain(deadline: 1) { done.fulfill() }
    wait(for: [done], timeout: 10)
    try FileManager.default.moveItem(atPath: path + ".kept", toPath: path)
    store.close()
    let outcome = fixture.run("key", "create", "--name", "a", "--data", fixture.data)
    XCTAssertEqual(outcome.code, .success, outcome.error)
  }

  func testAPathTooLongForASocketIsRefusedWithAReason() {
    XCTAssertThrowsError(try ControlSocket.path(in: "/" + String(repeating: "a", count: 100))) { error in
      XCTAssertEqual((error as? CommandError)?.code, .configuration)
    }
  }
}
