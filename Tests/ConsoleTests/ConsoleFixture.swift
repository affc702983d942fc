import Admin
import Credentials
import Foundation
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Console
@testable import HTTP

/// A data folder that is gone when the test ends, a clock the test moves, and the console with the admin API on it.
final class ConsoleFixture {
  let clock = Locked(Int64(1_800_000_000_000))
  private let folder: String
  private var opened: Store?
  private(set) var world: AdminWorld
  private(set) var console: ConsoleDoor
  private(set) var admin: AdminDoor
  private(set) var setup: SetupDoor

  init(_ test: XCTestCase) throws {
    folder = NSTemporaryDirectory() + "scimd-console-" + UUID().uuidString
    (opened, world, console, admin, setup) = try Self.open(folder, clock)
    let folder = folder
    test.addTeardownBlock { try? FileManager.default.removeItem(atPath: folder) }
  }

  deinit { opened?.close() }

  /// As after a restart.
  func reopen() throws {
    opened?.close()
    opened = nil
    (opened, world, console, admin, setup) = try Self.open(folder, clock)
  }

  private static func open(
    _ folder: String, _ clock: Locked<Int64>
  ) throws -> (Store, AdminWorld, ConsoleDoor, AdminDoor, SetupDoor) {
    var environment = Environment.system
    environment.now = { clock.withLock { $0 } }
    let store = try Store(
      folder: try DataFolder.open(folder), catalog: try Catalog.standard(), options: StoreOptions(),
      environment: environment, report: { _ in })
    let keys = try KeyRing(store)
    _ = try store.directory(named: "default").get()
    let world = AdminWorld(
      store: store, keys: keys, masterKeys: MasterKeys(store, file: nil), environment: environment,
      base: "http://localhost/scim/v2")
    let authorization = Authorization(keys, trustedProxies: ["10.0.0.1"], failedKeysPerMinute: 5)
    return (
      store, world, ConsoleDoor(world, authorization, trustedProxies: ["10.0.0.1"]),
      AdminDoor(AdminHandler(world), authorization, trustedProxies: ["10.0.0.1"]),
      SetupDoor(world, authorization, trustedProxies: ["10.0.0.1"])
    )
  }

  func wait(minutes: Int64) { clock.withLock { $0 += minutes * 60_000 } }

  /// A key with scopes, of the directory `default` or of all.
  func key(_ scopes: Scopes, in directory: String = "default") throws -> CreatedKey {
    var new = NewKey(name: "k", directory: directory)
    new.scopes = scopes
    return try KeyAdministration(world.store, world.keys).create(new)
  }

  func revoke(_ key: CreatedKey) throws {
    _ = try KeyAdministration(world.store, world.keys).revoke(
      key.key.id, RequestContext(Actor(.server), requestID: "x", operation: "REVOKE"))
  }

  // MARK: Requests

  struct Answer {
    let response: HTTPResponse
    var status: Int { response.status.rawValue }
    var text: String {
      if case .bytes(let bytes) = response.body { return String(decoding: bytes, as: UTF8.self) }
      return ""
    }
    var json: JSONValue? { try? JSONParser.parse(Array(text.utf8)) }
    func field(_ name: String) -> String? {
      let head = String(decoding: response.fields.wire, as: UTF8.self)
      return head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
        .map { String($0.dropFirst(name.count + 1)).trimmingCharacters(in: .whitespaces) }
    }
    /// The cookie as a browser sends it back.
    var cookie: String? { field("Set-Cookie").map { String($0.prefix { $0 != ";" }) } }
  }

  static let ownPage = [("X-Scimd-Console", "1"), ("Sec-Fetch-Site", "same-origin")]

  func send(
    _ door: any HTTPHandler, _ method: String, _ target: String, _ fields: [(String, String)] = [],
    body: String = "", peer: PeerAddress = PeerAddress(ipv4: [127, 0, 0, 1])
  ) throws -> Answer {
    var fields = fields
    if !body.isEmpty { fields.append(("Content-Length", String(body.utf8.count))) }
    let head = try HTTPRequestHead(method: method, target: target, fields: fields)
    if !body.isEmpty, let refused = door.refusal(of: head, peer: peer) { return Answer(response: refused) }
    let done = DispatchSemaphore(value: 0)
    let answer = Locked<HTTPResponse?>(nil)
    let reply = HTTPReply { response in
      answer.withLock { $0 = response }
      done.signal()
    }
    door.handle(HTTPRequest(head: head, body: Array(body.utf8), peer: peer), reply: reply)
    done.wait()
    return Answer(response: try XCTUnwrap(answer.withLock { $0 }))
  }

  func signIn(
    _ body: String, _ fields: [(String, String)] = ownPage,
    peer: PeerAddress = PeerAddress(ipv4: [127, 0, 0, 1])
  ) throws -> Answer {
    try send(console, "POST", "/console/session", fields, body: body, peer: peer)
  }
}
