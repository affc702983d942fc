import Access
import Dispatch
import Foundation
import HTTP
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Credentials
@testable import Protocol

/// The whole service without sockets: requests in, responses and log lines out, in a folder that goes with the test.
final class ServiceFixture {
  let service: SCIMService
  let keys: KeyAdministration
  let key: CreatedKey
  /// Milliseconds that the clock of keys is ahead.
  let lead = Locked(Int64(0))
  private let log: AccessLog
  private let written = Locked([UInt8]())

  init(
    _ test: XCTestCase, _ settings: ServiceSettings = ServiceSettings(), offersTokens: Bool = false,
    limits: RequestLimits = RequestLimits(), directoryRoles: Bool = false
  ) throws {
    var settings = settings
    let folder = NSTemporaryDirectory() + "scimd-service-" + UUID().uuidString
    let lead = lead
    var environment = Environment.system
    environment.now = { Environment.system.now() + lead.withLock { $0 } }
    let store = try Store(
      folder: try DataFolder.open(folder), catalog: try Catalog.standard(), options: StoreOptions(),
      environment: environment, report: { _ in })
    test.addTeardownBlock {
      store.close()
      try? FileManager.default.removeItem(atPath: folder)
    }
    let keyRing = try KeyRing(store)
    if directoryRoles {
      let access = AccessIndex(store)
      settings.access = access
      settings.roles = .directory(try DirectoryRoles(access))
    }
    _ = try store.directory(named: "default").get()
    keys = KeyAdministration(store, keyRing)
    key = try keys.create(NewKey(name: "test"))
    let written = written
    log = AccessLog { bytes in written.withLock { $0 += bytes } }
    service = SCIMService(
      store: store, keys: keyRing, settings: settings, environment: .system, accessLog: log,
      authorization: Authorization(
        keyRing, trustedProxies: settings.trustedProxies, failedKeysPerMinute: settings.failedKeysPerMinute,
        limits: limits, offersTokens: offersTokens))
  }

  /// The answer to a request with the fixture's key, unless `fields` brings another.
  func send(
    _ method: String, _ target: String, _ fields: [(String, String)] = [], body: String = "",
    from peer: PeerAddress = PeerAddress(ipv4: [127, 0, 0, 1])
  ) throws -> HTTPResponse {
    let hasKey = fields.contains { $0.0 == "Authorization" }
    return try sendWithoutKey(
      method, target, hasKey ? fields : fields + [("Authorization", "Bearer \(key.secret)")], body: body,
      from: peer)
  }

  /// The answer to a request as it is.
  func sendWithoutKey(
    _ method: String, _ target: String, _ fields: [(String, String)] = [], body: String = "",
    from peer: PeerAddress = PeerAddress(ipv4: [127, 0, 0, 1])
  ) throws -> HTTPResponse {
    let head = try HTTPRequestHead(method: method, target: target, fields: fields)
    let answer = Locked<HTTPResponse?>(nil)
    let done = DispatchSemaphore(value: 0)
    service.handle(
      HTTPRequest(head: head, body: Array(body.utf8), peer: peer),
      reply: HTTPReply { response in
        answer.withLock { $0 = response }
        done.signal()
      })
    XCTAssertEqual(done.wait(timeout: .now() + 10), .success, "answered")
    return try XCTUnwrap(answer.withLock { $0 })
  }

  /// Creates a user and returns the response.
  func createUser(
    _ name: String, _ fields: [(String, String)] = [],
    from peer: PeerAddress = PeerAddress(ipv4: [127, 0, 0, 1])
  ) throws -> HTTPResponse {
    let body = "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"\(name)\"}"
    return try send("POST", "/Users", fields, body: body, from: peer)
  }

  /// What was logged so far; each line must be JSON.
  func logLines(file: StaticString = #filePath, line: UInt = #line) throws -> [JSONValue] {
    try logText().split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
      try JSONParser.parse(Array($0.utf8))
    }
  }

  func logText() -> String {
    log.flush()
    return String(decoding: written.withLock { $0 }, as: UTF8.self)
  }
}

extension HTTPResponse {
  /// The body as JSON.
  func json() throws -> JSONValue {
    switch body {
    case .empty: return .null
    case .bytes(let bytes): return try JSONParser.parse(bytes)
    case .stream(let producer):
      var bytes: [UInt8] = []
      while let piece = try producer.nextPiece() { bytes += piece }
      return try JSONParser.parse(bytes)
    }
  }
}
