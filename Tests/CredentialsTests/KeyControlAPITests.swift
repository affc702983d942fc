import HTTP
import JSON
import Platform
import Admin
import Credentials
import XCTest

final class KeyControlAPITests: XCTestCase {
  func testAKeyCreatedOverTheSocketWorksAndIsListedWithoutItsSecret() throws {
    let store = try KeyFixture(self).store()
    let api = ControlAPI(keys: store, baseURL: "https://scim.example.com/scim/v2")
    let (status, created) = try ask(api, "POST", "/keys", ["name": "Okta", "profile": "okta"])
    XCTAssertEqual(status, 201)
    XCTAssertEqual(created["baseURL"], "https://scim.example.com/scim/v2")
    let secret = try XCTUnwrap(created["key"]?.stringValue)
    guard case .valid(let key) = store.authenticate(secret) else { return XCTFail("the key is not valid") }
    XCTAssertEqual(created["id"]?.stringValue, key.id)
    let (_, listed) = try ask(api, "GET", "/keys")
    XCTAssertEqual(listed["keys"]?.arrayValue?.count, 1)
    let text = String(decoding: listed.serialized(), as: UTF8.self)
    XCTAssertFalse(text.contains(secret))
    XCTAssertFalse(text.contains(key.digest.description))
  }

  func testDeleteRevokesAndAnswersWithTheKey() throws {
    let store = try KeyFixture(self).store()
    let created = try KeyAdministration(store).create(NewKey(name: "a"))
    let (status, revoked) = try ask(ControlAPI(keys: store), "DELETE", "/keys/\(created.key.id)")
    XCTAssertEqual(status, 200)
    XCTAssertEqual(revoked["status"], "revoked")
    XCTAssertEqual(store.authenticate(created.secret), .invalid)
  }

  func testLivezAnswers() throws {
    let (status, body) = try ask(ControlAPI(keys: try KeyFixture(self).store()), "GET", "/livez")
    XCTAssertEqual(status, 200)
    XCTAssertEqual(body, ["status": "live"])
  }

  func testWhatIsRefusedSaysWhy() throws {
    let api = ControlAPI(keys: try KeyFixture(self).store())
    let cases: [(String, String, JSONValue?, Int)] = [
      ("POST", "/keys", ["name": ""], 400), ("POST", "/keys", nil, 400), ("POST", "/keys", ["x": "y"], 400),
      ("POST", "/keys", [], 400), ("DELETE", "/keys/key_none", nil, 404), ("GET", "/", nil, 404),
      ("GET", "/keys/a/b", nil, 404), ("GET", "/nothing", nil, 404), ("PUT", "/keys", nil, 405),
      ("GET", "/keys/key_none", nil, 405),
    ]
    for (method, path, body, expected) in cases {
      let (status, answer) = try ask(api, method, path, body)
      XCTAssertEqual(status, expected, "\(method) \(path)")
      XCTAssertNotNil(answer["error"]?.stringValue, "\(method) \(path)")
    }
  }

  private func ask(
    _ api: ControlAPI, _ method: String, _ path: String, _ body: JSONValue? = nil
  ) throws -> (Int, JSONValue) {
    let head = try HTTPRequestHead(method: method, target: path, fields: [("Host", "localhost")])
    let request = HTTPRequest(head: head, body: body?.serialized() ?? [], peer: .unixSocket)
    let response = api.respond(to: request)
    guard case .bytes(let bytes) = response.body else { return (response.status.rawValue, .null) }
    return (response.status.rawValue, try JSONParser.parse(bytes))
  }
}
