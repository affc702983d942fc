import Foundation
import XCTest

@testable import scimd

/// The help, compared with the files under Fixtures/help; run with RECORD_HELP=1 to write these anew.
final class HelpTests: XCTestCase {
  private var fixtures: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/help")
  }

  func testTheHelpOfEveryCommandIsTheRecordedOne() throws {
    let fixture = try CommandFixture(self)
    try compare(fixture.run("--help"), "scimd")
    for group in Set(Command.all.filter { $0.path.count > 1 }.map { $0.path[0] }) {
      try compare(fixture.run(group, "--help"), group)
    }
    for command in Command.all {
      try compare(fixture.run(command.path + ["--help"]), command.path.joined(separator: "-"))
    }
    try compare(fixture.run("help", "settings"), "help-settings")
  }

  func testEveryRecordedHelpBelongsToACommand() throws {
    let names = Set(
      ["scimd", "help-settings"] + Command.all.map { $0.path.joined(separator: "-") }
        + Command.all.map { $0.path[0] })
    for file in try FileManager.default.contentsOfDirectory(atPath: fixtures.path) {
      XCTAssertTrue(names.contains(file.replacingOccurrences(of: ".txt", with: "")), file)
    }
  }

  func testHelpAndTheHelpOptionSayTheSame() throws {
    let fixture = try CommandFixture(self)
    for command in Command.all {
      XCTAssertEqual(
        fixture.run(["help"] + command.path).output, fixture.run(command.path + ["--help"]).output)
    }
  }

  func testEveryCommandHasExamplesThatParse() throws {
    let parser = ArgumentParser(commands: Command.all)
    for command in Command.all {
      var names: [String] = []
      for example in command.examples where example.line.hasPrefix("scimd ") {
        let words = Self.words(example.line).dropFirst()
        guard case .run(let invocation) = try parser.parse(Array(words)) else {
          return XCTFail("\(example.line) runs nothing")
        }
        names.append(invocation.command.name)
      }
      XCTAssertTrue(names.contains(command.name), command.name)
    }
  }

  func testHelpFitsAHundredColumns() {
    for line in HelpText.overview(Command.all).split(separator: "\n") {
      XCTAssertLessThanOrEqual(line.count, 100, String(line))
    }
  }

  func testHelpOnNothingKnownIsAUsageErrorNamingTheNearest() throws {
    let outcome = try CommandFixture(self).run("help", "sevre")
    XCTAssertEqual(outcome.code, .usage)
    XCTAssertTrue(outcome.error.contains("did you mean \"serve\"?"), outcome.error)
  }

  func testWithoutACommandTheOverviewGoesToStandardErrorAndTheExitCodeIsTwo() throws {
    let outcome = try CommandFixture(self).run()
    XCTAssertEqual(outcome.code, .usage)
    XCTAssertEqual(outcome.output, "")
    XCTAssertTrue(outcome.error.contains("scimd serve"))
  }

  private func compare(_ outcome: CommandFixture.Outcome, _ name: String) throws {
    XCTAssertEqual(outcome.code, .success, name)
    let file = fixtures.appendingPathComponent(name + ".txt")
    if ProcessInfo.processInfo.environment["RECORD_HELP"] != nil {
      try FileManager.default.createDirectory(at: fixtures, withIntermediateDirectories: true)
      try Data(outcome.output.utf8).write(to: file)
    }
    XCTAssertEqual(outcome.output, try String(contentsOf: file, encoding: .utf8), name)
  }

  /// The words up to a pipe, quotes taken off.
  static func words(_ line: String) -> [String] {
    var words: [String] = []
    var quote: Character?
    var word = ""
    for character in line + " " {
      switch character {
      case "\"" where quote != "'", "'" where quote != "\"": quote = quote == nil ? character : nil
      case " " where quote == nil:
        if word == "|" || word == ">" { return words }
        if !word.isEmpty { words.append(word) }
        word = ""
      default: word.append(character)
      }
    }
    return words
  }
}
