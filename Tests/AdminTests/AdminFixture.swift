import Credentials
import Foundation
import HTTP
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Admin

/// The admin API on a data folder of its own. Every answer is checked against the OpenAPI document.
final class AdminFixture {
  struct Answer {
    let status: Int
    let fields: HTTPFields
    let bytes: [UInt8]
    let json: JSONValue

    var items: [JSONValue] { json["items"]?.arrayValue ?? [] }
    var code: String? { json["code"]?.stringValue }
  }

  let world: AdminWorld
  private let checker = OpenAPIChecker(OpenAPI.document(version: "1"))

  convenience init(_ test: XCTestCase) throws {
    let folder = NSTemporaryDirectory() + "scimd-admin-" + UUID().uuidString.prefix(8)
    try self.init(folder: folder)
    test.addTeardownBlock { [world] in
      world.store.close()
      try? FileManager.default.removeItem(atPath: folder)
    }
  }

  /// On a folder that the test closes and removes.
  init(folder: String, _ options: StoreOptions = StoreOptions()) throws {
    let store = try Store(
      folder: try DataFolder.open(folder), catalog: try Catalog.standard(), options: options,
      environment: .system
    ) { _ in }
    world = AdminWorld(
      store: store, keys: try KeyRing(store), masterKeys: MasterKeys(store, file: nil), environment: .system,
      base: "https://scim.example.com/scim/v2",
      settings: [SettingReport(name: "data", value: folder, source: .option, place: "--data")],
      version: "1")
  }

  static let administrator = AdminCaller(.command(user: 0))
  static let root = "/admin/v1/directories/default"

  /// Fails the test if the answer is not as the OpenAPI document describes it.
  func ask(
    _ method: String, _ target: String, _ body: JSONValue? = nil, bytes: [UInt8]? = nil,
    by caller: AdminCaller = administrator, ifMatch: String? = nil, fields more: [(String, String)] = [],
    file: StaticString = #filePath, line: UInt = #line
  ) throws -> Answer {
    let fields = (ifMatch.map { [("If-Match", $0)] } ?? []) + more
    let head = try HTTPRequestHead(method: method, target: target, fields: fields)
    let request = HTTPRequest(
      head: head, body: bytes ?? body?.serialized() ?? [], peer: .unixSocket(user: 0))
    let handler = AdminHandler(world)
    let response = handler.respond(to: request, by: caller, requestID: "admin-1")
    let answer = try Self.collected(response)
    // An event loop answers the same, or leaves it to a worker.
    if AdminRoute.first(at: head)?.isQuick == true,
      let quick = handler.respondAtOnce(to: request, by: caller, requestID: "admin-1")
    {
      XCTAssertEqual(
        try Self.collected(quick).json, answer.json, "\(method) \(target)", file: file, line: line)
    }
    let problems = checker.problems(
      method, target, status: answer.status, mediaType: response.fields[.contentType] ?? "",
      answer.json)
    XCTAssertEqual(problems, [], "\(method) \(target)", file: file, line: line)
    return answer
  }

  private static func collected(_ response: HTTPResponse) throws -> Answer {
    var bytes: [UInt8] = []
    switch response.body {
    case .empty: break
    case .bytes(let all): bytes = all
    case .stream(let producer):
      while let piece = try producer.nextPiece() {
        if piece.isEmpty, producer.whenReady({}) { break }
        bytes += piece
      }
    }
    let isJSON = ["application/json", "application/problem+json"].contains(response.fields[.contentType])
    return Answer(
      status: response.status.rawValue, fields: response.fields, bytes: bytes,
      json: isJSON ? (try? JSONParser.parse(bytes)) ?? .null : .null)
  }

  /// The id of a new user.
  func user(_ name: String, _ more: JSONObject = JSONObject(), in directory: String = "default") throws
    -> String
  {
    var object: JSONObject = ["userName": .string(name)]
    for member in more.members { object[member.name] = member.value }
    let answer = try ask("POST", "/admin/v1/directories/\(directory)/users", .object(object))
    XCTAssertEqual(answer.status, 201, "\(answer.json)")
    return try XCTUnwrap(answer.json["id"]?.stringValue)
  }

  /// The id of a new group.
  func group(_ name: String, in directory: String = "default") throws -> String {
    let answer = try ask(
      "POST", "/admin/v1/directories/\(directory)/groups", ["displayName": .string(name)])
    return try XCTUnwrap(answer.json["id"]?.stringValue)
  }

  /// A second tenant.
  func makeDirectory(_ name: String) throws { _ = try world.store.directory(named: name).get() }

  /// Keys may live as long as they like.
  func liftKeyLimit() throws {
    _ = try ask("PATCH", Self.root, ["policies": ["keyMaxDays": 0]])
  }
}
