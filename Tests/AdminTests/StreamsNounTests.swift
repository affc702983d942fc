import Feed
import JSON
import SCIM
import Storage
import XCTest

@testable import Admin

/// Streams of event tokens as administrators manage them and receivers poll them.
final class StreamsNounTests: XCTestCase {
  private let root = AdminFixture.root + "/streams"
  private let poll = "/api/v1/streams/audit/poll"
  private let application = AdminCaller(.key("key_1"), directory: "default", scopes: [.eventsRead])

  @discardableResult private func made(_ fixture: AdminFixture, _ more: JSONObject = [:]) throws -> JSONValue
  {
    var body: JSONObject = ["name": "audit", "audience": ["audit"]]
    body.members += more.members
    let answer = try fixture.ask("POST", root, .object(body))
    XCTAssertEqual(answer.status, 201, "\(answer.json)")
    return answer.json
  }

  private func sets(_ fixture: AdminFixture, _ body: JSONObject = [:]) throws -> [String] {
    var now = body
    now["returnImmediately"] = true
    let answer = try fixture.ask("POST", poll, .object(now), by: application)
    XCTAssertEqual(answer.status, 200, "\(answer.json)")
    return answer.json["sets"]?.objectValue?.members.map(\.name) ?? []
  }

  func testAStreamSaysWhereToPollWhoMakesItsTokensAndWhereTheKeysAre() throws {
    let stream = try made(try AdminFixture(self))
    XCTAssertEqual(stream["delivery"], "poll")
    XCTAssertEqual(
      stream["url"]?.stringValue,
      "https://scim.example.com/api/v1/streams/\(stream["id"]?.stringValue ?? "")/poll")
    XCTAssertEqual(stream["issuer"], "https://scim.example.com")
    XCTAssertEqual(stream["jwks"], "https://scim.example.com/.well-known/jwks.json")
    XCTAssertEqual(stream["algorithm"], "ES256")
    XCTAssertEqual(stream["events"]?.arrayValue?.count, 5)
  }

  func testTheKeySetHasTheKeysOfAllStreamsAndTheOldOneWhileItOverlaps() throws {
    let fixture = try AdminFixture(self)
    func keys() throws -> [JSONValue] {
      let open = AdminCaller(.key(""), directory: "", scopes: [])
      return try fixture.ask("GET", "/.well-known/jwks.json", by: open).json["keys"]?.arrayValue ?? []
    }
    XCTAssertEqual(try keys(), [])
    try made(fixture)
    let first = try keys()
    XCTAssertEqual(first.count, 1)
    XCTAssertEqual(first[0].objectValue?.members.map(\.name), ["crv", "kty", "x", "y", "kid", "use", "alg"])
    let rotated = try fixture.ask("POST", root + "/audit/rotate-key").json
    XCTAssertEqual(rotated["keyGeneration"], 2)
    XCTAssertNotNil(rotated["overlapEnds"])
    XCTAssertEqual(try keys().count, 2)
    XCTAssertEqual(try keys().last, first.first)
    XCTAssertEqual(try fixture.ask("DELETE", root + "/audit").status, 200)
    XCTAssertEqual(try keys(), [])
  }

  func testAReceiverFetchesAcknowledgesAndRefusesTokens() throws {
    let fixture = try AdminFixture(self)
    try made(fixture)
    for name in ["ada", "bob", "cy"] { _ = try fixture.user(name) }
    let all = try sets(fixture)
    XCTAssertEqual(all.count, 3)
    XCTAssertEqual(try sets(fixture, ["maxEvents": 1]), [all[0]])
    let errors: JSONValue = .object([all[1]: ["err": "invalid_key", "description": "unknown kid"]])
    XCTAssertEqual(try sets(fixture, ["ack": [.string(all[0])], "setErrs": errors]), [all[2]])
    XCTAssertEqual(try sets(fixture, ["ack": [.string(all[2])], "maxEvents": 0]), [])
    let attempt = try fixture.ask("GET", root + "/audit/attempts").items.first
    XCTAssertEqual(attempt?["event"]?.stringValue, all[1])
    XCTAssertEqual(attempt?["error"], "the receiver refused the token: invalid_key: unknown kid")
    XCTAssertEqual(try fixture.ask("GET", root + "/audit").json["progress"]?["behind"]?.integerValue ?? 99, 1)
  }

  func testAPollThatIsMalformedIsRefusedWithItsPlace() throws {
    let fixture = try AdminFixture(self)
    try made(fixture)
    for (body, pointer): (JSONValue, String) in [
      (["maxEvents": -1], "/maxEvents"), (["maxEvents": "x"], "/maxEvents"), (["ack": [1]], "/ack/0"),
      (["ack": "x"], "/ack"), (["setErrs": []], "/setErrs"), (["returnImmediately": 1], "/returnImmediately"),
    ] {
      let answer = try fixture.ask("POST", poll, body, by: application)
      XCTAssertEqual(answer.code, "invalidMember", "\(body)")
      XCTAssertEqual(answer.json["pointer"]?.stringValue, pointer)
    }
    let many = JSONValue.array((0..<1001).map { .string("\($0)") })
    XCTAssertEqual(try fixture.ask("POST", poll, ["ack": many], by: application).code, "tooMany")
    XCTAssertEqual(
      try fixture.ask("POST", poll, ["returnImmediately": true, "more": 1], by: application).status, 200)
    XCTAssertEqual(
      try fixture.ask("POST", "/api/v1/streams/none/poll", [:], by: application).code, "unknownStream")
  }

  func testNoAnswerHasMoreThanAHundredTokensWhateverIsAskedFor() throws {
    for (wanted, limit) in [(Int64.max, 100), (101, 100), (7, 7), (0, 0)] {
      let request = try StreamPollRequest(try ObjectReader(["maxEvents": .integer(wanted)]))
      XCTAssertEqual(request.limit, limit)
      XCTAssertEqual(request.waits, limit > 0)
    }
  }

  func testAPausedStreamGivesOutNothingAndKeepsItsPlace() throws {
    let fixture = try AdminFixture(self)
    try made(fixture)
    _ = try fixture.user("ada")
    XCTAssertEqual(try fixture.ask("POST", root + "/audit/pause").json["state"], "paused")
    XCTAssertEqual(try fixture.ask("POST", poll, [:], by: application).code, "paused")
    XCTAssertEqual(try fixture.ask("POST", root + "/audit/resume").json["state"], "active")
    XCTAssertEqual(try sets(fixture).count, 1)
  }

  func testATokenThatIsPushedCannotBePolled() throws {
    let fixture = try AdminFixture(self)
    XCTAssertEqual(try made(fixture, ["url": "https://partner.example.com/events"])["delivery"], "push")
    XCTAssertEqual(try fixture.ask("POST", poll, [:], by: application).code, "conflict")
    XCTAssertEqual(
      try fixture.ask("PATCH", root + "/audit", ["url": "https://other.example.com/"]).json["url"],
      "https://other.example.com/")
  }

  func testWhatIsNotAStreamIsRefusedWithItsPlace() throws {
    let fixture = try AdminFixture(self)
    let uri = "urn:ietf:params:scim:event:prov:create:full"
    for (body, place): (JSONValue, String) in [
      (["name": "x"], "/audience"), (["audience": ["a"]], "/name"),
      (["name": "x", "audience": []], "/audience"),
      (["name": "x", "audience": [""]], "/audience/0"),
      (["name": "x", "audience": ["a"], "url": "ftp://example.com"], "/url"),
      (["name": "x", "audience": ["a"], "events": []], "/events"),
      (["name": "x", "audience": ["a"], "events": ["feed:add"]], "/events/0"),
      (["name": "x", "audience": ["a"], "events": [.string(uri), "prov:create:notice"]], "/events"),
      (["name": "x", "audience": ["a"], "algorithm": "none"], "/algorithm"),
      (["name": "x", "audience": ["a"], "algorithm": "RS256"], "/algorithm"),
      (["name": "x", "audience": ["a"], "timeout": 61], "/timeout"),
    ] {
      let answer = try fixture.ask("POST", root, body)
      XCTAssertEqual(answer.code, "invalidMember", "\(body)")
      XCTAssertEqual(answer.json["pointer"]?.stringValue, place, "\(body)")
    }
    XCTAssertEqual(
      try fixture.ask("POST", root, ["name": "x", "audience": ["a"], "key": "k"]).code, "unknownMember")
    try made(fixture)
    XCTAssertEqual(try fixture.ask("POST", root, ["name": "audit", "audience": ["a"]]).code, "notUnique")
    XCTAssertEqual(
      try fixture.ask("PATCH", root + "/audit", ["url": "https://example.com/"]).code, "invalidMember")
  }

  func testTheNumberOfStreamsIsLimited() throws {
    let fixture = try AdminFixture(self)
    for number in 0..<TokenStream.maxStreams {
      let body: JSONValue = ["name": .string("s\(number)"), "audience": ["a"]]
      XCTAssertEqual(try fixture.ask("POST", root, body).status, 201)
    }
    let answer = try fixture.ask("POST", root, ["name": "more", "audience": ["a"]])
    XCTAssertEqual(answer.code, "conflict")
  }
}
