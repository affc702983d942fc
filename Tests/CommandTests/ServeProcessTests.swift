import Foundation
import XCTest

@testable import scimd

/// The real binary: signals, exit codes, and what it prints.
final class ServeProcessTests: XCTestCase {
  private final class Server {
    let process = Process()
    private let output = Pipe()
    private let errors = Pipe()
    private(set) var said = ""

    init(_ folder: String) throws {
      let binary = Bundle.main.bundleURL.appendingPathComponent("scimd")
      guard FileManager.default.isExecutableFile(atPath: binary.path) else { throw XCTSkip("no binary") }
      process.executableURL = binary
      process.arguments = ["serve", "--data", folder, "--listen", "127.0.0.1:0"]
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

    /// The exit code and all of standard output.
    func end() -> (code: Int32, output: String) {
      process.waitUntilExit()
      return (
        process.terminationStatus, String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      )
    }
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
