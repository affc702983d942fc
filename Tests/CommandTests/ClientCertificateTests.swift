import Client
import Foundation
import JSON
import XCTest

@testable import scimd

/// The certificates that clients present to a server with `tlsClientCA`: recorded, and required by keys.
final class ClientCertificateTests: XCTestCase {
  private static func pem(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("TLSTests/Fixtures/\(name)").path
  }

  private let subject = "CN=okta,O=Example"

  private func served() throws -> ServedFolder {
    try ServedFolder(self) { configuration in
      configuration.tlsCertificate = [Self.pem("server.pem")]
      configuration.tlsKey = [Self.pem("server.key")]
      configuration.tlsClientCA = Self.pem("authority.pem")
    }
  }

  /// A client with a certificate of the folder; all its requests go over one connection.
  private func client(_ server: ServedFolder, _ name: String, _ token: String?) throws -> HTTPClient {
    let identity = (certificate: Self.pem("\(name).pem"), key: Self.pem("\(name).key"))
    let tls = ClientTLS(ClientTLS.Files(authorities: Self.pem("authority.pem"), identity: identity))
    return HTTPClient(
      base: try ClientBase("https://127.0.0.1:\(server.running.port)", tls: tls), token: token,
      timeoutSeconds: 5)
  }

  private func json(_ server: ServedFolder, _ words: String...) throws -> JSONValue {
    let outcome = server.fixture.run(words + ["--json", "--data", server.fixture.data])
    return try JSONParser.parse(Array(outcome.output.utf8))
  }

  /// The entry of a request, which is written a moment after its answer.
  private func entry(_ server: ServedFolder, _ response: ClientResponse) throws -> JSONValue {
    let id = try XCTUnwrap(response.field("X-Request-Id"))
    for _ in 0..<100 {
      let outcome = server.run("requests", "show", id, "--json")
      if outcome.code == .success { return try JSONParser.parse(Array(outcome.output.utf8)) }
      usleep(50_000)
    }
    throw BrokenPremise("the request \(id) is not in the ring")
  }

  private let user: [UInt8] = Array(
    #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada"}"#.utf8)

  func testTheSubjectIsInTheEntryOfTheRequestAndInItsRecord() throws {
    let server = try served()
    let okta = try client(server, "client", try server.key([]))
    let created = try okta.send(method: "POST", path: "/scim/v2/Users", body: user)
    XCTAssertEqual(created.status, 201)
    let entry = try entry(server, created)
    XCTAssertEqual(entry["certificate"]?.stringValue, subject)
    XCTAssertTrue(entry["explanation"]?["who"]?.stringValue?.contains(subject) == true, entry.serializedText)
    let records = try json(server, "audit", "list", "--directory", "default")["items"]?.arrayValue ?? []
    let request = try XCTUnwrap(created.field("X-Request-Id"))
    let record = try XCTUnwrap(records.first { $0["request"]?.stringValue == request })
    XCTAssertEqual(record["certificate"]?.stringValue, subject)
    // Of requests to the other doors too, on the same connection and resumed ones.
    let admin = try client(server, "client", try server.key(["--scopes", "admin.write"]))
    for _ in 0..<2 {
      admin.disconnect()
      let made = try admin.send(
        method: "POST", path: "/admin/v1/directories/default/keys",
        fields: [("Content-Type", "application/json")], body: Array(#"{"name":"made"}"#.utf8))
      XCTAssertEqual(try self.entry(server, made)["certificate"]?.stringValue, subject)
    }
    let unknown = try client(server, "client", nil).send(method: "GET", path: "/scim/v2/Users")
    XCTAssertEqual(try self.entry(server, unknown)["certificate"]?.stringValue, subject)
  }

  func testAKeyThatRequiresACertificateIsRefusedWithAnotherOne() throws {
    let server = try served()
    let key = try server.made(["--certificate-subject", subject])
    XCTAssertEqual(try json(server, "key", "show", key.id)["certificateSubject"]?.stringValue, subject)
    let path = "/scim/v2/Users?count=1"
    XCTAssertEqual(try client(server, "client", key.secret).send(method: "GET", path: path).status, 200)
    let refused = try client(server, "server", key.secret).send(method: "GET", path: path)
    XCTAssertEqual(refused.status, 401)
    let entry = try entry(server, refused)
    XCTAssertEqual(entry["certificate"]?.stringValue, "CN=scim.example.com")
    XCTAssertEqual(entry["refused"]?["reason"]?.stringValue, "certificate")
    XCTAssertEqual(entry["explanation"]?["code"]?.stringValue, "keyWrongCertificate", entry.serializedText)
    // A body that would be refused is not read first.
    let posted = try client(server, "server", key.secret).send(
      method: "POST", path: "/scim/v2/Users", body: user)
    XCTAssertEqual(posted.status, 401)
    XCTAssertEqual(server.run("key", "update", key.id, "--certificate-subject", "").code, .success)
    XCTAssertEqual(try client(server, "server", key.secret).send(method: "GET", path: path).status, 200)
    XCTAssertEqual(
      server.run("key", "update", key.id, "--certificate-subject", "okta").code, .usage, "no subject")
  }

  func testTheTokenEndpointAndItsTokensRequireTheCertificateToo() throws {
    let server = try served()
    let key = try server.made(["--certificate-subject", subject])
    let form = Array("grant_type=client_credentials&client_id=\(key.id)&client_secret=\(key.secret)".utf8)
    let type = [("Content-Type", "application/x-www-form-urlencoded")]
    let refused = try client(server, "server", nil).send(
      method: "POST", path: "/oauth2/token", fields: type, body: form)
    XCTAssertEqual(refused.status, 401)
    let answer = try client(server, "client", nil).send(
      method: "POST", path: "/oauth2/token", fields: type, body: form)
    let token = try XCTUnwrap(try answer.json()["access_token"]?.stringValue)
    for (name, status) in [("client", 200), ("server", 401)] {
      XCTAssertEqual(
        try client(server, name, token).send(method: "GET", path: "/scim/v2/Users").status, status, name)
    }
  }

  func testAKeyThatRequiresACertificateCreatesNoKeyWithoutIt() throws {
    let server = try served()
    let admin = try client(
      server, "client", try server.key(["--scopes", "admin.write,scim.*", "--certificate-subject", subject]))
    func create(_ body: String) throws -> ClientResponse {
      try admin.send(
        method: "POST", path: "/admin/v1/directories/default/keys",
        fields: [("Content-Type", "application/json")], body: Array(body.utf8))
    }
    let refused = try create(#"{"name":"free"}"#)
    XCTAssertEqual(refused.status, 400, String(decoding: refused.body, as: UTF8.self))
    XCTAssertEqual(try refused.json()["pointer"]?.stringValue, "/certificateSubject")
    let made = try create(#"{"name":"bound","certificateSubject":"\#(subject)"}"#)
    XCTAssertEqual(made.status, 201, String(decoding: made.body, as: UTF8.self))
    let id = try XCTUnwrap(try made.json()["id"]?.stringValue)
    let freed = try admin.send(
      method: "PATCH", path: "/admin/v1/directories/default/keys/\(id)",
      fields: [("Content-Type", "application/json")], body: Array(#"{"certificateSubject":null}"#.utf8))
    XCTAssertEqual(freed.status, 400)
  }
}
