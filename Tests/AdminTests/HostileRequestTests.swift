import Admin
import HTTP
import JSON
import XCTest

/// Whatever a caller sends is answered, and a refusal is a problem: nothing traps.
final class HostileRequestTests: XCTestCase {
  private static let pieces = [
    "", "c", "c.", "c.0", "c.zzzzzzzzzzzzz", "c.3w5e11264sgsf", "c.1.2819c223-7f76-453a-919d-413861904646",
    "-1", "0", "1",
    "500", "501", "9223372036854775808", "true", "false", "ndjson", "csv", "%00", "%ff", "%2F..%2F",
    "%E2%80%AE", "User",
    "Users", "members", "2819c223-7f76-453a-919d-413861904646", "ada", "userName%20eq%20%22a%22",
    "a%5Bb%20eq%201%5D",
  ]

  private static let bodies: [String] = [
    "", "{}", "[]", "null", "1", "\"x\"", "{", "\u{0}", "{\"name\":null}", "{\"add\":[]}",
    "{\"add\":[\"\"],\"remove\":[\"ada\"]}",
    "{\"Operations\":[]}", "{\"Operations\":[{}]}",
    "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members\"}]}",
    "{\"Operations\":[{\"op\":\"replace\",\"path\":\"meta\",\"value\":{}}]}",
    "{\"Operations\":[{\"op\":\"add\",\"path\":\"emails[type eq\",\"value\":1}]}",
    "{\"Operations\":{\"op\":1}}", "{\"schemas\":[],\"userName\":\"x\"}", "userName\nada\n", "userName,\"\n",
    "id,userName\nx,\n",
    "{\"userName\":\"\",\"displayName\":\"\"}", "{\"userName\":\"a\",\"userName\":\"b\"}",
  ]

  func testEveryCombinationOfOddSegmentsParametersAndBodiesIsAnswered() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.user("ada")
    _ = try fixture.group("Staff")
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func next(_ count: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(count))
    }
    func piece() -> String { Self.pieces[next(Self.pieces.count)] }
    var answered: [Int: Int] = [:]
    // Deleting the directory under test would make a 404 of everything after it.
    let routes = AdminRoute.all.filter { ($0.noun, $0.verb) != ("directory", "delete") }
    for round in 0..<6000 {
      let route = routes[round % routes.count]
      let path = route.segments.map { segment in
        guard segment.hasPrefix("{") else { return String(segment) }
        return segment == "{directory}" && next(8) > 0 ? "default" : piece()
      }
      let names = route.allParameters.map(\.name) + ["x"]
      let query = (0..<next(4)).map { _ in "\(names[next(names.count)])=\(piece())" }.joined(separator: "&")
      let body = route.body == nil && next(4) > 0 ? [] : Array(Self.bodies[next(Self.bodies.count)].utf8)
      let answer = try fixture.ask(
        route.method.rawValue, "/" + path.joined(separator: "/") + (query.isEmpty ? "" : "?\(query)"),
        bytes: body)
      answered[answer.status / 100, default: 0] += 1
      XCTAssertLessThan(answer.status == 501 ? 400 : answer.status, 500, "\(route.template) \(query)")
    }
    XCTAssertGreaterThan(answered[2] ?? 0, 100, "some are understood")
    XCTAssertGreaterThan(answered[4] ?? 0, 1000, "most are not")
  }

  func testAHundredThousandMembersInOneChangeAreRefusedByNumber() throws {
    let fixture = try AdminFixture(self)
    _ = try fixture.group("Staff")
    let names = JSONValue.array((0..<100_000).map { .string("user\($0)") })
    let answer = try fixture.ask("PATCH", AdminFixture.root + "/groups/Staff/members", ["add": names])
    XCTAssertEqual(answer.code, "tooMany")
  }

  func testABodyBeyondTheLimitIsRefusedExceptForAnImport() throws {
    let fixture = try AdminFixture(self)
    let large = [UInt8](repeating: 0x20, count: 9 << 20)
    XCTAssertEqual(
      try fixture.ask("POST", AdminFixture.root + "/users", bytes: large).code, "contentTooLarge")
    XCTAssertEqual(
      try fixture.ask("POST", AdminFixture.root + "/import?format=ndjson", bytes: large).status, 200)
  }
}
