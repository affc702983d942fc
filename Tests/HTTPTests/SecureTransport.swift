import Foundation
import HTTP
import Platform
import XCTest

@testable import TLS

/// With HTTP_TESTS_TLS=1 in the environment every server of this suite speaks TLS, and every client with it.
enum SecureTransport {
  static let isOn = ProcessInfo.processInfo.environment["HTTP_TESTS_TLS"] == "1"

  /// Skips a test whose connections do without a handshake.
  static func skipIfOn(_ reason: String) throws { try XCTSkipIf(isOn, reason) }

  static func server() throws -> TLSServer? {
    guard isOn else { return nil }
    let openSSL = try OpenSSL.load()
    let identity = try TLSIdentity(
      openSSL, certificate: pem("server.pem"), key: pem("server.key"), names: ("server.pem", "server.key"))
    return try TLSServer(openSSL, [identity], clients: nil, environment: .system)
  }

  /// Nil for plain HTTP.
  static func session() throws -> TLSSession? {
    guard isOn else { return nil }
    let openSSL = try OpenSSL.load()
    let authorities = try openSSL.certificates(pem("authority.pem"), what: "authority.pem")
    return try TLSClient(openSSL, authorities: authorities).session(host: "127.0.0.1")
  }

  private static func pem(_ name: String) throws -> [UInt8] {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return Array(try Data(contentsOf: tests.appendingPathComponent("TLSTests/Fixtures/\(name)")))
  }
}
