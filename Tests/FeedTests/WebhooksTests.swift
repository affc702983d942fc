import Client
import Foundation
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Feed

/// A whole delivery: a log, a receiver behind a socket, a place that survives.
final class WebhooksTests: XCTestCase {
  /// Answers one call after the other with the statuses that it is told, then with 204.
  private final class Receiver: @unchecked Sendable {
    let port: UInt16
    let calls = Locked<[(id: String, body: JSONValue)]>([])
    /// The media types and bodies as they came.
    let texts = Locked<[(type: String, body: String)]>([])
    let statuses = Locked<[Int]>([])
    private let descriptor: CInt

    init() {
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let bound = descriptor
      withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
          XCTAssertEqual(bind(bound, pointer, length), 0)
          XCTAssertEqual(listen(bound, 64), 0)
          XCTAssertEqual(getsockname(bound, pointer, &length), 0)
        }
      }
      port = UInt16(bigEndian: address.sin_port)
      Thread.detachNewThread { [self] in serve() }
    }

    func close() { shutdown(descriptor, Int32(truncatingIfNeeded: SHUT_RDWR)) }

    private func serve() {
      while true {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { return }
        answer(connection)
        Glibc.close(connection)
      }
    }

    private func answer(_ connection: CInt) {
      var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
      while true {
        let count = recv(connection, &buffer, buffer.count, 0)
        guard count > 0 else { return }
        bytes += buffer[..<count]
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { continue }
        let head = text[..<end.lowerBound]
        func field(_ name: String) -> String {
          head.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix(name + ":") }?
            .split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces) ?? ""
        }
        let body = Array(text[end.upperBound...].utf8)
        guard body.count >= Int(field("content-length")) ?? 0 else { continue }
        let status = statuses.withLock { $0.isEmpty ? 204 : $0.removeFirst() }
        texts.withLock { $0.append((field("content-type"), String(decoding: body, as: UTF8.self))) }
        calls.withLock { $0.append((field("webhook-id"), (try? JSONParser.parse(body)) ?? .null)) }
        let reply = Array("HTTP/1.1 \(status) X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
        _ = send(connection, reply, reply.count, Int32(truncatingIfNeeded: MSG_NOSIGNAL))
        return
      }
    }

    var types: [String] { calls.withLock { $0.compactMap { $0.body["type"]?.stringValue } } }
  }

  private func webhooks(_ world: FeedWorld, _ schedule: [Int] = [0, 0, 0, 0]) throws -> Webhooks {
    let keys = MasterKeys(world.store, file: nil)
    try keys.open()
    let network = try XCTUnwrap(IPNetwork("127.0.0.1"))
    let outbound = OutboundGuard(allowed: [network])
    return Webhooks(
      world.feed, WebhookSender(outbound, keys, .system),
      StreamSender(outbound, SigningKeys(keys), issuer: "https://scim.example.com", .system),
      WebhookSchedule(seconds: schedule))
  }

  private func add(_ world: FeedWorld, _ receiver: Receiver) throws -> ResourceID {
    let type = world.directory.administrativeType("Webhook")
    let webhook = Webhook(
      name: "hook", url: "http://127.0.0.1:\(receiver.port)/", start: world.directory.lastOnDisk)
    return try XCTUnwrap(
      try world.write { tx throws(SCIMError) in
        try tx.create(type, webhook.document.ordered(for: type), members: [], skipsUnknown: false)
      })
  }

  private func wait(_ what: String, _ isDone: () -> Bool) {
    for _ in 0..<3000 {
      if isDone() { return }
      usleep(10_000)
    }
    XCTFail("never: " + what)
  }

  func testEventsReachTheReceiverFailedOnesAgainAndTheNextStartGoesOnBehindThem() throws {
    let world = try FeedWorld(self)
    let receiver = Receiver()
    defer { receiver.close() }
    let id = try add(world, receiver)
    receiver.statuses.withLock { $0 = [500] }
    var webhooks = try webhooks(world)
    webhooks.begin()
    let ada = try world.addUser("ada")
    try world.set(ada, "displayName", "Ada")
    wait("both are accepted") { receiver.types.count == 3 }
    XCTAssertEqual(receiver.types, ["user.created", "user.created", "user.updated"])
    // The receiver has an event before its answer is here.
    wait("the answers are here") {
      webhooks.progress(of: id).map { $0.behind == 0 && $0.exceptions == 0 } ?? false
    }
    webhooks.stop()
    try world.set(ada, "active", false)
    try world.reopen()
    webhooks = try self.webhooks(world)
    webhooks.begin()
    wait("the deactivation is accepted") { receiver.types.last == "user.deactivated" }
    XCTAssertEqual(receiver.types.count, 4, "nothing is sent again: \(receiver.types)")
    webhooks.stop()
  }

  func testAReceiverThatAnswers410DisablesTheWebhookWithAnEvent() throws {
    let world = try FeedWorld(self)
    let receiver = Receiver()
    defer { receiver.close() }
    let id = try add(world, receiver)
    receiver.statuses.withLock { $0 = [410] }
    let webhooks = try webhooks(world)
    webhooks.begin()
    try world.addUser("ada")
    let type = world.directory.administrativeType("Webhook")
    wait("it is disabled") {
      world.directory.administrativeResource(type, id)?.document.flatMap { Webhook($0) }?.state == .disabled
    }
    wait("that is an event") { (try? world.all().last?.type) == .webhookDisabled }
    wait("nothing more is sent") { webhooks.progress(of: id) == nil }
    webhooks.stop()
  }

  func testAPushedStreamSendsOnlyItsEventsAsTokensAndKeepsItsPlace() throws {
    let world = try FeedWorld(self)
    let receiver = Receiver()
    defer { receiver.close() }
    let type = world.directory.administrativeType("Stream")
    var stream = TokenStream(name: "partner", audience: ["a"], start: world.directory.lastOnDisk)
    (stream.url, stream.events) = ("http://127.0.0.1:\(receiver.port)/", [.delete])
    let made = try world.write { tx throws(SCIMError) in
      try tx.create(type, stream.document.ordered(for: type), members: [], skipsUnknown: false)
    }
    let id = try XCTUnwrap(made)
    receiver.statuses.withLock { $0 = [400, 202] }
    let webhooks = try webhooks(world)
    webhooks.begin()
    let ada = try world.addUser("ada")
    try world.delete(ada, world.user)
    wait("it is accepted") {
      let progress = webhooks.progress(of: id)
      return progress?.behind == 0 && progress?.exceptions == 0 && progress?.delivered == 1
    }
    XCTAssertEqual(webhooks.behind(of: nil).map(\.webhook), ["stream partner"])
    let texts = receiver.texts.withLock { $0 }
    XCTAssertEqual(texts.map(\.type), ["application/secevent+jwt", "application/secevent+jwt"])
    XCTAssertEqual(texts.map { $0.body.split(separator: ".").count }, [3, 3])
    XCTAssertEqual(webhooks.attempts.last(of: id.text).map(\.status), [202, 400])
    webhooks.stop()
    XCTAssertEqual(world.directory.notes(withPrefix: "stream:\(id.text)").count, 1)
  }

  func testALeaverThatNobodyAcceptsInTimeIsAnEventOnce() throws {
    let world = try FeedWorld(self)
    let receiver = Receiver()
    receiver.close()
    _ = try add(world, receiver)
    let webhooks = try webhooks(world, [0, 600])
    webhooks.begin()
    let ada = try world.addUser("ada")
    try world.set(ada, "active", false)
    wait("it is seen") { !webhooks.clock.all(of: nil, slowestFirst: false).isEmpty }
    webhooks.stop()
    world.clock.withLock { $0 += 301_000 }
    for _ in 0..<2 { webhooks.clock.reportLate(at: world.store.environment.now()) }
    // What comes later is on disk only when they are.
    try world.addUser("bob")
    let late = try world.all().filter { $0.type == .leaverLate }
    XCTAssertEqual(late.map(\.subject.id), [ada.text])
  }
}
