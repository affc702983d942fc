import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// What is sent in pieces is what would be sent as a whole, under every projection.
final class RepresentationPiecesTests: DirectoryTestCase {
  private static let projections: [(attributes: [String]?, excluded: [String]?)] = [
    (nil, nil), (["members.value"], nil), (["members"], nil), (["members.display", "displayName"], nil),
    (["groups.display"], nil), (["groups.$ref", "emails.value"], nil), (["userName"], nil),
    (["meta.version"], nil),
    (nil, ["members.$ref"]), (nil, ["groups", "members"]), (nil, ["groups.type", "meta"]), (nil, ["emails"]),
  ]

  func testThePiecesAreTheWhole() throws {
    let store = try openStore()
    defer { store.close() }
    let tenant = try store.tenant()
    let long = JSONValue.string(String(repeating: "long ", count: 10_000))
    let boss = try tenant.createUser("boss")
    let user = try tenant.create(
      tenant.user,
      [
        "userName": "ada", "title": long, "emails": [["value": "a@x", "type": "work"]],
        "\(SchemaURN.enterpriseUser)": ["department": long, "manager": ["value": .string(boss.id.text)]],
      ])
    let others = try (0..<800).map { try tenant.createUser("u\($0)") }
    let group = try tenant.createGroup("Staff", [user] + others)
    for number in 0..<400 { try tenant.createGroup("g\(number)", [user]) }
    for resource in [user, group, boss] {
      let found = try tenant.core.read(resource.type, Array(resource.id.text.utf8)[...], members: true)
      let stored = try found.wait().get()
      for (attributes, excluded) in Self.projections {
        let projection = try Projection(attributes: attributes, excluded: excluded, of: resource.type)
        var whole: [UInt8] = []
        stored.write(to: &whole, base: "https://x", projection)
        var parts: [UInt8] = []
        let pieces = RepresentationPieces(stored, base: "https://x", projection)
        while let piece = pieces.next() {
          XCTAssertLessThan(piece.count, 100_000)
          parts += piece
        }
        XCTAssertEqual(String(decoding: parts, as: UTF8.self), String(decoding: whole, as: UTF8.self))
        XCTAssertNoThrow(try JSONParser.parse(whole), "\(attributes ?? []) \(excluded ?? [])")
      }
    }
  }

  func testAPageEndsWhereItHasBytesEnoughAndTheNextGoesOn() throws {
    let store = try openStore()
    defer { store.close() }
    let tenant = try store.tenant()
    let title = JSONValue.string(String(repeating: "t", count: 10_000))
    let users = try (0..<7).map {
      try tenant.create(tenant.user, ["userName": .string("u\($0)"), "title": title])
    }
    let small = try tenant.createUser("small")
    for filter in [nil, "userName pr", "userName sw \"u\" or userName eq \"small\""] {
      var position = CursorStart.first
      var sizes: [Int] = []
      var ids: [String] = []
      while true {
        let page = try tenant.page(
          ResourceQuery(
            parts: [try Tenant.part(tenant.user, filter)], cursor: position, count: 100, maxBytes: 25_000,
            base: "", showsMembers: false))
        sizes.append(page.resources.count)
        ids += page.resources.map(\.id.text)
        guard let next = page.next else { break }
        position = .after(next)
      }
      XCTAssertEqual(sizes, [2, 2, 2, 2])
      XCTAssertEqual(ids, (users + [small]).map(\.id.text))
    }
    let first = try tenant.page(
      ResourceQuery(
        parts: [try Tenant.part(tenant.user)], startIndex: 4, count: 3, maxBytes: 1, base: "",
        showsMembers: false))
    XCTAssertEqual(first.resources.map(\.id), [users[3].id], "however large it is")
  }

  func testASearchThatNobodyWaitsForEnds() throws {
    let store = try openStore()
    defer { store.close() }
    let tenant = try store.tenant()
    try tenant.createUser("ada")
    let capture = try tenant.core.state.withLock { $0.directory.capture() }
    let query = ResourceQuery(
      parts: [try Tenant.part(tenant.user, "title co \"x\"")], count: 10, base: "", showsMembers: false)
    XCTAssertEqual(try capture.result(query).get().total, 0)
    guard case .failure(let error) = capture.result(query, isStopping: { true }) else {
      return XCTFail("it went on")
    }
    XCTAssertEqual(error.status, 503)
  }
}
