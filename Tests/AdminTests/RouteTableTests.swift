import Admin
import Foundation
import HTTP
import JSON
import Platform
import XCTest

/// The table of routes, and what is refused for every route alike.
final class RouteTableTests: XCTestCase {
  func testNoTwoRoutesHaveTheSameMethodAndPath() {
    let places = AdminRoute.all.map { "\($0.method.rawValue) \($0.template)" }
    XCTAssertEqual(Set(places).count, places.count)
  }

  func testOperationsOfTheDescriptionHaveDistinctNames() {
    var names: [String] = []
    for path in OpenAPI.document(version: "1")["paths"]?.objectValue?.members ?? [] {
      for operation in path.value.objectValue?.members ?? [] {
        if let name = operation.value["operationId"]?.stringValue { names.append(name) }
      }
    }
    XCTAssertEqual(names.count, AdminRoute.served.count)
    XCTAssertEqual(Set(names).count, names.count)
  }

  func testEveryRouteOfTheAPIHasAScopeAndOnlyReadsWithTheOneForReading() {
    for route in AdminRoute.all where route.template.hasPrefix("/admin/") {
      // An inspection changes nothing, but what it looks at must not be in a URL. A link to the console gives no more
      // rights than its maker has.
      let others = ["/keys/inspect", "/console/links"]
      let reads = route.method == .get || others.contains { route.template.hasSuffix($0) }
      XCTAssertEqual(route.scope == .read, reads, route.template)
    }
  }

  func testAMethodThatARouteDoesNotHaveIs405WithThoseThatItHas() throws {
    let fixture = try AdminFixture(self)
    for route in AdminRoute.all {
      let target = Self.target(route)
      let known = AdminRoute.all.filter { Self.target($0) == target }.map(\.method.rawValue)
      let method = try XCTUnwrap(["PUT", "OPTIONS"].first { !known.contains($0) })
      let answer = try fixture.ask(method, target)
      XCTAssertEqual(answer.status, 405, target)
      XCTAssertEqual(answer.fields[.allow], Set(known).sorted().joined(separator: ", "), target)
      XCTAssertEqual(answer.code, "methodNotAllowed")
    }
  }

  func testAnUnknownPathIs404() throws {
    let fixture = try AdminFixture(self)
    for path in [
      "/", "/admin", "/admin/v1", "/admin/v1/nothing", "/admin/v1/directories//users", "/scim/v2/Users",
    ] {
      XCTAssertEqual(try fixture.ask("GET", path).code, "noSuchEndpoint", path)
    }
  }

  func testAnUnknownParameterIsRefusedByNameOnEveryRoute() throws {
    let fixture = try AdminFixture(self)
    for route in AdminRoute.all {
      let answer = try fixture.ask(route.method.rawValue, Self.target(route) + "?nonsense=1")
      XCTAssertEqual(answer.code, "unknownParameter", route.template)
      XCTAssertEqual(answer.json["pointer"], "?nonsense")
    }
  }

  func testAParameterWithAValueThatItCannotHaveIsRefused() throws {
    let fixture = try AdminFixture(self)
    let users = AdminFixture.root + "/users"
    for query in [
      "limit=0", "limit=501", "limit=x", "limit=1&limit=2", "deleted=yes", "deleted",
      "cursor=\(String(repeating: "a", count: 300))",
    ] {
      let answer = try fixture.ask("GET", users + "?" + query)
      XCTAssertEqual(answer.code, "invalidParameter", query)
    }
    for cursor in ["x", "c", "c.", "c.zz.zz", "c.%21"] {
      XCTAssertEqual(try fixture.ask("GET", users + "?cursor=" + cursor).code, "invalidCursor", cursor)
    }
    XCTAssertEqual(try fixture.ask("GET", users + "?limit=%zz").code, "malformedQuery")
    XCTAssertEqual(try fixture.ask("GET", users + "/%ff").code, "malformedPath")
  }

  func testAConditionOrAnIdempotencyKeyThatWouldBeIgnoredIsRefused() throws {
    let fixture = try AdminFixture(self)
    for route in AdminRoute.all {
      let target = Self.target(route)
      if !route.takesIdempotencyKey {
        let repeated = try fixture.ask(
          route.method.rawValue, target, fields: [("Idempotency-Key", "k")])
        XCTAssertEqual(repeated.code, "notSupported", route.template)
      }
      guard !route.takesIfMatch else { continue }
      XCTAssertEqual(try fixture.ask(route.method.rawValue, target, ifMatch: "*").code, "notSupported")
    }
  }

  func testABodyThatIsNotCalledJSONIsRefusedAndNothingIsDone() throws {
    let fixture = try AdminFixture(self)
    let body: JSONValue = ["name": "k"]
    let keys = AdminFixture.root + "/keys"
    for type in ["text/plain", "application/x-www-form-urlencoded", "application/xml"] {
      let answer = try fixture.ask("POST", keys, body, fields: [("Content-Type", type)])
      XCTAssertEqual(answer.code, "unsupportedMediaType", type)
    }
    XCTAssertEqual(try fixture.ask("GET", keys).items, [])
    for type in ["application/json", "application/scim+json; charset=utf-8", "Application/JSON"] {
      let answer = try fixture.ask("POST", keys, body, fields: [("Content-Type", type)])
      XCTAssertEqual(answer.status, 201, type)
    }
  }

  func testEveryRefusalHasTheMembersOfAProblem() throws {
    let fixture = try AdminFixture(self)
    let answer = try fixture.ask("GET", AdminFixture.root + "/users/nobody")
    XCTAssertEqual(answer.status, 404)
    XCTAssertEqual(answer.fields[.contentType], "application/problem+json")
    XCTAssertEqual(answer.json["type"], "/docs/errors/unknownResource")
    XCTAssertEqual(answer.json["request"]?.stringValue, answer.fields[.requestId])
    let read = try XCTUnwrap(AdminProblem(answer.json))
    XCTAssertEqual(read.code, .unknownResource)
    XCTAssertEqual(read.json, answer.json)
  }

  func testEveryCodeIsExplainedAndHasAMeaningOfItsOwn() throws {
    let fixture = try AdminFixture(self)
    for code in ProblemCode.allCases {
      let answer = try fixture.ask("GET", "/docs/errors/\(code.rawValue)")
      XCTAssertEqual(answer.json["status"]?.integerValue, Int64(code.status), code.rawValue)
      XCTAssertEqual(code.meaning.title == "The server failed", code == .internalError, code.rawValue)
    }
    for entry in CatalogueEntry.all {
      let answer = try fixture.ask("GET", "/docs/errors/\(entry.code)")
      XCTAssertEqual(answer.json["code"]?.stringValue, entry.code)
      XCTAssertEqual(answer.json["status"]?.integerValue, Int64(entry.status), entry.code)
      XCTAssertEqual(answer.json["providers"]?.objectValue?.count, entry.isOfSCIM ? 16 : nil, entry.code)
    }
    XCTAssertEqual(
      try fixture.ask("GET", "/docs/errors").items.compactMap { $0["code"]?.stringValue },
      CatalogueEntry.all.map(\.code))
    XCTAssertEqual(try fixture.ask("GET", "/docs/errors/none").status, 404)
  }

  func testErrorsOfTheHTTPLayerAreProblemsWithTheirReason() throws {
    let service = ControlService(AdminHandler(try AdminFixture(self).world))
    for error in [
      HTTPError.malformedChunk, .bodyTooLarge(limit: 9), .headTimeout, .tooManyConnections(limit: 1),
    ] {
      let response = service.response(to: error, peer: try XCTUnwrap(PeerAddress(text: "192.0.2.1")))
      guard case .bytes(let bytes) = response.body else { return XCTFail("no body") }
      let problem = try XCTUnwrap(AdminProblem(try JSONParser.parse(bytes)))
      XCTAssertEqual(problem.detail, error.detail)
      XCTAssertEqual(response.status.rawValue, error.status.rawValue)
    }
  }

  func testTheSocketOfTheDataFolderIsForItsOwnerAndRoot() throws {
    let service = ControlService(AdminHandler(try AdminFixture(self).world))
    let head = try HTTPRequestHead(method: "GET", target: "/admin/v1/directories", fields: [])
    for user in [nil, 0, UserName.current] {
      XCTAssertNil(service.refusal(of: head, peer: .unixSocket(user: user)))
    }
    let refused = try XCTUnwrap(service.refusal(of: head, peer: .unixSocket(user: UserName.current + 4321)))
    XCTAssertEqual(refused.status.rawValue, 403)
  }

  /// A path of the route, with the default directory.
  static func target(_ route: AdminRoute, directory: String = "default") -> String {
    "/"
      + route.segments.map { segment in
        switch segment {
        case "{directory}": directory
        case "{type}": "Users"
        case "{code}": "busy"
        case "{topic}": "keys"
        case "{link}": "link_none"
        case "{name}": "user.created"
        case "{id}": "2819c223-7f76-453a-919d-413861904646"
        default: String(segment)
        }
      }.joined(separator: "/")
  }
}
