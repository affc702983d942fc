import Foundation
import HTTP
import Platform
import XCTest

/// The PROXY protocol, versions 1 and 2 (HAProxy's proxy-protocol.txt), by the cases of Fixtures/proxy-headers.txt.
final class ProxyHeaderTests: ServerTestCase {
  private struct Case {
    let name: String
    let bytes: [UInt8]
    let expected: String
  }

  private func cases() throws -> [Case] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/proxy-headers.txt")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
    return try lines.map { line in
      let parts = line.components(separatedBy: " | ")
      guard parts.count == 3 else { throw ByteCase.Malformed(file: String(line)) }
      return Case(
        name: parts[0], bytes: try ByteCase.decode(Array(parts[1].utf8)[...], file.path), expected: parts[2])
    }
  }

  /// A server that answers with the client's address.
  private func server(
    proxies: Set<String> = ["127.0.0.1"], limits: HTTPLimits = .default
  ) throws -> HTTPServer {
    try start(
      TestHandler(answers: { request, reply in
        reply.send(HTTPResponse(status: .ok, body: .bytes(Array(request.peer.text.utf8))))
        return true
      }), limits: limits, proxies: proxies, proxiesSendHeader: true)
  }

  private func outcome(_ client: RawClient) throws -> String {
    let response = try client.response()
    return response.status == 200 ? String(decoding: response.body, as: UTF8.self) : String(response.status)
  }

  private let request = Array("GET /ok HTTP/1.1\r\nHost: h\r\n\r\n".utf8)

  func testEveryCaseInOnePiece() throws {
    let server = try server()
    for item in try cases() {
      let client = try RawClient(port: server.port)
      client.send(item.bytes + request)
      XCTAssertEqual(try outcome(client), item.expected, item.name)
      if item.expected == "400" {
        XCTAssertTrue(client.isClosedByServer(), item.name)
      } else {
        client.send(request)
        XCTAssertEqual(try outcome(client), item.expected, "\(item.name): the next request")
      }
    }
  }

  func testEveryCaseCutAfterAnyByte() throws {
    let server = try server()
    for item in try cases() where item.bytes.count < 100 {
      for cut in stride(from: 1, to: item.bytes.count, by: 3) {
        let client = try RawClient(port: server.port)
        client.send(Array(item.bytes[..<cut]))
        usleep(500)
        client.send(Array(item.bytes[cut...]) + request)
        XCTAssertEqual(try outcome(client), item.expected, "\(item.name), cut at \(cut)")
      }
    }
  }

  func testOnlyTheProxyIsAskedForAHeaderAndNobodyElseMaySendOne() throws {
    let server = try server(proxies: ["10.0.0.1"])
    let plain = try RawClient(port: server.port)
    plain.send(request)
    XCTAssertEqual(try outcome(plain), "127.0.0.1")
    let liar = try RawClient(port: server.port)
    liar.send(Array("PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n".utf8) + request)
    XCTAssertEqual(try outcome(liar), "400")
  }

  func testAHeaderThatDoesNotComeEndsTheConnectionAtTheDeadlineOfTheHead() throws {
    var limits = HTTPLimits()
    limits.headSeconds = 0.2
    limits.idleSeconds = 3600
    let server = try server(limits: limits)
    for bytes in ["", "PROXY TCP4 192.0.2.1"] {
      let client = try RawClient(port: server.port)
      client.send(bytes)
      eventually({ server.openConnections == 1 })
      eventually({ server.openConnections == 0 }, "\"\(bytes)\"")
    }
  }
}
