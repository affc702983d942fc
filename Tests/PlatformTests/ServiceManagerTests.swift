import Glibc
import Platform
import XCTest

final class ServiceManagerTests: XCTestCase {
  private func manager(_ variables: [String: String]) -> ServiceManager? {
    ServiceManager(process: 7) { variables[$0] }
  }

  func testWithoutAWellFormedSocketNobodyListens() {
    for socket in [nil, "", "relative", "/" + String(repeating: "a", count: 107)] {
      XCTAssertNil(manager(["NOTIFY_SOCKET": socket].compactMapValues { $0 }))
    }
    XCTAssertNotNil(manager(["NOTIFY_SOCKET": "/run/notify"]))
    XCTAssertNotNil(manager(["NOTIFY_SOCKET": "@notify"]))
  }

  func testAWatchdogOfAnotherProcessIsNotServed() {
    let socket = ["NOTIFY_SOCKET": "@n"]
    let watched = ["WATCHDOG_USEC": "30000000"]
    XCTAssertEqual(manager(socket.merging(watched) { $1 })?.watchdog, 30_000_000)
    XCTAssertEqual(
      manager(socket.merging(watched) { $1 }.merging(["WATCHDOG_PID": "7"]) { $1 })?.watchdog, 30_000_000)
    XCTAssertNil(manager(socket.merging(watched) { $1 }.merging(["WATCHDOG_PID": "8"]) { $1 })?.watchdog)
    XCTAssertNil(manager(socket.merging(["WATCHDOG_USEC": "-1"]) { $1 })?.watchdog)
  }

  func testMessagesArriveAtAPathAndAtAnAbstractName() throws {
    let path = "/tmp/scimd-notify-\(getpid())"
    defer { unlink(path) }
    for name in [path, "@scimd-notify-\(getpid())"] {
      let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
      defer { close(descriptor) }
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      let bytes = name.utf8.enumerated().map { $0 == 0 && $1 == UInt8(ascii: "@") ? 0 : $1 }
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
      let bound = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(2 + bytes.count))
        }
      }
      XCTAssertEqual(bound, 0)
      let told = try XCTUnwrap(manager(["NOTIFY_SOCKET": name]))
      for (message, text) in [
        (ServiceManager.Message.ready(status: "Serving"), "READY=1\nSTATUS=Serving"), (.alive, "WATCHDOG=1"),
        (.stopping, "STOPPING=1"),
      ] {
        told.tell(message)
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        XCTAssertEqual(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self), text)
      }
    }
  }

  func testAManagerThatHasGoneIsNoProblem() {
    manager(["NOTIFY_SOCKET": "@scimd-nobody-\(getpid())"])?.tell(.alive)
  }
}
