import HTTP
import SCIM
import XCTest

@testable import Protocol

/// Bytes of a path in, a route out.
final class RouteTests: XCTestCase {
  func testEveryEndpointAnswersBelowEachBase() throws {
    let endpoints = [
      ("", "root"), ("/.search", "search all"), ("/Users", "User"), ("/Groups", "Group"),
      ("/Users/.search", "search User"), ("/Users/a1", "User a1"), ("/Groups/a1", "Group a1"),
      ("/ServiceProviderConfig", "configuration"), ("/Schemas", "schemas"),
      ("/Schemas/urn:x", "schema urn:x"),
      ("/ResourceTypes", "types"), ("/ResourceTypes/User", "type User"), ("/Bulk", "bulk"), ("/Me", "me"),
    ]
    for base in ["/scim/v2", "/v2", ""] {
      for (path, name) in endpoints where !(base + path).isEmpty {
        try expect(base + path, name)
        try expect(base + path + "/", name)
      }
    }
    try expect("/", "root")
  }

  func testHealthHasRoutes() throws {
    try expect("/livez", "live")
    try expect("/readyz", "ready")
  }

  func testNamesIgnoreLetterCaseAndIdsDoNot() throws {
    try expect("/SCIM/V2/USERS/Ab", "User Ab")
    try expect("/serviceproviderconfig", "configuration")
    try expect("/resourcetypes/user", "type user")
  }

  func testEscapesAreDecodedOnce() throws {
    try expect("/Users/a%2Fb", "User a/b")
    try expect("/Users/%2541", "User %41")
    try expect("/Schemas/urn%3Ax", "schema urn:x")
    try expect("/Users/a+b", "User a+b")
  }

  func testSearchIsNoId() throws {
    try expect("/Users/.search/x", "unknown")
    try expect("/Users/.searchx", "User .searchx")
  }

  func testWhatIsNoEndpointIsUnknown() throws {
    let paths = [
      "/Nope", "/Userss", "/User", "/Users/a/b", "/scim", "/scim/Users", "/scim/v2x/Users",
      "/api/scim/v2/Users", "/scim/v2/v2/Users", "/Schemas/a/b", "/Me/x", "/livez/x",
    ]
    for path in paths { try expect(path, "unknown") }
  }

  /// A base URL that was pasted with a slash at its end.
  func testSeveralSlashesInARowAreOne() throws {
    for path in ["//Users", "/scim/v2//Users", "//scim//v2///Users//", "/v2//Users", "/Users//"] {
      try expect(path, "User")
    }
    try expect("/scim/v2//Users//a1", "User a1")
    try expect("/scim/v2//Users//.search", "search User")
    try expect("//", "root")
    try expect("/Users/a%2F%2Fb", "User a//b")
  }

  func testWhatIsNoPercentEscapeOrNoTextIsMalformed() throws {
    let paths = [
      "/Users/%", "/Users/%zz", "/Users/%4", "/Users/%FF", "/Users/%00", "/%zz", "/Nope/%g1", "/Schemas/%%",
      "/scim/v2/Users/a%2", "/livez/%zz",
    ]
    for path in paths { try expect(path, "malformed") }
  }

  func testTheNearestEndpointIsFoundForAPathThatIsNone() throws {
    let nearest = NearestEndpoint(Router(try Catalog.standard()).endpointNames)
    let cases = [
      ("/scim/v2/User", "Users"), ("/scim/Users", "Users"), ("/api/scim/v2/Users/abc", "Users"),
      ("/scim/v2/group", "Groups"), ("/scim/v2/Userss", "Users"),
      ("/ServiceProviderConfigs", "ServiceProviderConfig"),
      ("/Schema/x", "Schemas"), ("/scim/v2/v2/Groups", "Groups"), ("/Users/a/b", "Users"),
      ("/search", ".search"),
    ]
    for (path, name) in cases { XCTAssertEqual(nearest.name(for: bytes(path)), name, path) }
    for path in [
      "/", "/Nope", "/x", "/metrics", "/a/b/c/d/e/f/g/h/Users", "/" + String(repeating: "U", count: 9000),
    ] {
      XCTAssertNil(nearest.name(for: bytes(path)), path)
    }
  }

  func testOtherVersionsAreTold() throws {
    for path in ["/v1/Users", "/v3", "/scim/v1/Users", "/scim/v2.1/Users", "/V10"] {
      try expect(path, "other version")
    }
    try expect("/v/Users", "unknown")
    try expect("/vx/Users", "unknown")
  }

  func testOnlyHealthAndTheConfigurationArePublic() throws {
    let router = Router(try Catalog.standard())
    for path in ["/livez", "/readyz", "/ServiceProviderConfig"] {
      XCTAssertTrue(router.route(bytes(path)).isPublic, path)
    }
    for path in [
      "/", "/Users", "/Schemas", "/ResourceTypes", "/Users/x", "/Bulk", "/Me", "/Nope", "/v1/Users",
    ] {
      XCTAssertFalse(router.route(bytes(path)).isPublic, path)
    }
  }

  func testAllowNamesWhatTheRouteTakes() throws {
    let router = Router(try Catalog.standard())
    XCTAssertEqual(router.route(bytes("/Users")).allow, "GET, POST, HEAD, OPTIONS")
    XCTAssertEqual(router.route(bytes("/Users/x")).allow, "GET, PUT, PATCH, DELETE, HEAD, OPTIONS")
    XCTAssertEqual(router.route(bytes("/.search")).allow, "POST, OPTIONS")
    XCTAssertEqual(router.route(bytes("/Schemas")).allow, "GET, HEAD, OPTIONS")
  }

  func testEveryAddressOfTheServerIsReservedFromResourceTypesOfOthers() throws {
    let router = Router(try Catalog.standard(), listed: try Catalog.listed().types)
    let fixed = [
      "/ServiceProviderConfig", "/Schemas", "/ResourceTypes", "/Bulk", "/Me", "/livez", "/readyz", "/Roles",
      "/Entitlements",
    ]
    for path in fixed {
      if case .unknown = router.route(bytes(path)) { XCTFail("\(path) is not there") }
      XCTAssertTrue(CatalogBuilder.reservedEndpoints.contains(path.dropFirst().lowercased()), path)
    }
  }

  func testWhatIsListedFromAFileCanOnlyBeRead() throws {
    let router = Router(try Catalog.standard(), listed: try Catalog.listed().types)
    XCTAssertEqual(router.route(bytes("/Roles")).allow, "GET, HEAD, OPTIONS")
    XCTAssertEqual(router.route(bytes("/Roles/x")).allow, "GET, HEAD, OPTIONS")
    XCTAssertEqual(router.route(bytes("/Entitlements/.search")).allow, "POST, OPTIONS")
    if case .unknown = Router(try Catalog.standard()).route(bytes("/Roles")) { return }
    XCTFail("/Roles is there without a file")
  }

  func testTemplatesTellNoIds() throws {
    let router = Router(try Catalog.standard())
    XCTAssertEqual(router.route(bytes("/scim/v2/Users/secret")).template, "/Users/{id}")
    XCTAssertEqual(router.route(bytes("/Nope/secret")).template, "?")
  }

  private func bytes(_ path: String) -> ArraySlice<UInt8> { Array(path.utf8)[...] }

  private func expect(_ path: String, _ name: String, line: UInt = #line) throws {
    XCTAssertEqual(Self.name(Router(try Catalog.standard()).route(bytes(path))), name, path, line: line)
  }

  private static func name(_ route: Route) -> String {
    switch route {
    case .root: "root"
    case .rootSearch: "search all"
    case .collection(let type): type.name
    case .search(let type): "search \(type.name)"
    case .resource(let type, let id): "\(type.name) \(String(decoding: id, as: UTF8.self))"
    case .serviceProviderConfig: "configuration"
    case .schemas: "schemas"
    case .schema(let urn): "schema \(urn)"
    case .resourceTypes: "types"
    case .resourceType(let name): "type \(name)"
    case .bulk: "bulk"
    case .me: "me"
    case .live: "live"
    case .ready: "ready"
    case .otherVersion: "other version"
    case .unknown: "unknown"
    case .malformed: "malformed"
    }
  }
}
