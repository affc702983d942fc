import Admin
import Foundation
import HTTP
import JSON
import Storage
import XCTest

/// A caller of one directory sees no other: a matrix over every route and two directories.
final class CeilingTests: XCTestCase {
  private let caller = AdminCaller(.key("key_a"), directory: "default")

  /// A body that the route would take.
  private func body(_ route: AdminRoute) -> JSONValue? {
    switch (route.noun, route.verb) {
    case (_, "create") where route.noun == "key": ["name": "k"]
    case (_, "create"): ["userName": "eve", "displayName": "Eves"]
    case (_, "update"): ["Operations": [["op": "replace", "path": "externalId", "value": "x"]]]
    case (_, "change"): ["add": ["ada"]]
    default: nil
    }
  }

  private func query(_ route: AdminRoute) -> String {
    let required = route.parameters.filter(\.isRequired).map { "\($0.name)=ndjson" }
    return required.isEmpty ? "" : "?" + required.joined(separator: "&")
  }

  func testAnotherDirectoryIsTheSame404AsOneThatDoesNotExistOnEveryRoute() throws {
    let fixture = try AdminFixture(self)
    try fixture.makeDirectory("other")
    _ = try fixture.user("ada", in: "other")
    let before = try fixture.ask("GET", "/admin/v1/directories/other/export?format=ndjson").bytes
    for route in AdminRoute.all where route.isOfDirectory {
      var answers: [JSONValue] = []
      for directory in ["other", "missing"] {
        let target = RouteTableTests.target(route, directory: directory) + query(route)
        let answer = try fixture.ask(route.method.rawValue, target, body(route), by: caller)
        XCTAssertEqual(answer.status, 404, target)
        var json = answer.json.objectValue
        json?["request"] = nil
        let detail = answer.json["detail"]?.stringValue ?? ""
        json?["detail"] = .string(detail.replacingOccurrences(of: directory, with: "NAME"))
        answers.append(.object(try XCTUnwrap(json)))
      }
      XCTAssertEqual(answers[0], answers[1], route.template)
    }
    XCTAssertEqual(
      try fixture.ask("GET", "/admin/v1/directories/other/export?format=ndjson").bytes, before)
    XCTAssertNil(fixture.world.store.existingDirectory(named: "missing"))
  }

  func testTheOwnDirectoryIsReachedOnEveryRoute() throws {
    let fixture = try AdminFixture(self)
    for route in AdminRoute.all where route.isOfDirectory {
      let target = RouteTableTests.target(route) + query(route)
      let answer = try fixture.ask(route.method.rawValue, target, body(route), by: caller)
      XCTAssertNotEqual(answer.code, "unknownDirectory", target)
      XCTAssertNotEqual(answer.status, 403, target)
    }
  }

  func testWhatStandsAboveDirectoriesIsRefused() throws {
    let fixture = try AdminFixture(self)
    for route in AdminRoute.all where !route.isOfDirectory && route.scope != nil && !route.showsPart {
      let answer = try fixture.ask(route.method.rawValue, RouteTableTests.target(route), by: caller)
      XCTAssertEqual(answer.status, 403, route.template)
      XCTAssertEqual(answer.code, "beyondDirectory", route.template)
    }
  }

  func testACallerOfOneDirectoryMakesNoOther() throws {
    let fixture = try AdminFixture(self)
    let answer = try fixture.ask(
      "POST", "/admin/v1/directories/new/keys?newDirectory=true", ["name": "k"], by: caller)
    XCTAssertEqual(answer.status, 404)
    XCTAssertNil(fixture.world.store.existingDirectory(named: "new"))
  }

  func testAMissingScopeIsNamedOnEveryRoute() throws {
    let fixture = try AdminFixture(self)
    for route in AdminRoute.all {
      guard let scope = route.scope else { continue }
      let others = Set(AdminScope.allCases).subtracting([scope])
      let answer = try fixture.ask(
        route.method.rawValue, RouteTableTests.target(route), body(route),
        by: AdminCaller(.key("key_a"), scopes: others))
      XCTAssertEqual(answer.code, "insufficientScope", route.template)
      XCTAssertTrue(answer.json["detail"]?.stringValue?.contains(scope.rawValue) == true)
    }
  }
}
