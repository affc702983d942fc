import Foundation
import HTTP
import JSON
import Platform
import Admin
import Credentials
import SCIM
import Storage
import XCTest

@testable import scimd

/// The key commands while a server holds the folder.
final class ControlSocketTests: XCTestCase {
  private func serve(_ fixture: CommandFixture) throws -> KeyRing {
    let store = try Store(
      folder: try DataFolder.open(fixture.data), catalog: try Catalog.standard(), options: StoreOptions(),
      environment: .system
    ) { _ in }
    let world = try fixture.world(store)
    let server = try HTTPServer(
      listen: [.unix(path: try ControlSocket.path(in: fixture.data))], loops: 1, environment: .system,
      handler: ControlService(AdminHandler(world)))
    server.start()
    addTeardownBlock {
      let done = self.expectation(description: "drained")
      server.drain(deadline: 1) { done.fulfill() }
      self.wait(for: [done], timeout: 10)
      store.close()
    }
    return world.keys
  }

  func testAKeyMadeThroughTheServerIsValidThereAtOnceAndRevokedThereAtOnce() throws {
    let fixture = try CommandFixture(self)
    let keys = try serve(fixture)
    let created = fixture.run("key", "create", "--name", "Okta", "--data", fixture.data, "--json")
    XCTAssertEqual(created.code, .success, created.error)
    let key = try JSONParser.parse(Array(created.output.utf8))
    XCTAssertEqual(key["baseURL"], "http://127.0.0.1:8080/scim/v2")
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
    let path = try ControlSocket.path(in: fixture.data)
    let store = try Store(
      folder: try DataFolder.open(fixture.data), catalog: try Catalog.standard(), options: StoreOptions(),
      environment: .system
    ) { _ in }
    let server = try HTTPServer(
      listen: [.unix(path: path)], loops: 1, environment: .system,
      handler: ControlService(AdminHandler(try fixture.world(store))))
    try FileManager.default.moveItem(atPath: path, toPath: path + ".kept")
    server.start()
    let done = expectation(description: "drained")
    server.drain(deadline: 1) { done.fulfill() }
    wait(for: [done], timeout: 10)
    store.close()
    try FileManager.default.moveItem(atPath: path + ".kept", toPath: path)
    let outcome = fixture.run("key", "create", "--name", "a", "--data", fixture.data)
    XCTAssertEqual(outcome.code, .success, outcome.error)
  }

  func testARecordSaysWhoIsBehindTheSocket() throws {
    let fixture = try CommandFixture(self)
    _ = try serve(fixture)
    let created = fixture.run("user", "create", "--set", "userName=ada", "--data", fixture.data)
    XCTAssertEqual(created.code, .success, created.error)
    let history = fixture.run("user", "history", "ada", "--data", fixture.data)
    XCTAssertTrue(
      history.output.contains("from control socket, user \(UserName.text(UserName.current)), request"),
      history.output)
  }

  func testAPathTooLongForASocketIsRefusedWithAReason() {
    XCTAssertThrowsError(try ControlSocket.path(in: "/" + String(repeating: "a", count: 100))) { error in
      XCTAssertEqual((error as? CommandError)?.code, .configuration)
    }
  }
}
