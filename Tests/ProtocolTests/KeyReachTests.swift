import HTTP
import JSON
import SCIM
import Storage
import XCTest

@testable import Credentials
@testable import Protocol

/// What a valid key may do.
final class KeyReachTests: XCTestCase {
  private func status(
    _ fixture: ServiceFixture, _ key: String, _ method: String, _ path: String, _ body: String = ""
  ) throws -> HTTPResponse {
    try fixture.send(method, path, [("Authorization", "Bearer \(key)")], body: body)
  }

  func testAKeyDoesWhatItsScopesAllowAndIsToldWhichOneIsMissing() throws {
    let fixture = try ServiceFixture(self)
    let user = #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada"}"#
    let cases: [(Scopes, String, String, String, Int, String?)] = [
      (.scimUsersRead, "GET", "/Users", "", 200, nil),
      (.scimUsersRead, "GET", "/Groups", "", 403, "scim.groups.read"),
      (.scimUsersRead, "POST", "/Users", user, 403, "scim.users.write"),
      (.scimUsersRead, "GET", "/", "", 403, "scim.*"),
      (.scimUsersRead, "GET", "/Schemas", "", 200, nil),
      (.scimUsersWrite, "GET", "/Users", "", 200, nil),
      (.scimUsersRead, "POST", "/Bulk", "{}", 403, "scim.users.write"),
      (.scimUsersWrite, "POST", "/Bulk", "{}", 400, nil),
      (.scimGroupsWrite, "GET", "/Groups", "", 200, nil),
      (.scimGroupsRead, "POST", "/Groups/.search", #"{"schemas":["\#(SchemaURN.searchRequest)"]}"#, 200, nil),
      (.adminWrite, "GET", "/Users", "", 403, "scim.users.read"),
      (.scim, "POST", "/Users", user, 201, nil),
    ]
    for (scopes, method, path, body, expected, missing) in cases {
      var new = NewKey(name: "test")
      new.scopes = scopes
      let response = try status(fixture, try fixture.keys.create(new).secret, method, path, body)
      XCTAssertEqual(response.status.rawValue, expected, "\(scopes.names) \(method) \(path)")
      let challenge = response.fields[.wwwAuthenticate]
      XCTAssertEqual(
        challenge, missing.map { "Bearer realm=\"scim\", error=\"insufficient_scope\", scope=\"\($0)\"" })
    }
  }

  func testAPausedDirectoryAsksToComeBackLaterAndChangesNothing() throws {
    let fixture = try ServiceFixture(self)
    try fixture.set(.paused)
    let response = try fixture.createUser("ada")
    XCTAssertEqual(response.status.rawValue, 503)
    XCTAssertEqual(response.fields[.retryAfter], "300")
    try fixture.set(.active)
    XCTAssertEqual(try fixture.createUser("ada").status.rawValue, 201)
  }
}

extension ServiceFixture {
  /// Pauses or resumes the directory.
  func set(_ state: DirectoryDescription.State) throws {
    let system = service.store.system
    let type = system.administrativeType("Directory")
    let context = RequestContext(Actor(.server), requestID: "", operation: "TEST")
    _ = try system.write(context) { tx throws(SCIMError) in
      let id = tx.find(type, "name", "default")[0]
      let description = DirectoryDescription(name: "default", state: state)
      try tx.update(try tx.resource(type, id.text), description.document, [], skipsUnknown: false)
      return id
    }.whenDurable().get()
  }
}
