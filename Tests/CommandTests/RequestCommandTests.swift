import Client
import Dispatch
import Foundation
import JSON
import Platform
import XCTest

@testable import scimd

/// `scimd requests`: list, show, curl and following new ones, through the admin API.
final class RequestCommandTests: XCTestCase {
  private func users(_ server: ServedFolder, _ key: String, _ names: [String]) throws -> [String] {
    try names.map { name in
      let made = try server.ask(
        "POST", "/scim/v2/Users", key,
        ["schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": .string(name)])
      return try XCTUnwrap(try made.json()["id"]?.stringValue)
    }
  }

  private func items(_ outcome: CommandFixture.Outcome) throws -> [JSONValue] {
    let json = try JSONParser.parse(Array(outcome.output.utf8))
    return try XCTUnwrap(json["items"]?.arrayValue, outcome.error)
  }

  func testList_IsNewestFirstAndSelectsByStatusKeyUserAndTime() throws {
    let server = try ServedFolder(self)
    let (first, second) = (try server.made([]), try server.made([]))
    let ids = try users(server, first.secret, ["ada@example.com", "bob@example.com"])
    _ = try server.ask("GET", "/scim/v2/Users/\(ids[0])", second.secret)
    _ = try server.ask("GET", "/scim/v2/Users?filter=userName%20eq%20%22ADA%40example.com%22", second.secret)
    _ = try server.ask("GET", "/scim/v2/Nothing", second.secret)
    func paths(_ options: String...) throws -> [String] {
      let outcome = server.fixture.run(
        ["requests", "list", "--directory", "default", "--json", "--data", server.fixture.data] + options)
      return try items(outcome).map { "\($0["method"]?.stringValue ?? "") \($0["path"]?.stringValue ?? "")" }
    }
    let all = ["GET ?", "GET /Users", "GET /Users/{id}", "POST /Users", "POST /Users"]
    XCTAssertEqual(try paths(), all)
    XCTAssertEqual(try paths("--status", "404"), ["GET ?"])
    XCTAssertEqual(try paths("--status", "2xx"), Array(all.dropFirst()))
    XCTAssertEqual(try paths("--key-id", second.id), Array(all.prefix(3)))
    XCTAssertEqual(try paths("--user", "ada@example.com"), ["GET /Users", "GET /Users/{id}", "POST /Users"])
    XCTAssertEqual(try paths("--user", ids[0]), ["GET /Users/{id}", "POST /Users"])
    XCTAssertEqual(try paths("--since", "1h"), all)
    XCTAssertEqual(try paths("--since", "2999-01-01T00:00:00Z"), [])
  }

  func testList_IsPagedWithoutLossOrRepetitionOfOneDirectoryAndOfAll() throws {
    let server = try ServedFolder(self)
    let key = try server.key([])
    XCTAssertEqual(server.run("directory", "create", "two").code, .success)
    let other = try server.key(["--directory", "two"])
    for number in 0..<7 {
      _ = try server.ask("GET", "/scim/v2/Users?count=\(number)", number % 2 == 0 ? key : other)
      _ = try server.ask("GET", "/scim/v2/Users", nil)
    }
    for (options, count) in [(["--directory", "default"], 4), ([], 14)] {
      var ids: [String] = []
      var cursor: String?
      repeat {
        let outcome = server.fixture.run(
          ["requests", "list", "--json", "--limit", "3", "--data", server.fixture.data] + options
            + (cursor.map { ["--cursor", $0] } ?? []))
        ids += try items(outcome).compactMap { $0["id"]?.stringValue }
        cursor = try JSONParser.parse(Array(outcome.output.utf8))["next"]?.stringValue
      } while cursor != nil && ids.count < 50
      XCTAssertEqual(ids.count, count, "\(options) \(ids)")
      XCTAssertEqual(Set(ids).count, count)
    }
  }

  func testShow_ExplainsARequestByTheIdThatItsErrorNames() throws {
    let server = try ServedFolder(self)
    let key = try server.key([])
    let answer = try server.ask("GET", "/scim/v2/Users?filter=nick%20eq%20%22a%22", key)
    let detail = try XCTUnwrap(try answer.json()["detail"]?.stringValue)
    let id = try XCTUnwrap(detail.requestID)
    let shown = server.run("requests", "show", id)
    XCTAssertEqual(shown.code, .success, shown.error)
    for part in [
      "asked       GET /Users", "\"nick\" is not an attribute of User", "what to do", "answered    400 in",
    ] {
      XCTAssertTrue(shown.output.contains(part), "\(part): \(shown.output)")
    }
    let curl = server.run("requests", "curl", id)
    XCTAssertTrue(curl.output.contains("--data-urlencode 'filter=nick eq \"(masked)\"'"), curl.output)
    XCTAssertFalse(curl.output.contains(key))
  }

  func testShow_OfARequestWithoutAKnownKeyNeedsNoDirectory() throws {
    let server = try ServedFolder(self)
    let key = try server.key([])
    let answer = try server.ask("GET", "/scim/v2/Users", String(key.dropLast()))
    let id = try XCTUnwrap(
      try answer.json()["detail"]?.stringValue?.requestID)
    let shown = server.run("requests", "show", id)
    XCTAssertTrue(
      shown.output.contains("The key has 53 characters instead of 54: one was lost in copying."), shown.output
    )
    let elsewhere = server.run("requests", "show", id, "--directory", "default")
    XCTAssertEqual(elsewhere.code, .failure)
    XCTAssertTrue(elsewhere.error.contains("is kept"), elsewhere.error)
  }

  func testRequests_AreReadFromTheFolderWhenNoServerRuns() throws {
    let server = try ServedFolder(self)
    _ = try server.ask("GET", "/scim/v2/Users", try server.key([]))
    server.stop()
    XCTAssertEqual(try items(server.run("requests", "list", "--json")).count, 1)
    let follow = server.run("requests", "list", "--follow")
    XCTAssertEqual(follow.code, .unavailable)
    XCTAssertTrue(follow.error.contains("no server runs"), follow.error)
  }

  func testOption_ThatMeansNothingIsRefused() throws {
    let server = try ServedFolder(self)
    for (options, message) in [
      (["--status", "9xx"], "status must be"), (["--status", "40"], "status must be"),
      (["--since", "yesterday"], "--since"), (["--cursor", "c.x"], "cursor"),
      (["--directory", "default", "--connection", "none"], "No connection \"none\""),
    ] {
      let outcome = server.fixture.run(["requests", "list", "--data", server.fixture.data] + options)
      XCTAssertNotEqual(outcome.code, .success, "\(options)")
      XCTAssertTrue(outcome.error.contains(message), "\(options): \(outcome.error)")
    }
  }

  func testWatch_SendsNewRequestsAsTheyArriveUntilTheServerStops() throws {
    let server = try ServedFolder(self)
    let key = try server.key([])
    let admin = try server.key(["--scopes", "admin.read"])
    let received = Locked("")
    let (isOpen, isEnded) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let port = server.running.port
    DispatchQueue(label: "watch").async { @Sendable in
      let client = try? HTTPClient(base: "http://127.0.0.1:\(port)", token: admin, timeoutSeconds: 20)
      _ = try? client?.stream(method: "GET", path: "/admin/v1/directories/default/requests/watch?status=4xx")
      {
        bytes in
        received.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
        isOpen.signal()
        return true
      }
      isEnded.signal()
    }
    XCTAssertEqual(isOpen.wait(timeout: .now() + 20), .success)
    for path in ["/scim/v2/Users", "/scim/v2/Nothing"] { _ = try server.ask("GET", path, key) }
    while !received.withLock({ $0.contains("event: request") }) { usleep(10_000) }
    let text = received.withLock { $0 }
    XCTAssertTrue(text.contains("\"status\":404"), text)
    XCTAssertFalse(text.contains("\"status\":200"), text)
    server.stop()
    XCTAssertEqual(isEnded.wait(timeout: .now() + 20), .success)
  }

  func testWatch_AReaderThatReconnectsGetsWhatItMissedFirst() throws {
    let server = try ServedFolder(self)
    let key = try server.key([])
    let admin = try server.key(["--scopes", "admin.read"])
    var ids: [String] = []
    for number in 0..<3 {
      let answer = try server.ask("GET", "/scim/v2/Nothing\(number)", key)
      ids.append(try XCTUnwrap(answer.field("X-Request-Id")))
      _ = try server.ask("GET", "/scim/v2/Users", key)
    }
    for (last, missed) in [(ids[0], [1, 2]), (ids[2], []), ("unknown", [])] {
      var received = ""
      let client = try HTTPClient(
        base: "http://127.0.0.1:\(server.running.port)", token: admin, timeoutSeconds: 20)
      // It throws when the reader has had enough.
      _ = try? client.stream(
        method: "GET", path: "/admin/v1/directories/default/requests/watch?status=4xx",
        fields: [("Last-Event-ID", last)]
      ) { bytes in
        received += String(decoding: bytes, as: UTF8.self)
        // The first comment says that everything missed was sent.
        return !received.contains(":\n\n")
      }
      let expected = missed.map { "id: \(ids[$0])\n" }
      let found = received.split(separator: "\n").filter { $0.hasPrefix("id: ") }.map { "\($0)\n" }
      XCTAssertEqual(found, expected, received)
    }
  }

  func testRequests_OfAnotherDirectoryAreNotShownToAKeyOfOne() throws {
    let server = try ServedFolder(self)
    let key = try server.key([])
    XCTAssertEqual(server.run("directory", "create", "two").code, .success)
    let admin = try server.key(["--directory", "two", "--scopes", "admin.read"])
    let answer = try server.ask("GET", "/scim/v2/Nothing", key)
    let id = try XCTUnwrap(
      try answer.json()["detail"]?.stringValue?.requestID)
    for (path, status) in [
      ("/admin/v1/requests", 403), ("/admin/v1/requests/\(id)", 403), ("/admin/v1/requests/watch", 403),
      ("/admin/v1/directories/default/requests", 404),
      ("/admin/v1/directories/default/requests/watch", 404),
      ("/admin/v1/directories/default/requests/\(id)", 404),
      ("/admin/v1/directories/two/requests/\(id)", 404), ("/admin/v1/directories/two/requests", 200),
    ] {
      XCTAssertEqual(try server.ask("GET", path, admin).status, status, path)
    }
  }
}
