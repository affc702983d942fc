import Admin
import HTTP
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Credentials

/// `/metrics`: what a monitoring system sees of keys.
final class MetricsNounTests: XCTestCase {
  /// The lines of one metric, head and values.
  private func lines(_ fixture: AdminFixture, by caller: AdminCaller = AdminFixture.administrator) throws
    -> [String]
  {
    let answer = try fixture.ask("GET", "/metrics", by: caller)
    XCTAssertEqual(answer.status, 200)
    XCTAssertEqual(answer.fields[.contentType], "text/plain; version=0.0.4; charset=utf-8")
    return String(decoding: answer.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
      .filter { $0.contains("scim_key_expires_timestamp_seconds") }
  }

  private func key(_ fixture: AdminFixture, _ directory: String, _ end: DateTime?) throws -> String {
    _ = try fixture.world.store.directory(named: directory).get()
    let new = NewKey(name: "secret name", directory: directory, expires: end.map { .at($0) } ?? .never)
    return try KeyAdministration(fixture.world.store, fixture.world.keys).create(new).key.id
  }

  private static func inDays(_ days: Int64, _ fixture: AdminFixture) -> DateTime {
    DateTime(milliseconds: fixture.world.environment.now() + days * 86_400_000)
  }

  func testEveryKeyThatExpiresIsShownWithItsSecondAndNoName() throws {
    let fixture = try AdminFixture(self)
    try fixture.liftKeyLimit()
    let end = DateTime(milliseconds: (fixture.world.environment.now() / 1000 + 864_000) * 1000)
    let (ends, never) = (try key(fixture, "default", end), try key(fixture, "default", nil))
    let found = try lines(fixture)
    XCTAssertEqual(
      found,
      [
        "# HELP scim_key_expires_timestamp_seconds When an API key expires, in seconds since 1970.",
        "# TYPE scim_key_expires_timestamp_seconds gauge",
        "scim_key_expires_timestamp_seconds{directory=\"default\",key=\"\(ends)\"} \(end.milliseconds / 1000)",
      ])
    XCTAssertFalse(found.contains { $0.contains(never) || $0.contains("secret name") })
    _ = try fixture.ask("POST", AdminFixture.root + "/keys/\(ends)/revoke")
    XCTAssertEqual(try lines(fixture), [], "a revoked key is nobody's worry")
  }

  func testACallerOfOneDirectorySeesItsKeysAlone() throws {
    let fixture = try AdminFixture(self)
    let end = Self.inDays(7, fixture)
    let (one, other) = (try key(fixture, "one", end), try key(fixture, "other", end))
    let all = try lines(fixture).joined()
    XCTAssertTrue(all.contains(one) && all.contains(other))
    let part = try lines(fixture, by: AdminCaller(.key("k"), directory: "one", scopes: [.metricsRead]))
      .joined()
    XCTAssertTrue(part.contains(one))
    XCTAssertFalse(part.contains(other) || part.contains("other"))
    let refused = try fixture.ask("GET", "/metrics", by: AdminCaller(.key("k"), scopes: [.read]))
    XCTAssertEqual(refused.status, 403)
    XCTAssertTrue("\(refused.json)".contains("metrics.read"), "\(refused.json)")
  }

  func testTheNumberOfSeriesIsBoundedByThoseThatExpireFirst() throws {
    let fixture = try AdminFixture(self)
    let directory = try fixture.world.store.directory(named: "default").get()
    let type = directory.administrativeType("Key")
    let first = try key(fixture, "default", Self.inDays(1, fixture))
    let context = RequestContext(Actor(.server), requestID: "", operation: "TEST")
    let template = try XCTUnwrap(fixture.world.keys.key(first))
    let later = Self.inDays(3, fixture)
    _ = try directory.writeTogether(context) { tx throws(SCIMError) in
      for number in 0..<1100 {
        var copy = template
        copy.expires = later
        var attributes = copy.document.attributes
        attributes["keyId"] = .string("key_\(100_000_000_000 + number)")
        let digest = Digest256.of(Array("\(number)".utf8)).text
        attributes["generations"] = Self.generations(attributes["generations"], digest)
        _ = try tx.create(type, Document(attributes), members: [], skipsUnknown: false)
      }
    }.whenDurable().get()
    let found = try lines(fixture)
    XCTAssertEqual(found.count, 2 + 1000)
    XCTAssertTrue(found[2].contains(first), "the one that expires first is kept")
  }

  private static func generations(_ value: JSONValue?, _ digest: String) -> JSONValue? {
    guard var first = value?.arrayValue?.first?.objectValue else { return value }
    first["digest"] = .string(digest)
    return .array([.object(first)])
  }
}
