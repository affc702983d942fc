import Client
import Foundation
import Glibc
import Platform
import XCTest

/// What the client makes of answers that no server of ours gives.
final class HTTPClientTests: XCTestCase {
  func testTheConnectionOfAnHTTP10AnswerIsNotUsedAgain() throws {
    XCTAssertEqual(try connections(forTwoRequestsTo: "HTTP/1.0"), 2)
    XCTAssertEqual(try connections(forTwoRequestsTo: "HTTP/1.1"), 1)
  }

  func testTheLinesOfAFieldAreOneList() {
    let response = ClientResponse(
      status: 401, fields: [("WWW-Authenticate", "Bearer"), ("Date", "x"), ("www-authenticate", "Basic")],
      body: [])
    XCTAssertEqual(response.list("WWW-Authenticate"), "Bearer, Basic")
    XCTAssertNil(response.list("ETag"))
  }

  func testARequestThatIsAnswered429IsSentAgainAsTheServerAsksAndNotForEver() throws {
    let listener = try Socket.listen(host: "127.0.0.1", port: 0, sharesPort: false)
    let number = listener.descriptor.number
    _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) & ~O_NONBLOCK)
    let fields = Locked("Retry-After: 7\r\n")
    Thread.detachNewThread {
      // The listener lives as long as somebody accepts of it: its number may be another test's as soon as it is closed.
      while case let connection = accept(listener.descriptor.number, nil, nil), connection >= 0 {
        Self.answer(connection, "HTTP/1.1 429 No\r\n\(fields.withLock { $0 })Content-Length: 0\r\n\r\n")
      }
    }
    defer { shutdown(number, Int32(SHUT_RDWR)) }
    func waits() throws -> [Int] {
      let client = try HTTPClient(base: "http://127.0.0.1:\(listener.port)", token: nil, timeoutSeconds: 10)
      var waits: [Int] = []
      client.patience = { waits.append($0) }
      XCTAssertEqual(try client.send(method: "GET", path: "/").status, 429)
      client.patience = nil
      client.disconnect()
      return waits
    }
    XCTAssertEqual(try waits(), [7, 7, 7])
    fields.withLock { $0 = "Retry-After: 99999\r\n" }
    XCTAssertEqual(try waits(), [120, 120, 120])
    for text in ["", "Retry-After: soon\r\n", "Retry-After: -1\r\n"] {
      fields.withLock { $0 = text }
      XCTAssertEqual(try waits(), [])
    }
  }

  /// How many connections a client opens for two requests to a server that keeps every one open.
  private func connections(forTwoRequestsTo version: String) throws -> Int {
    let listener = try Socket.listen(host: "127.0.0.1", port: 0, sharesPort: false)
    let number = listener.descriptor.number
    _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) & ~O_NONBLOCK)
    let opened = Locked(0)
    Thread.detachNewThread {
      while case let connection = accept(listener.descriptor.number, nil, nil), connection >= 0 {
        opened.withLock { $0 += 1 }
        Thread.detachNewThread { Self.answer(connection, "\(version) 200 OK\r\nContent-Length: 2\r\n\r\n{}") }
      }
    }
    defer { shutdown(number, Int32(SHUT_RDWR)) }
    let client = try HTTPClient(base: "http://127.0.0.1:\(listener.port)", token: nil, timeoutSeconds: 10)
    for _ in 0..<2 {
      XCTAssertEqual(try client.send(method: "POST", path: "/", body: [0x7B, 0x7D]).status, 200)
    }
    return opened.withLock { $0 }
  }

  /// Answers whatever comes in one piece, until the peer closes.
  private static func answer(_ connection: CInt, _ text: String) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while recv(connection, &buffer, buffer.count, 0) > 0 {
      let bytes = Array(text.utf8)
      _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
    close(connection)
  }
}
