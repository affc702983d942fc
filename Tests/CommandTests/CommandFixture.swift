import Foundation
import Platform
import Storage
import XCTest

@testable import scimd

/// Runs commands in process: a temporary folder, a clock, variables, and what was printed.
final class CommandFixture {
  struct Outcome {
    let code: ExitCode
    let output: String
    let error: String
  }

  let folder: String
  var variables: [String: String] = [:]
  var now: Int64 = 1_800_000_000_000
  /// What the person at the terminal says; nil where there is none.
  var answer: String?

  init(_ test: XCTestCase) throws {
    folder = NSTemporaryDirectory() + "scimd-" + UUID().uuidString.prefix(8)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let folder = folder
    test.addTeardownBlock { try? FileManager.default.removeItem(atPath: folder) }
  }

  var data: String { folder + "/data" }

  /// Makes the data folder, empty.
  func makeFolder() throws { try DataFolder.open(data).close() }

  func file(_ name: String, _ text: String) throws -> String {
    let path = folder + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  func run(_ arguments: String...) -> Outcome { run(arguments) }

  func run(_ arguments: [String], commands: [Command] = Command.all) -> Outcome {
    let printed = Locked((output: "", error: ""))
    var environment = Environment.system
    let now = now
    let answer = answer
    environment.now = { now }
    let console = Console(
      variables: variables, environment: environment,
      emit: { stream, text in
        printed.withLock { printed in
          switch stream {
          case .output: printed.output += text
          case .error: printed.error += text
          }
        }
      },
      prompt: { question in
        printed.withLock { $0.error += question }
        return answer
      })
    let code = CommandRunner(console: console, commands: commands).run(arguments)
    return printed.withLock { Outcome(code: code, output: $0.output, error: $0.error) }
  }
}
