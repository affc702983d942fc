import XCTest

@testable import scimd

final class ArgumentParserTests: XCTestCase {
  private let parser = ArgumentParser(commands: [
    Command(
      path: ["key", "make"], summary: "Make", arguments: [.init(name: "ID", help: "An id.")],
      options: [
        .init(name: "name", value: "NAME", help: "A name.", isRequired: true),
        .init(name: "expires", value: "WHEN", help: "When."), .init(name: "json", help: "JSON."),
      ]
    ) { _, _ in .success },
    Command(path: ["serve"], summary: "Serve") { _, _ in .success },
  ])

  func testAValueFollowsAsAWordOrAfterEquals() throws {
    XCTAssertEqual(try invocation("key", "make", "x", "--name", "a")["name"], "a")
    XCTAssertEqual(try invocation("key", "make", "x", "--name=a=b")["name"], "a=b")
    XCTAssertEqual(try invocation("key", "make", "x", "--name=")["name"], "")
    XCTAssertEqual(try invocation("key", "make", "--name", "-5", "x")["name"], "-5")
  }

  func testASwitchTakesNoValueExceptTrueOrFalse() throws {
    XCTAssertTrue(try invocation("key", "make", "x", "--name", "a", "--json").has("json"))
    XCTAssertTrue(try invocation("key", "make", "x", "--name", "a", "--json=true").has("json"))
    XCTAssertFalse(try invocation("key", "make", "x", "--name", "a", "--json=false").has("json"))
    XCTAssertEqual(message("key", "make", "x", "--name", "a", "--json=1")?.contains("switch"), true)
  }

  func testWordsAfterTwoDashesAreArguments() throws {
    XCTAssertEqual(try invocation("key", "make", "--name", "a", "--", "--json").arguments, ["--json"])
  }

  func testAnUnknownOptionNamesTheNearest() {
    XCTAssertEqual(
      message("key", "make", "--nmae", "a"),
      "\"--nmae\" is not an option of `scimd key make`; did you mean --name?")
    XCTAssertEqual(message("key", "make", "-x"), "\"-x\" is not an option of `scimd key make`")
  }

  func testAnUnknownCommandNamesTheNearest() {
    XCTAssertEqual(message("sevre"), "\"sevre\" is not a command of scimd; did you mean \"serve\"?")
    XCTAssertEqual(message("key", "mkae"), "\"mkae\" is not a command of scimd key; did you mean \"make\"?")
    XCTAssertEqual(message("zzz"), "\"zzz\" is not a command of scimd; there are key, serve")
    XCTAssertEqual(message("key"), "`scimd key` needs a command: make")
    XCTAssertEqual(message("--json", "serve"), "options such as --json go after the command")
  }

  func testAnActWithoutItsNounNamesTheCommandsThatHaveIt() throws {
    let fixture = try CommandFixture(self)
    for (word, meant) in [
      ("history", "\"user history\", \"group history\""),
      ("revoke", "\"connection link revoke\", \"key revoke\""),
      ("bakcup", "\"store backup\""),
    ] {
      let outcome = fixture.run(word, "x")
      XCTAssertEqual(outcome.code, .usage)
      XCTAssertTrue(outcome.error.contains("did you mean \(meant)"), outcome.error)
    }
    XCTAssertTrue(fixture.run("help", "jobs").error.contains("did you mean \"job\"?"))
    XCTAssertEqual(fixture.run("-V").output, fixture.run("version").output)
  }

  func testWhatIsMissingOrTooMuchIsNamed() {
    XCTAssertEqual(message("key", "make", "x"), "--name NAME is required")
    XCTAssertEqual(message("key", "make", "--name", "a"), "ID is missing")
    XCTAssertEqual(message("key", "make", "x", "y", "--name", "a"), "unexpected argument \"y\"")
    XCTAssertEqual(message("key", "make", "x", "--name"), "--name needs a value: --name NAME")
    XCTAssertEqual(message("key", "make", "x", "--name", "--json"), "--name needs a value: --name NAME")
    XCTAssertEqual(message("key", "make", "x", "--name", "a", "--name", "b"), "--name is given twice")
  }

  func testHelpIsGivenWhereverItIsAskedFor() throws {
    for words in [["key", "make", "--help"], ["key", "make", "--wrong", "-h"], ["key", "make", "x", "-h"]] {
      guard case .help(["key", "make"]) = try parser.parse(words) else { return XCTFail("\(words)") }
    }
    guard case .help(["key"]) = try parser.parse(["key", "--help"]) else { return XCTFail("key") }
    guard case .help([]) = try parser.parse(["--help"]) else { return XCTFail("all") }
    guard case .overview = try parser.parse([]) else { return XCTFail("nothing") }
  }

  func testEveryUsageErrorExitsWithTwoAndPointsToTheHelp() {
    XCTAssertThrowsError(try parser.parse(["serve", "--x"])) { error in
      XCTAssertEqual((error as? CommandError)?.code, .usage)
      XCTAssertEqual((error as? CommandError)?.advice, "See `scimd serve --help`.")
    }
  }

  func testTheNearestNameIsOnlyOneThatCouldBeMeant() {
    XCTAssertEqual(NearestName.of("lisen", among: ["listen", "data"]), "listen")
    XCTAssertEqual(NearestName.of("maxReslut", among: ["maxResults", "maxBodyBytes"]), "maxResults")
    XCTAssertNil(NearestName.of("port", among: ["listen", "data"]))
    XCTAssertNil(NearestName.of("", among: ["listen"]))
    XCTAssertEqual(NearestName.edits(Array("ab".utf8), Array("ba".utf8)), 1)
    XCTAssertEqual(NearestName.edits([], Array("abc".utf8)), 3)
  }

  private func invocation(_ words: String...) throws -> Invocation {
    guard case .run(let invocation) = try parser.parse(words) else {
      throw BrokenPremise("\(words) is not a command")
    }
    return invocation
  }

  private func message(_ words: String...) -> String? {
    do {
      _ = try parser.parse(words)
      return nil
    } catch {
      return error.message
    }
  }
}
