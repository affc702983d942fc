import Client
import Foundation
import Platform
import XCTest

@testable import scimd

/// The real binary: signals, exit codes, and what it prints.
final class ServeProcessTests: XCTestCase {
  private final class Server {
    /// Opens a socket as a service manager does, and becomes the server.
    static let manager = """
      import os, socket, sys
      s = socket.create_server(("127.0.0.1", 0))
      if s.fileno() != 3: os.dup2(s.fileno(), 3)
      os.set_inheritable(3, True)
      os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=sys.argv[1])
      print(s.getsockname()[1], flush=True)
      os.execv(sys.argv[2], sys.argv[2:])
      """

    let process = Process()
    private let output = Pipe()
    private let errors = Pipe()
    private(set) var said = ""

    /// - Parameter through: a command that runs the server's.
    init(_ folder: String, _ more: [String] = [], through: [String] = []) throws {
      let binary = Bundle.main.bundleURL.appendingPathComponent("scimd").path
      let words = through + [binary, "serve", "--data", folder, "--listen", "127.0.0.1:0"] + more
      process.executableURL = URL(fileURLWithPath: words[0])
      process.arguments = Array(words.dropFirst())
      process.environment = [:]
      process.standardOutput = output
      process.standardError = errors
      try process.run()
    }

    /// Reads standard error up to the text, or to its end.
    func wait(for text: String) {
      while !said.contains(text) {
        let data = errors.fileHandleForReading.availableData
        if data.isEmpty { return }
        said += String(decoding: data, as: UTF8.self)
      }
    }

    /// One request that needs no key.
    func ask() throws {
      let port = said.split(separator: ":").compactMap { Int($0.prefix { $0.isNumber }) }.last
      let client = try HTTPClient(base: "http://127.0.0.1:\(try XCTUnwrap(port))", token: nil)
      XCTAssertEqual(try client.send(method: "GET", path: "/scim/v2/ServiceProviderConfig").status, 200)
    }

    /// The exit code and all of standard output.
    func end() -> (code: Int32, output: String) {
      process.waitUntilExit()
      return (
        process.terminationStatus, String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      )
    }
  }

  func testThereAreAsManyLoopsAsProcessorsThatTheProcessMayUse() throws {
    let data = try CommandFixture(self).data
    for (through, options, loops) in [
      (["/usr/bin/taskset", "-c", "0"], [], "1 event loop ("), ([], ["--loops", "3"], "3 event loops ("),
    ] {
      let server = try Server(data, options, through: through)
      server.wait(for: "administration")
      server.process.terminate()
      XCTAssertEqual(server.end().code, 0, server.said)
      XCTAssertTrue(server.said.contains(", with " + loops), server.said)
    }
  }

  func testASocketOfTheServiceManagerIsListenedOnByEveryLoop() throws {
    let python = "/usr/bin/python3"
    guard FileManager.default.isExecutableFile(atPath: python) else {
      throw XCTSkip("python3 is not installed")
    }
    let data = try CommandFixture(self).data
    let server = try Server(
      data, ["--loops", "3"], through: [python, "-c", Server.manager, "1"])
    server.wait(for: "administration")
    XCTAssertTrue(server.said.contains("socket has port"), server.said)
    for _ in 0..<20 { try server.ask() }
    kill(server.process.processIdentifier, SIGTERM)
    let (code, output) = server.end()
    XCTAssertEqual(code, 0, server.said)
    let port = try XCTUnwrap(output.split(separator: "\n").first)
    XCTAssertTrue(server.said.contains("serving http://127.0.0.1:\(port)/"), server.said)
    let second = try Server(data, through: [python, "-c", Server.manager, "2"])
    XCTAssertEqual(second.end().code, ExitCode.configuration.rawValue)
  }

  func testTheFirstStartShowsAKeyOnceAndEverySignalledStopExitsWithZero() throws {
    let data = try CommandFixture(self).data
    for (signal, keys) in [(SIGTERM, 2), (SIGINT, 0)] {
      let server = try Server(data)
      server.wait(for: "serving http://127.0.0.1:")
      kill(server.process.processIdentifier, SIGHUP)
      kill(server.process.processIdentifier, signal)
      let (code, output) = server.end()
      XCTAssertEqual(code, 0, server.said)
      // Once by itself and once in the curl line.
      XCTAssertEqual(output.components(separatedBy: "scim_").count - 1, keys, output)
    }
  }

  func testStandardOutputHasTheFirstKeyAloneAndStandardErrorTheAccessLog() throws {
    let server = try Server(try CommandFixture(self).data)
    server.wait(for: "/scim/v2 from")
    try server.ask()
    server.wait(for: "ServiceProviderConfig")
    kill(server.process.processIdentifier, SIGTERM)
    let (code, output) = server.end()
    XCTAssertEqual(code, 0)
    XCTAssertTrue(output.hasPrefix("This data folder had no API key"), output)
    XCTAssertFalse(output.contains("ServiceProviderConfig"), output)
  }

  func testTheFileOfTheAccessLogIsBegunAgainOnSIGHUPAndSIGUSR1AndSIGUSR2DoesNothing() throws {
    let fixture = try CommandFixture(self)
    let log = fixture.folder + "/access.log"
    let server = try Server(fixture.data, ["--access-log", log])
    server.wait(for: "/scim/v2 from")
    for (number, signal) in [SIGHUP, SIGUSR1].enumerated() {
      kill(server.process.processIdentifier, SIGUSR2)
      try server.ask()
      while try requests(in: log) == 0 { usleep(10_000) }
      try FileSystem.rename(log, to: log + ".\(number)")
      kill(server.process.processIdentifier, signal)
      while !FileSystem.exists(log) { usleep(10_000) }
    }
    try server.ask()
    while try requests(in: log) == 0 { usleep(10_000) }
    kill(server.process.processIdentifier, SIGTERM)
    XCTAssertEqual(server.end().code, 0)
    for path in [log, log + ".0", log + ".1"] {
      XCTAssertEqual(try requests(in: path), 1, path)
    }
  }

  func testSIGHUPAppliesWhatCanChangeAndNamesWhatNeedsARestart() throws {
    let fixture = try CommandFixture(self)
    let file = fixture.folder + "/scimd.json"
    func write(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: file)) }
    try write(#"{"logFormat": "json", "accessLog": "off"}"#)
    let server = try Server(fixture.data, ["--config", file])
    server.wait(for: "\"level\":\"info\",\"message\":\"administration")
    func hangUp(_ text: String) {
      kill(server.process.processIdentifier, SIGHUP)
      server.wait(for: text)
      XCTAssertTrue(server.said.contains(text), server.said)
    }
    hangUp("the settings were read again; none has changed")
    try write(#"{"logFormat": "text", "accessLog": "off", "maxResults": 7, "drainSeconds": 1}"#)
    hangUp(
      "scimd: changed: logFormat\nscimd: warning: changed, and in effect after a restart: maxResults, drainSeconds\n"
    )
    let shown = fixture.run("settings", "show", "--data", fixture.data, "--json").output
    XCTAssertTrue(shown.contains(#""name":"logFormat","value":"text""#), shown)
    XCTAssertTrue(shown.contains(#""name":"maxResults","value":"200""#), shown)
    try write(#"{"logFormat": "text", "#)
    hangUp("scimd: the settings cannot be read again and stay as they are: ")
    try write(#"{"logLevel": "error", "accessLog": "off"}"#)
    kill(server.process.processIdentifier, SIGHUP)
    while !fixture.run("settings", "show", "--data", fixture.data, "--json").output.contains(
      #""name":"logLevel","value":"error""#)
    {
      usleep(10_000)
    }
    try write(#"{"logLevel": "loud"}"#)
    hangUp("loud")
    let before = server.said
    kill(server.process.processIdentifier, SIGTERM)
    XCTAssertEqual(server.end().code, 0)
    server.wait(for: "stopping")
    XCTAssertFalse(server.said.dropFirst(before.count).contains("stopping"), "info is not written any more")
  }

  /// Lines of an access log about requests; others have the hashes of records.
  private func requests(in log: String) throws -> Int {
    let lines = try FileSystem.readFile(log).split(separator: 0x0A)
    return lines.count { String(decoding: $0, as: UTF8.self).contains("\"method\"") }
  }

  func testASecondServerOnAFolderExitsWith75AndAKilledOneLeavesItFree() throws {
    let data = try CommandFixture(self).data
    let first = try Server(data)
    first.wait(for: "serving")
    let second = try Server(data)
    XCTAssertEqual(second.end().code, 75)
    kill(first.process.processIdentifier, SIGKILL)
    _ = first.end()
    let third = try Server(data)
    third.wait(for: "serving")
    kill(third.process.processIdentifier, SIGTERM)
    XCTAssertEqual(third.end().code, 0, third.said)
  }
}
