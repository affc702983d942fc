import Client
import Foundation
import JSON
import XCTest

/// Walks by cursor over values many of which are equal.
final class CursorWalkTests: ConformanceTestCase {
  private let titles = ["a", "b", "B", "c"]

  func testAWalkBackwardsIsTheReverseOfTheWalkForwards() throws {
    let run = unique()
    for index in 0..<30 { _ = try create("/Users", user(index, run)) }
    let forwards = try walk(run, "ascending")
    XCTAssertEqual(forwards.count, 30)
    XCTAssertEqual(Set(forwards).count, 30)
    XCTAssertEqual(try walk(run, "descending"), forwards.reversed())
    XCTAssertEqual(try pages(run, "ascending"), forwards)
    XCTAssertEqual(try pages(run, "descending"), forwards.reversed())
  }

  /// Whoever is there from the beginning to the end is shown exactly once, whoever else goes or comes meanwhile.
  func testAWalkLosesNobodyAndShowsNobodyTwiceWhileOthersGoAndCome() throws {
    for order in ["ascending", "descending"] {
      for seed in 0..<4 {
        let run = unique()
        var ids: [String] = []
        for index in 0..<24 { ids.append(try create("/Users", user(index, run))) }
        var gone = Set<String>()
        var come = 24
        let shown = try walk(run, order) { last in
          // The resource at the border, and one somewhere else.
          for id in [last, ids[(come * 7 + seed) % ids.count]] where gone.insert(id).inserted {
            _ = try self.send("DELETE", "/Users/\(id)")
          }
          _ = try self.create("/Users", self.user(come, run))
          come += 1
        }
        XCTAssertEqual(Set(shown).count, shown.count, "\(order) \(seed)")
        for id in ids where !gone.contains(id) { XCTAssertTrue(shown.contains(id), "\(order) \(seed)") }
      }
    }
  }

  private func user(_ index: Int, _ run: String) -> JSONValue {
    var body: JSONObject = [
      "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
      "userName": .string("walk\(index).\(run)@example.com"), "userType": .string(run),
    ]
    if index % 5 > 0 { body["title"] = .string(titles[index % 5 - 1]) }
    return .object(body)
  }

  private func query(_ run: String, _ order: String) -> String {
    "/Users?filter=userType%20eq%20%22\(run)%22&sortBy=title&sortOrder=\(order)&attributes=id&count=4"
  }

  /// - Parameter meanwhile: called between two pages with the last id of the first of them.
  private func walk(
    _ run: String, _ order: String, meanwhile: (String) throws -> Void = { _ in }
  ) throws -> [String] {
    var ids: [String] = []
    var cursor: String? = ""
    while let next = cursor {
      let page = try send("GET", query(run, order) + "&cursor=\(next)").json()
      ids += page["Resources"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
      cursor = page["nextCursor"]?.stringValue
      if cursor != nil, let last = ids.last { try meanwhile(last) }
      XCTAssertLessThan(ids.count, 200, "the walk ends")
      if ids.count >= 200 { break }
    }
    return ids
  }

  private func pages(_ run: String, _ order: String) throws -> [String] {
    var ids: [String] = []
    for start in stride(from: 1, through: 30, by: 4) {
      let page = try send("GET", query(run, order) + "&startIndex=\(start)").json()
      ids += page["Resources"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
    }
    return ids
  }
}
