import Client
import Credentials
import Foundation
import JSON
import Platform
import XCTest

@testable import scimd

/// A file of Fixtures/refusals: the requests after which a real server refuses the last one with the code that is the
/// file's name.
///
///     {"settings": {"maxBodyBytes": "1024"},              of the server; left out for the defaults
///      "steps": [
///        {"run": ["key", "create", ...], "save": {"id": "/id"}},  a command on the server's folder, in JSON
///        {"elsewhere": [...], ...},                       the same on a folder of its own
///        {"after": "100d"},                               the server starts again, that much later
///        {"raw": "GET / HTTP/1.1\r\n\r\n"},               bytes on a connection
///        {"send": "POST /scim/v2/Users", "key": "id", "fields": {}, "basic": [user, secret], "body": {}, "save": {}}],
///      "answered": "keyInvalid",                          the code that the client gets, if it is another
///      "explained": "keyMalformed",                       the code that `scimd explain` gives, if it is another
///      "test": "Tests/..."}                               instead of steps: the test that produces the code
///
/// `${name}` is a saved text, `$1000(text)$` a text repeated, with its number in
/// place of `#`. `key` is a saved secret; the default is a key for all of
/// SCIM, null none.
struct RefusalFixture {
  let code: String
  let json: JSONValue

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures/refusals")

  static func all() throws -> [RefusalFixture] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
      let bytes = Array(try Data(contentsOf: folder.appendingPathComponent(name)))
      return RefusalFixture(code: String(name.dropLast(5)), json: try JSONParser.parse(bytes))
    }
  }

  var answered: String { json["answered"]?.stringValue ?? code }
  /// Nil for requests to the admin API, of which the server keeps no code.
  var explained: String? { json["explained"]?.isNull == true ? nil : json["explained"]?.stringValue ?? code }
  var steps: [JSONValue] { json["steps"]?.arrayValue ?? [] }
  var settings: [String: String] {
    Dictionary(
      uniqueKeysWithValues: (json["settings"]?.objectValue?.members ?? []).map {
        ($0.name, $0.value.stringValue ?? "")
      })
  }
  var hasOwnServer: Bool { steps.contains { $0["after"] != nil } }
}

/// Plays fixtures against one server.
final class RefusalPlayer {
  /// What the last request of a fixture got.
  struct Outcome {
    let codes: [String]
    let request: String?
    let text: String
  }

  private let test: XCTestCase
  private let settings: [String: String]
  private(set) var server: ServedFolder
  private let standardKey: String

  init(_ test: XCTestCase, settings: [String: String]) throws {
    self.test = test
    self.settings = settings
    server = try Self.start(test, settings)
    standardKey = try server.key([])
  }

  private static func start(
    _ test: XCTestCase, _ settings: [String: String], _ fixture: CommandFixture? = nil
  ) throws -> ServedFolder {
    try ServedFolder(test, fixture: fixture) { configuration in
      for (name, text) in settings {
        guard let setting = Configuration.settings.first(where: { $0.name == name }) else {
          XCTFail("no setting \(name)")
          continue
        }
        do throws(BadValue) { try setting.apply(&configuration, text) } catch { XCTFail("\(name): \(error)") }
      }
    }
  }

  func play(_ fixture: RefusalFixture) throws -> Outcome {
    var saved = ["key": standardKey]
    var outcome = Outcome(codes: [], request: nil, text: "")
    for step in fixture.steps {
      let step = filled(step, saved)
      var answer: JSONValue?
      if let words = step["run"]?.arrayValue {
        answer = try run(words.compactMap(\.stringValue), server.fixture)
      } else if let words = step["elsewhere"]?.arrayValue {
        let other = try CommandFixture(test)
        try other.makeFolder()
        answer = try run(words.compactMap(\.stringValue), other)
      } else if let span = step["after"]?.stringValue {
        server.stop()
        server.fixture.now += try XCTUnwrap(TimeSpan(span)?.milliseconds)
        server = try Self.start(test, settings, server.fixture)
      } else {
        let response = try respond(step, saved)
        answer = try? JSONParser.parse(response.body)
        outcome = Outcome(
          codes: codes(answer), request: response.request,
          text: String(decoding: response.body, as: UTF8.self))
      }
      for member in step["save"]?.objectValue?.members ?? [] {
        saved[member.name] = try XCTUnwrap(
          value(at: member.value.stringValue ?? "", answer), "\(fixture.code): \(outcome.text)")
      }
    }
    return outcome
  }

  /// The code that `scimd explain` gives to a request. What the server keeps is written a moment after the answer.
  func explained(_ request: String) throws -> JSONValue {
    for _ in 0..<500 {
      let outcome = server.run("explain", request, "--json")
      if outcome.code == .success { return try JSONParser.parse(Array(outcome.output.utf8)) }
      usleep(20_000)
    }
    return .null
  }

  // MARK: Steps

  private func run(_ words: [String], _ fixture: CommandFixture) throws -> JSONValue {
    let outcome = fixture.run(words + ["--json", "--data", fixture.data])
    XCTAssertEqual(outcome.code, .success, "\(words): \(outcome.error)")
    return try JSONParser.parse(Array(outcome.output.utf8))
  }

  private func respond(
    _ step: JSONValue, _ saved: [String: String]
  ) throws -> (body: [UInt8], request: String?) {
    if let text = step["raw"]?.stringValue {
      let socket = try connection(text)
      var bytes: [UInt8] = []
      while try socket.receive(into: &bytes, atMost: 1 << 16) > 0 {}
      let answer = String(decoding: bytes, as: UTF8.self)
      let request = answer.firstMatch(of: /X-Request-Id: (\S+)/).map { String($0.1) }
      return (Array((answer.components(separatedBy: "\r\n\r\n").last ?? "").utf8), request)
    }
    let line = try XCTUnwrap(step["send"]?.stringValue).split(separator: " ", maxSplits: 1).map(String.init)
    var token = step["key"]?.stringValue.flatMap { saved[$0] } ?? saved["key"]
    if step["key"]?.isNull == true { token = nil }
    var fields: [(String, String)] = (step["fields"]?.objectValue?.members ?? []).map {
      ($0.name, $0.value.stringValue ?? "")
    }
    if let basic = step["basic"]?.arrayValue?.compactMap(\.stringValue) {
      fields.append(
        ("Authorization", "Basic " + Data(basic.joined(separator: ":").utf8).base64EncodedString()))
    }
    let body = step["text"]?.stringValue.map { Array($0.utf8) } ?? step["body"]?.serialized()
    if case .some = body, !fields.contains(where: { $0.0 == "Content-Type" }) {
      fields.append(("Content-Type", "application/json"))
    }
    let client = try HTTPClient(base: "http://127.0.0.1:\(server.running.port)", token: token)
    let answer = try client.send(method: line[0], path: line[1], fields: fields, body: body)
    return (answer.body, answer.fields.first { $0.name.lowercased() == "x-request-id" }?.value)
  }

  private func connection(_ text: String) throws -> ClientSocket {
    let socket = try ClientSocket.connect(host: "127.0.0.1", port: UInt16(server.running.port), timeout: 20)
    XCTAssertEqual(try Array(text.utf8).withUnsafeBytes { try socket.send($0) }, text.utf8.count)
    return socket
  }

  // MARK: Texts

  /// The codes in an answer: of SCIM, of operations of a bulk request, or of the admin API.
  private func codes(_ json: JSONValue?) -> [String] {
    if let code = json?["code"]?.stringValue { return [code] }
    let operations = json?["Operations"]?.arrayValue ?? []
    return ([json] + operations.map { $0["response"] }).compactMap { $0?["detail"]?.stringValue?.refusalCode }
  }

  private func value(at pointer: String, _ json: JSONValue?) -> String? {
    var json = json
    for part in pointer.split(separator: "/") {
      json = Int(part).map { index in (json?.arrayValue ?? []).dropFirst(index).first } ?? json?[String(part)]
    }
    return json?.stringValue
  }

  private func filled(_ json: JSONValue, _ saved: [String: String]) -> JSONValue {
    if let text = json.stringValue {
      var text = text
      for (name, value) in saved { text = text.replacingOccurrences(of: "${\(name)}", with: value) }
      while let match = text.firstMatch(of: /\$(\d+)\((.*?)\)\$/) {
        let parts = (0..<(Int(match.1) ?? 0)).map {
          match.2.replacingOccurrences(of: "#", with: String($0))
        }
        text.replaceSubrange(match.range, with: parts.joined())
      }
      return .string(text)
    }
    if let array = json.arrayValue { return .array(array.map { filled($0, saved) }) }
    guard let object = json.objectValue else { return json }
    return .object(JSONObject(object.members.map { .init(name: $0.name, value: filled($0.value, saved)) }))
  }
}
