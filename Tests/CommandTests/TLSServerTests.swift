import Client
import Credentials
import Foundation
import HTTP
import Insight
import JSON
import XCTest

@testable import scimd

/// A server that speaks TLS itself, and the commands that reach it.
final class TLSServerTests: XCTestCase {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("TLSTests/Fixtures").path

  private static func pem(_ name: String) -> String { "\(fixtures)/\(name)" }

  /// A server with the certificate of 127.0.0.1, in files of its own that a test may replace.
  private func served(
    _ change: @escaping (inout Configuration) -> Void = { _ in }
  ) throws -> (server: ServedFolder, files: (certificate: String, key: String)) {
    let folder = try CommandFixture(self).folder
    let files = (certificate: folder + "/tls.pem", key: folder + "/tls.key")
    try put("server.pem", "server.key", files)
    let server = try ServedFolder(self) { configuration in
      configuration.tlsCertificate = [files.certificate]
      configuration.tlsKey = [files.key]
      configuration.caFile = Self.pem("authority.pem")
      change(&configuration)
    }
    return (server, files)
  }

  private func put(_ certificate: String, _ key: String, _ files: (certificate: String, key: String)) throws {
    for (source, target) in [(certificate, files.certificate), (key, files.key)] {
      try Data(contentsOf: URL(fileURLWithPath: Self.pem(source))).write(to: URL(fileURLWithPath: target))
    }
  }

  private func get(
    _ path: String, _ server: ServedFolder, host: String = "127.0.0.1", files: ClientTLS.Files? = nil
  ) throws -> ClientResponse {
    let tls = ClientTLS(files ?? ClientTLS.Files(authorities: Self.pem("authority.pem")))
    let base = try ClientBase("https://\(host):\(server.running.port)", tls: tls)
    return try HTTPClient(base: base, token: nil, timeoutSeconds: 5).send(method: "GET", path: path)
  }

  func testRequestsAreServedAndTheAddressIsHTTPS() throws {
    let (server, _) = try served()
    XCTAssertEqual(try get("/livez", server).status, 200)
    let doctor = server.fixture.run(["doctor", "--all", "--data", server.fixture.data])
    XCTAssertTrue(doctor.output.contains("ok      baseURL: https://127.0.0.1:"), doctor.output)
    XCTAssertTrue(doctor.output.contains("ok      certificates: 1 certificate"), doctor.output)
    XCTAssertTrue(doctor.output.contains("ok      tls: The server speaks TLS."), doctor.output)
  }

  func testAClientThatSpeaksHTTPIsToldSo() throws {
    let (server, _) = try served()
    let client = try HTTPClient(base: "http://127.0.0.1:\(server.running.port)", token: nil)
    let response = try client.send(method: "GET", path: "/livez")
    XCTAssertEqual(response.status, 400)
    XCTAssertTrue(String(decoding: response.body, as: UTF8.self).contains("Use https://"))
  }

  func testAClientSaysWhyItDoesNotTrustTheServer() throws {
    let (server, _) = try served()
    for (files, reason) in [
      (ClientTLS.Files(), "unable to get local issuer certificate"),
      (ClientTLS.Files(authorities: Self.pem("stranger.pem")), "unable to get local issuer certificate"),
      (ClientTLS.Files(authorities: "/nowhere.pem"), "/nowhere.pem: open: No such file or directory"),
    ] {
      XCTAssertThrowsError(try get("/livez", server, files: files)) {
        XCTAssertTrue("\($0)".contains(reason), "\($0)")
      }
    }
    XCTAssertThrowsError(try get("/livez", server, host: "localhost")) {
      XCTAssertTrue("\($0)".contains("hostname mismatch"), "\($0)")
    }
  }

  func testANewCertificateIsPresentedAndABadPairLeavesTheOldOne() throws {
    let (server, files) = try served()
    try put("other.pem", "server.key", files)
    server.running.reopen()
    XCTAssertEqual(try get("/livez", server).status, 200)
    try put("expired.pem", "server.key", files)
    server.running.reopen()
    XCTAssertEqual(try get("/livez", server).status, 200)
    try put("other.pem", "other.key", files)
    server.running.reopen()
    XCTAssertThrowsError(try get("/livez", server)) {
      XCTAssertTrue("\($0)".contains("IP address mismatch"), "\($0)")
    }
  }

  func testClientsNeedACertificateOfTheAuthority() throws {
    let (server, _) = try served { $0.tlsClientCA = Self.pem("authority.pem") }
    var files = ClientTLS.Files(authorities: Self.pem("authority.pem"))
    XCTAssertThrowsError(try get("/livez", server, files: files)) {
      XCTAssertTrue("\($0)".contains("certificate required"), "\($0)")
    }
    files.identity = (Self.pem("self.pem"), Self.pem("server.key"))
    XCTAssertThrowsError(try get("/livez", server, files: files))
    files.identity = (Self.pem("client.pem"), Self.pem("client.key"))
    XCTAssertEqual(try get("/livez", server, files: files).status, 200)
  }

  func testPlainHTTPLeadsToHTTPSAndAKeySentThereIsNamed() throws {
    let (server, _) = try served {
      $0.redirectListen = .tcp(host: "127.0.0.1", port: 0)
      $0.publicURL = try? PublicURL("https://scim.example.com")
    }
    let key = try XCTUnwrap(server.running.firstKey)
    let base = "http://127.0.0.1:\(server.running.redirectPort)"
    let client = try HTTPClient(base: base, token: nil)
    let redirect = try client.send(method: "GET", path: "/scim/v2/Users?count=1")
    XCTAssertEqual(redirect.status, 308)
    XCTAssertEqual(redirect.field("Location"), "https://scim.example.com/scim/v2/Users?count=1")
    XCTAssertEqual(try client.send(method: "POST", path: "/scim/v2/Users", body: [0x7b, 0x7d]).status, 403)
    let leaking = try HTTPClient(base: base, token: key.secret)
    XCTAssertEqual(try leaking.send(method: "GET", path: "/scim/v2/Users").status, 403)
    // It is recorded after the answer.
    var doctor = server.fixture.run(["doctor", "--data", server.fixture.data]).output
    for _ in 0..<50 where !doctor.contains(key.key.id) {
      usleep(100_000)
      doctor = server.fixture.run(["doctor", "--data", server.fixture.data]).output
    }
    XCTAssertTrue(doctor.contains("FAILED  burntKeys"), doctor)
    _ = server.fixture.run(["key", "rotate", key.key.id, "--overlap", "none", "--data", server.fixture.data])
    doctor = server.fixture.run(["doctor", "--data", server.fixture.data]).output
    XCTAssertFalse(doctor.contains("burntKeys"), doctor)
  }

  func testSettingsThatSayNothingTogetherAreRefused() throws {
    let fixture = try CommandFixture(self)
    for (arguments, reason) in [
      (["--tls-certificate", "a.pem"], "each certificate needs its key"),
      (["--tls-client-ca", "a.pem"], "the server speaks no TLS"),
      (["--redirect-listen", "127.0.0.1:0"], "no https address to redirect to"),
      (["--tls-certificate", "/a.pem", "--tls-key", "/a.key"], "/a.pem: open: No such file or directory"),
    ] {
      let outcome = fixture.run(["serve", "--data", fixture.data, "--listen", "127.0.0.1:0"] + arguments)
      XCTAssertEqual(outcome.code, .configuration, reason)
      XCTAssertTrue(outcome.error.contains(reason), outcome.error)
    }
  }

  func testHealthAsksAServerWithTLSThroughItsSocket() throws {
    let (server, files) = try served()
    let config = try server.fixture.file(
      "scimd.json",
      """
      {"data": "\(server.fixture.data)", "tlsCertificate": ["\(files.certificate)"], "tlsKey": ["\(files.key)"]}
      """)
    XCTAssertEqual(server.fixture.run(["health", "--config", config]).code, .success)
  }
}
