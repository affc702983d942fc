import Foundation
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Admin
@testable import Credentials
@testable import Feed

/// The checks of `scimd doctor`: each says what is wrong where it is, and nothing where it is not.
final class DoctorTests: XCTestCase {
  private static let day: Int64 = 86_400_000

  private func finding(
    _ name: String, _ fixture: AdminFixture, inDays days: Int64 = 0, file: StaticString = #filePath,
    line: UInt = #line
  ) throws -> CheckReport {
    let check = try XCTUnwrap(DoctorCheck.all.first { $0.name == name }, file: file, line: line)
    let now = fixture.world.environment.now() + days * Self.day
    return CheckReport(name, check.find(DoctorPatient(fixture.world, now: now)))
  }

  private func assert(
    _ fixture: AdminFixture, _ name: String, _ state: CheckReport.State, _ words: String = "",
    inDays days: Int64 = 0, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    let report = try finding(name, fixture, inDays: days, file: file, line: line)
    XCTAssertEqual(report.state, state, report.detail, file: file, line: line)
    XCTAssertTrue(words.isEmpty || report.detail.contains(words), report.detail, file: file, line: line)
    let needsFix = state == .warning || state == .failed
    XCTAssertEqual(report.fix != nil, needsFix, "\(name) says what to do", file: file, line: line)
  }

  func testDoctor_Answer_HasEveryCheckOnceAndIsReadBack() throws {
    let fixture = try AdminFixture(self)
    let answer = try fixture.ask("GET", "/admin/v1/doctor")
    XCTAssertEqual(answer.status, 200)
    let names = answer.items.compactMap { $0["name"]?.stringValue }
    XCTAssertEqual(names, DoctorCheck.all.map(\.name))
    XCTAssertEqual(Set(names).count, names.count)
    XCTAssertGreaterThanOrEqual(names.count, 20)
    for item in answer.items { XCTAssertEqual(try CheckReport(try ObjectReader(item)).json, item) }
  }

  func testDoctor_CallerOfOneDirectory_IsRefused() throws {
    let fixture = try AdminFixture(self)
    let caller = AdminCaller(.key("k"), directory: "default")
    XCTAssertEqual(try fixture.ask("GET", "/admin/v1/doctor", by: caller).code, "beyondDirectory")
  }

  func testDoctor_WithoutAServer_SkipsWhatOnlyOneCanSay() throws {
    let fixture = try AdminFixture(self)
    try assert(fixture, "server", .warning, "No server runs")
    for name in ["baseURL", "discovery", "keyRequired", "unknownKey", "location", "eventLoops", "accessLog"] {
      try assert(fixture, name, .skipped, "No server runs")
    }
  }

  func testDoctor_Key_IsSpokenOfBeforeAndAfterItExpiresAndWhenItIsNotUsed() throws {
    let fixture = try AdminFixture(self)
    try assert(fixture, "keys", .failed, "No key is valid")
    let end = DateTime(milliseconds: fixture.world.environment.now() + 30 * Self.day)
    let answer = try fixture.ask(
      "POST", AdminFixture.root + "/keys", ["name": "one", "expires": .string(end.description)])
    let id = try XCTUnwrap(answer.json["id"]?.stringValue)
    try assert(fixture, "keys", .ok, "1 valid key")
    try assert(fixture, "expiringKeys", .ok, inDays: 15)
    try assert(fixture, "expiringKeys", .warning, id, inDays: 17)
    try assert(fixture, "expiredKeys", .ok, inDays: 29)
    try assert(fixture, "expiredKeys", .failed, id, inDays: 31)
    try assert(fixture, "expiringKeys", .ok, inDays: 31)
    try assert(fixture, "keys", .failed, inDays: 31)
    try assert(fixture, "unusedKeys", .ok, inDays: 89)
    try assert(fixture, "unusedKeys", .warning, id, inDays: 91)
    _ = try fixture.ask("POST", AdminFixture.root + "/keys/\(id)/revoke")
    try assert(fixture, "expiredKeys", .ok, inDays: 31)
    try assert(fixture, "unusedKeys", .ok, inDays: 91)
  }

  func testDoctor_ClockThatWentBack_IsFoundByWhatWasRecorded() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.ask("POST", AdminFixture.root + "/keys", ["name": "one"])
    try assert(fixture, "clock", .failed, "behind", inDays: -1)
    XCTAssertNotEqual(try finding("clock", fixture).state, .failed)
  }

  func testDoctor_Connection_IsSpokenOfUntilItIsUsedAndWhenItFallsSilent() throws {
    let fixture = try AdminFixture(self)
    try assert(fixture, "connections", .ok)
    let made = try fixture.ask(
      "POST", AdminFixture.root + "/connections", ["name": "Okta", "provider": "okta"])
    try assert(fixture, "connections", .warning, "Okta (default)")
    let secret = try XCTUnwrap(made.json["key"]?.stringValue)
    let keys = fixture.world.keys
    let granted = try XCTUnwrap(keys.granted(Array(secret.utf8)[...]))
    keys.accepted(granted, at: keys.now) {
      KeyUse(time: keys.now, remote: "192.0.2.1", agent: nil, requestID: "r", kind: .bearer)
    }
    try assert(fixture, "connections", .ok)
    try assert(fixture, "connections", .failed, "Okta (default), 3 days ago", inDays: 3)
    let id = try XCTUnwrap(made.json["id"]?.stringValue)
    try assert(fixture, "pausedConnections", .ok)
    _ = try fixture.ask("POST", AdminFixture.root + "/connections/\(id)/pause")
    try assert(fixture, "pausedConnections", .warning, "Okta")
    try assert(fixture, "connections", .ok, inDays: 3)
  }

  func testDoctor_PausedDirectoryAndQuota_AreNamed() throws {
    let fixture = try AdminFixture(self)
    for number in 0..<9 { _ = try fixture.user("user\(number)") }
    try assert(fixture, "quotas", .ok)
    try assert(fixture, "directories", .ok)
    _ = try fixture.ask("PATCH", AdminFixture.root, ["policies": ["maxResources": 10]])
    try assert(fixture, "quotas", .failed, "default (9 of 10 resources)")
    _ = try fixture.ask("POST", AdminFixture.root + "/pause")
    try assert(fixture, "directories", .warning, "default")
  }

  func testDoctor_Backup_CountsWhenItWasReadToItsEnd() throws {
    let fixture = try AdminFixture(self)
    try assert(fixture, "backup", .warning, "No backup")
    XCTAssertEqual(try fixture.ask("GET", "/admin/v1/store/backup").status, 200)
    try assert(fixture, "backup", .ok, "just now")
    try assert(fixture, "backup", .ok, "6 days ago", inDays: 6)
    try assert(fixture, "backup", .warning, "8 days ago", inDays: 8)
  }

  func testDoctor_Webhook_IsSpokenOfWhenEventsWaitOrItIsTurnedOff() throws {
    let fixture = try AdminFixture(self)
    try assert(fixture, "webhooks", .ok)
    let made = try fixture.ask(
      "POST", AdminFixture.root + "/webhooks", ["name": "billing", "url": "https://billing.example.com/"])
    let id = try XCTUnwrap(made.json["id"]?.stringValue)
    try assert(fixture, "webhooks", .ok, "1 webhook")
    let directory = try fixture.world.store.directory(named: "default").get()
    let place = WebhookLedger.Place(1, 0)
    XCTAssertTrue(
      WebhookNotes(directory, .webhook, id).save(
        position: 1, ["user:x": WebhookLedger.Exception(place: place, failures: 3, due: 0)]))
    try assert(fixture, "webhooks", .warning, "billing (default)")
    let type = directory.administrativeType("Webhook")
    let context = RequestContext(Actor(.server), requestID: "test", operation: "DISABLE /webhooks/{id}")
    let written = directory.write(context) { tx throws(SCIMError) in
      let old = try tx.resource(type, id)
      var document = old.document
      document.attributes["state"] = "disabled"
      try tx.update(old, document, [], skipsUnknown: false)
      return nil
    }
    _ = try written.whenDurable().get()
    try assert(fixture, "webhooks", .failed, "billing (default)")
  }

  func testDoctor_Leaver_IsSpokenOfUntilEveryWebhookAcceptedIt() throws {
    let fixture = try AdminFixture(self)
    let user = try fixture.user("ada")
    XCTAssertEqual(try fixture.ask("DELETE", AdminFixture.root + "/users/\(user)").status, 200)
    let directory = try fixture.world.store.directory(named: "default").get()
    let event = try XCTUnwrap(
      fixture.world.feed.of(directory).newest(1, types: [.userDeleted]).events.first)
    let clock = fixture.world.webhooks.clock
    try assert(fixture, "leavers", .ok)
    clock.left([event], "billing", directory)
    try assert(fixture, "leavers", .ok)
    try assert(fixture, "leavers", .failed, user, inDays: 1)
    clock.accepted(event, "billing", at: fixture.world.environment.now(), directory)
    try assert(fixture, "leavers", .ok, inDays: 1)
  }

  func testDoctor_FolderThatOthersUse_IsNamedWithItsMode() throws {
    let fixture = try AdminFixture(self)
    let folder = fixture.world.store.folder.path
    XCTAssertEqual(chmod(folder, 0o700), 0)
    try assert(fixture, "folderMode", .ok)
    XCTAssertEqual(chmod(folder, 0o770), 0)
    try assert(fixture, "folderMode", .failed, "(mode 0770)")
    XCTAssertEqual(chmod(folder, 0o700), 0)
  }

  func testDoctor_MissingMasterKey_IsFound() throws {
    let fixture = try AdminFixture(self)
    try fixture.world.masterKeys.open()
    try assert(fixture, "masterKey", .ok, "Fingerprint")
    try FileManager.default.removeItem(atPath: fixture.world.store.folder.path + "/secret.key")
    try assert(fixture, "masterKey", .failed, "missing")
  }

  func testDoctor_Settings_AreReadAsTheyAreShown() throws {
    let fixture = try AdminFixture(self)
    for (settings, name, state) in [
      (["publicURL": "https://a.example"], "tls", CheckReport.State.ok),
      (["insecurePlainHTTP": "true"], "tls", .warning), (["insecurePlainHTTP": "false"], "tls", .ok),
      (["publicURL": "https://a.example"], "proxyHeaders", .warning),
      (["publicURL": "https://a.example", "trustedProxies": "10.0.0.1"], "proxyHeaders", .ok),
      (["doors": "scim,admin", "publicURL": "https://a.example"], "administration", .warning),
      (["doors": "scim", "publicURL": "https://a.example"], "administration", .ok),
      (["doors": "scim,admin"], "administration", .ok),
      (["maxConnections": "999999999"], "descriptors", .warning),
      (["maxConnections": "1"], "descriptors", .ok),
    ] {
      let reports = settings.map { SettingReport(name: $0.key, value: $0.value, source: .option, place: nil) }
      let world = AdminWorld(
        store: fixture.world.store, keys: fixture.world.keys, masterKeys: fixture.world.masterKeys,
        environment: .system, base: "https://a.example", settings: reports, access: fixture.world.access)
      let check = try XCTUnwrap(DoctorCheck.all.first { $0.name == name })
      XCTAssertEqual(CheckReport(name, check.find(DoctorPatient(world))).state, state, "\(name) \(settings)")
    }
  }
}
