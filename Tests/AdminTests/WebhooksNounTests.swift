import Admin
import Feed
import JSON
import SCIM
import Storage
import XCTest

/// Webhooks as administrators manage them.
final class WebhooksNounTests: XCTestCase {
  private let root = AdminFixture.root + "/webhooks"

  private func made(_ fixture: AdminFixture) throws -> JSONValue {
    let answer = try fixture.ask(
      "POST", root, ["name": "billing", "url": "https://billing.example.com/hook", "types": ["user.deleted"]])
    XCTAssertEqual(answer.status, 201, "\(answer.json)")
    return answer.json
  }

  func testTheSecretIsShownOnceAndIsNowhereInTheLog() throws {
    let fixture = try AdminFixture(self)
    let secret = try XCTUnwrap(try made(fixture)["secret"]?.stringValue)
    XCTAssertTrue(secret.hasPrefix("whsec_"))
    XCTAssertEqual(secret.utf8.count, 6 + 44)
    XCTAssertNil(try fixture.ask("GET", root + "/billing").json["secret"])
    XCTAssertNil(try fixture.ask("GET", root).items.first?["secret"])
    let rotated = try fixture.ask("POST", root + "/billing/rotate-secret").json
    XCTAssertNotEqual(rotated["secret"]?.stringValue, secret)
    XCTAssertEqual(rotated["secretGeneration"], 2)
    XCTAssertNotNil(rotated["overlapEnds"])
    let directory = try fixture.world.store.directory(named: "default").get()
    let document = directory.administrativeResources(directory.administrativeType("Webhook")).first?.document
    XCTAssertFalse("\(document?.attributes.members ?? [])".contains("whsec"))
  }

  func testARepeatedCreationIsNotCarriedOutTwiceAndDoesNotShowTheSecretAgain() throws {
    let fixture = try AdminFixture(self)
    let body: JSONValue = ["name": "x", "url": "https://example.com/"]
    let key = [("Idempotency-Key", "once")]
    XCTAssertEqual(try fixture.ask("POST", root, body, fields: key).status, 201)
    XCTAssertEqual(try fixture.ask("POST", root, body, fields: key).code, "secretShownOnce")
    XCTAssertEqual(try fixture.ask("GET", root).items.count, 1)
  }

  func testWhatIsNotAWebhookIsRefusedWithItsPlace() throws {
    let fixture = try AdminFixture(self)
    for (body, place) in [
      (["name": "x"], "/name"), (["name": "", "url": "https://example.com"], "/name"),
      (["name": "x", "url": "ftp://example.com"], "/url"), (["name": "x", "url": "https://a@b/"], "/url"),
      (["name": "x", "url": "https://example.com", "types": ["user.gone"]], "/types/0"),
      (["name": "x", "url": "https://example.com", "timeout": 0], "/timeout"),
      (["name": "x", "url": "https://example.com", "inFlight": 17], "/inFlight"),
    ] as [(JSONValue, String)] {
      let answer = try fixture.ask("POST", root, body)
      XCTAssertEqual(answer.code, "invalidMember", "\(body)")
      XCTAssertEqual(answer.json["pointer"]?.stringValue, place, "\(body)")
    }
    XCTAssertEqual(
      try fixture.ask("POST", root, ["name": "x", "url": "https://example.com", "secret": "s"]).code,
      "unknownMember")
    _ = try made(fixture)
    XCTAssertEqual(
      try fixture.ask("POST", root, ["name": "billing", "url": "https://example.com"]).code, "notUnique")
    XCTAssertEqual(try fixture.ask("GET", root + "/none").code, "unknownWebhook")
  }

  func testAWebhookIsPausedResumedChangedAndDeletedWithItsPlace() throws {
    let fixture = try AdminFixture(self)
    let id = try made(fixture)["id"]?.stringValue ?? ""
    XCTAssertEqual(try fixture.ask("POST", root + "/billing/pause").json["state"], "paused")
    XCTAssertEqual(try fixture.ask("PATCH", root + "/billing", ["thin": true]).json["thin"], true)
    _ = try fixture.user("ada")
    let since: JSONValue = ["since": "2020-01-01T00:00:00Z"]
    let moved = try fixture.ask("POST", root + "/billing/replay", since)
    XCTAssertEqual(moved.json["progress"]?["position"], 0)
    XCTAssertEqual(try fixture.ask("POST", root + "/billing/resume").json["state"], "active")
    XCTAssertEqual(try fixture.ask("POST", root + "/billing/replay", since).code, "conflict")
    let directory = try fixture.world.store.directory(named: "default").get()
    XCTAssertEqual(directory.notes(withPrefix: WebhookNotes.prefix(.webhook, id)).count, 1)
    XCTAssertEqual(try fixture.ask("DELETE", root + "/billing").status, 200)
    XCTAssertEqual(directory.notes(withPrefix: WebhookNotes.prefix(.webhook, id)).count, 0)
  }

  func testAnAddressThatIsNotPublicIsNotCalledAndTheAnswerSaysWhatToDo() throws {
    let fixture = try AdminFixture(self)
    for url in ["http://127.0.0.1:2375/containers/json", "https://169.254.169.254/latest/meta-data"] {
      _ = try fixture.ask("POST", root, ["name": "bad", "url": .string(url)])
      let attempt = try fixture.ask("POST", root + "/bad/test").json
      XCTAssertEqual(attempt["accepted"], false)
      XCTAssertTrue(attempt["error"]?.stringValue?.contains("outboundAllow") == true, "\(attempt)")
      XCTAssertNil(attempt["status"])
      _ = try fixture.ask("DELETE", root + "/bad")
    }
  }
}
