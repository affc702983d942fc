import Client
import Foundation
import JSON
import Platform
import XCTest

@testable import scimd

/// `scimd secret`, and what becomes of the master key in a backup.
final class SecretCommandTests: XCTestCase {
  private static let digits = String(repeating: "0123456789abcdef", count: 4)

  private func fingerprint(_ fixture: CommandFixture, _ more: [String] = []) throws -> String {
    let shown = fixture.run(["secret", "show", "--json", "--data", fixture.data] + more)
    XCTAssertEqual(shown.code, .success, shown.error)
    return try XCTUnwrap(try JSONParser.parse(Array(shown.output.utf8))["fingerprint"]?.stringValue)
  }

  /// The master key of a folder that a server was started on.
  private func key(_ folder: String) throws -> String {
    String(decoding: try FileSystem.readFile(folder + "/secret.key"), as: UTF8.self)
  }

  func testAServerMakesTheKeyAndRotatingItWhileServingChangesTheFile() throws {
    let served = try ServedFolder(self)
    let before = try fingerprint(served.fixture)
    let text = try key(served.fixture.data)
    let rotated = served.run("secret", "rotate")
    XCTAssertEqual(rotated.code, .success, rotated.error)
    let after = try fingerprint(served.fixture)
    XCTAssertNotEqual(after, before)
    XCTAssertTrue(rotated.output.contains(after), rotated.output)
    XCTAssertNotEqual(try key(served.fixture.data), text)
    let everything = served.log + rotated.output + rotated.error + served.run("secret", "show").output
    XCTAssertFalse(everything.contains(text.prefix(64)), "the key itself is shown nowhere")
  }

  func testACursorEndsWithTheKeyItWasSealedWith() throws {
    let served = try ServedFolder(self)
    let token = try served.key([])
    for name in ["a", "b"] {
      let body: JSONValue = [
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": .string(name),
      ]
      XCTAssertEqual(try served.ask("POST", "/scim/v2/Users", token, body).status, 201)
    }
    let page = try served.ask("GET", "/scim/v2/Users?cursor&count=1", token).json()
    let next = "/scim/v2/Users?count=1&cursor=" + (try XCTUnwrap(page["nextCursor"]?.stringValue))
    XCTAssertEqual(try served.ask("GET", next, token).status, 200)
    XCTAssertEqual(served.run("secret", "rotate").code, .success)
    XCTAssertEqual(try served.ask("GET", next, token).json()["scimType"], "invalidCursor")
    XCTAssertEqual(try served.ask("GET", "/scim/v2/Users?cursor&count=1", token).status, 200)
  }

  func testAServerWithAnotherKeyDoesNotStartAndSaysHowToAdoptIt() throws {
    let served = try ServedFolder(self)
    served.stop()
    let fixture = served.fixture
    try FileSystem.replaceFile(fixture.data + "/secret.key", Array(Self.digits.utf8), mode: 0o600)
    let refused = fixture.run("serve", "--listen", "127.0.0.1:0", "--data", fixture.data)
    XCTAssertEqual(refused.code, .configuration, refused.output)
    XCTAssertTrue(refused.error.contains("scimd secret adopt"), refused.error)
    let shown = fixture.run("secret", "show", "--data", fixture.data)
    XCTAssertTrue(shown.output.contains("a server does not start"), shown.output)
    XCTAssertEqual(fixture.run("secret", "rotate", "--data", fixture.data).code, .failure)
    let adopted = fixture.run("secret", "adopt", "--data", fixture.data)
    XCTAssertEqual(adopted.code, .success, adopted.error)
    XCTAssertTrue(adopted.output.contains(try fingerprint(fixture)), adopted.output)
    XCTAssertTrue(
      fixture.run("secret", "adopt", "--data", fixture.data).output.contains("nothing was changed"))
    try ServedFolder(self, fixture: fixture).stop()
  }

  func testAKeyOutsideTheFolderIsNamedByASetting() throws {
    let fixture = try CommandFixture(self)
    let file = fixture.folder + "/master"
    fixture.variables["SCIMD_SECRET_KEY_FILE"] = file
    let refused = fixture.run("serve", "--listen", "127.0.0.1:0", "--data", fixture.data)
    XCTAssertEqual(refused.code, .configuration, refused.error)
    XCTAssertTrue(refused.error.contains("openssl rand -hex 32"), refused.error)
    try FileSystem.replaceFile(file, Array(Self.digits.utf8), mode: 0o600)
    try ServedFolder(self, fixture: fixture) { $0.secretKeyFile = file }.stop()
    XCTAssertFalse(FileSystem.exists(fixture.data + "/secret.key"))
    let before = try fingerprint(fixture)
    XCTAssertEqual(fixture.run("secret", "rotate", "--data", fixture.data).code, .success)
    XCTAssertNotEqual(try fingerprint(fixture, ["--secret-key-file", file]), before)
    XCTAssertNotEqual(try FileSystem.readFile(file).prefix(64), Array(Self.digits.utf8)[...])
  }

  func testNoServerIsRunningWhileAKeyIsAdopted() throws {
    let served = try ServedFolder(self)
    XCTAssertEqual(served.run("secret", "adopt").code, .locked)
  }

  func testABackupLeavesTheKeyOutAndItsRestoreMakesANewOneAndSaysSo() throws {
    let served = try ServedFolder(self)
    served.stop()
    let fixture = served.fixture
    let (file, target) = (fixture.folder + "/backup", fixture.folder + "/restored")
    XCTAssertEqual(fixture.run("store", "backup", file, "--data", fixture.data).code, .success)
    let text = String(decoding: try FileSystem.readFile(file), as: UTF8.self)
    XCTAssertFalse(text.contains(try key(fixture.data).prefix(64)))
    let restored = fixture.run("store", "restore", file, "--data", target)
    XCTAssertEqual(restored.code, .success, restored.error)
    XCTAssertTrue(restored.output.contains("no master key"), restored.output)
    XCTAssertNotEqual(try key(target), try key(fixture.data))
    XCTAssertTrue(fixture.run("secret", "adopt", "--data", target).output.contains("nothing was changed"))
  }

  func testABackupThatWasAskedForTheKeyRestoresIt() throws {
    let served = try ServedFolder(self)
    let fixture = served.fixture
    let (file, target) = (fixture.folder + "/backup", fixture.folder + "/restored")
    let backup = served.run("store", "backup", file, "--include-secret-key")
    XCTAssertEqual(backup.code, .success, backup.error)
    XCTAssertEqual(FileSystem.mode(of: file), 0o600)
    let restored = fixture.run("store", "restore", file, "--data", target)
    XCTAssertEqual(restored.code, .success, restored.error)
    XCTAssertFalse(restored.output.contains("master key"), restored.output)
    XCTAssertEqual(try key(target), try key(fixture.data))
    XCTAssertEqual(FileSystem.mode(of: target + "/secret.key"), 0o600)
    // With a setting, the file that it names is the master key.
    let master = try fixture.file("master", Self.digits)
    let elsewhere = fixture.run(
      "store", "restore", file, "--data", fixture.folder + "/other", "--secret-key-file", master)
    XCTAssertTrue(elsewhere.output.contains("The master key is \(master) now"), elsewhere.output)
    XCTAssertFalse(FileSystem.exists(fixture.folder + "/other/secret.key"))
  }

  func testWhoMayOnlyReadGetsNoKeyInABackup() throws {
    let served = try ServedFolder(self)
    let token = try served.key(["--all-directories", "--scopes", "admin.read"].filter { $0 != "" })
    let path = "/admin/v1/store/backup"
    XCTAssertEqual(try served.ask("GET", path, token).status, 200)
    XCTAssertEqual(try served.ask("GET", path + "?includeSecretKey=true", token).status, 403)
  }

  func testAKeyThatOthersCanReadIsAWarningAndOneThatTheyCanChangeIsRefused() throws {
    let fixture = try CommandFixture(self)
    let file = try fixture.file("master", Self.digits)
    XCTAssertEqual(chmod(file, 0o644), 0)
    let served = try ServedFolder(self, fixture: fixture) { $0.secretKeyFile = file }
    XCTAssertTrue(served.log.contains("other users can read \(file)"), served.log)
    served.stop()
    XCTAssertEqual(chmod(file, 0o666), 0)
    let refused = fixture.run(
      "serve", "--listen", "127.0.0.1:0", "--secret-key-file", file, "--data", fixture.data)
    XCTAssertEqual(refused.code, .configuration)
    XCTAssertTrue(refused.error.contains("chmod -R go= \(file)"), refused.error)
  }
}
