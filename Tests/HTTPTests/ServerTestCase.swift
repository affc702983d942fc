import Dispatch
import Glibc
import HTTP
import Platform
import XCTest

/// Starts servers and drains them at the end of each test.
class ServerTestCase: XCTestCase {
  private var servers: [HTTPServer] = []

  func start(
    _ handler: TestHandler = TestHandler(), loops: Int = 1, limits: HTTPLimits = .default,
    listen: [ListenAddress] = [.tcp(host: "127.0.0.1", port: 0)], environment: Environment = .system,
    proxies: Set<String> = [], proxiesSendHeader: Bool = false
  ) throws -> HTTPServer {
    let server = try HTTPServer(
      listen: listen, loops: loops, limits: limits, environment: environment, handler: handler,
      proxies: proxies, proxiesSendHeader: proxiesSendHeader, tls: try SecureTransport.server())
    server.start()
    servers.append(server)
    return server
  }

  override func tearDown() {
    for server in servers {
      let drained = DispatchSemaphore(value: 0)
      server.drain(deadline: 0) { drained.signal() }
      XCTAssertEqual(drained.wait(timeout: .now() + 3), .success, "drained")
      XCTAssertEqual(server.openConnections, 0)
    }
    servers = []
    super.tearDown()
  }

  /// Waits, bounded, until `condition` holds.
  func eventually(_ condition: () -> Bool, _ message: String = "", line: UInt = #line) {
    for _ in 0..<400 {
      if condition() { return }
      usleep(5000)
    }
    XCTFail("never came true: \(message)", line: line)
  }
}
