import Client
import Dispatch
import JSON
import Platform
import XCTest

@testable import scimd

/// A data folder with a real server on it, on ports that the kernel chooses.
final class ServedFolder {
  let fixture: CommandFixture
  let configuration: Configuration
  let running: RunningServer
  private let printed = Locked("")
  private let isStopped = Locked(false)

  init(
    _ test: XCTestCase, fixture given: CommandFixture? = nil,
    _ change: (inout Configuration) -> Void = { _ in }
  ) throws {
    let fixture = try given ?? CommandFixture(test)
    self.fixture = fixture
    try fixture.makeFolder()
    var configuration = Configuration()
    configuration.data = fixture.data
    configuration.origins["data"] = .option("--data")
    configuration.listen = .tcp(host: "127.0.0.1", port: 0)
    change(&configuration)
    self.configuration = configuration
    let printed = printed
    var environment = Environment.system
    let now = fixture.now
    environment.now = { now }
    let console = Console(
      variables: [:], environment: environment, emit: { _, text in printed.withLock { $0 += text } },
      prompt: { _ in nil })
    running = try RunningServer.start(configuration, console, onFailure: {})
    test.addTeardownBlock { [self] in stop() }
  }

  /// What the server printed; whole after it stopped.
  var log: String { printed.withLock { $0 } }

  func stop() {
    let wasStopped = isStopped.withLock { isStopped in
      defer { isStopped = true }
      return isStopped
    }
    if !wasStopped { try? running.stop(within: 1) }
  }

  /// A command on the folder, which goes through the control socket.
  func run(_ arguments: String...) -> CommandFixture.Outcome {
    fixture.run(arguments + ["--data", fixture.data])
  }

  /// A new key of the default directory, unless the options say otherwise.
  func made(_ options: [String]) throws -> (id: String, secret: String) {
    let outcome = fixture.run(
      ["key", "create", "--name", "k", "--json", "--data", fixture.data] + options)
    let json = try JSONParser.parse(Array(outcome.output.utf8))
    return (
      try XCTUnwrap(json["id"]?.stringValue, outcome.error), try XCTUnwrap(json["key"]?.stringValue)
    )
  }

  func key(_ options: [String]) throws -> String { try made(options).secret }

  func ask(
    _ method: String, _ path: String, _ token: String?, _ body: JSONValue? = nil, port: Int? = nil
  ) throws -> ClientResponse {
    let client = try HTTPClient(base: "http://127.0.0.1:\(port ?? running.port)", token: token)
    return try client.send(
      method: method, path: path, fields: body == nil ? [] : [("Content-Type", "application/json")],
      body: body?.serialized())
  }
}

extension String {
  /// The id in the detail of an error: "... (request ID) [code]".
  var requestID: String? { firstMatch(of: /\(request ([^)]*)\) \[[A-Za-z0-9]+\]$/).map { String($0.1) } }
  /// The code at its end.
  var refusalCode: String? { firstMatch(of: /\[([A-Za-z0-9]+)\]$/).map { String($0.1) } }
}
