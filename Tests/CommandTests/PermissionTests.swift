import Foundation
import Platform
import XCTest

@testable import scimd

/// What may not be read or written is said in the same words, with the same exit code, by every command.
final class PermissionTests: XCTestCase {
  private static let nobody = "65534"

  /// Words that run a command as far as the data folder; nil for those that need none or make one.
  private static func words(_ command: Command, _ data: String) -> [String]? {
    let others: Set = ["serve", "store init", "store restore", "simulate", "health"]
    guard command.option(named: "data") != nil, !others.contains(command.name) else { return nil }
    let arguments = Self.arguments[command.name] ?? command.arguments.filter(\.isRequired).map { _ in "-" }
    var words = command.path + arguments
    for option in command.options where option.isRequired {
      words += ["--\(option.name)", option.name == "file" ? Self.roles : option.value ?? ""]
    }
    if command.path.last == "update" || command.path.last == "create" { words += Self.change(command) }
    return words + ["--data", data]
  }

  /// Of commands that look at them before they look at the folder.
  private static let arguments = [
    "target create": ["namespace:payments"], "grant remove": ["x"], "connect": ["okta"],
    "requests replay": ["-", "--dry-run"], "webhook create": ["-", "--url", "https://example.com/"],
    "stream create": ["-", "--audience", "x"],
    "webhook replay": ["-", "--since", "2026-12-01T00:00:00Z"],
    "webhook listen": ["--forward-to", "http://127.0.0.1:9/"],
  ]

  private static let roles = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("config/roles.json").path

  private static func change(_ command: Command) -> [String] {
    if command.option(named: "set") != nil { return ["--set", "title=x"] }
    return command.option(named: "description") != nil ? ["--description", "x"] : []
  }

  /// Runs the real binary as a user that owns nothing.
  private func runAsNobody(_ words: [String], input: FileHandle? = nil) throws -> (code: Int32, error: String)
  {
    let binary = Bundle.main.bundleURL.appendingPathComponent("scimd")
    guard geteuid() == 0, FileManager.default.isExecutableFile(atPath: binary.path) else {
      throw XCTSkip("only root can run the binary as nobody")
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
    process.arguments =
      ["--reuid=\(Self.nobody)", "--regid=\(Self.nobody)", "--clear-groups", binary.path] + words
    process.environment = [:]
    process.standardInput = input ?? FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, said)
  }

  func testEveryCommandSaysInTheSameWordsThatTheDataFolderDoesNotExist() throws {
    let fixture = try CommandFixture(self)
    var texts: Set<String> = []
    for command in Command.all {
      guard let words = Self.words(command, fixture.data) else { continue }
      let outcome = fixture.run(words)
      XCTAssertEqual(outcome.code, .failure, command.name + ": " + outcome.error)
      texts.insert(outcome.error)
      XCTAssertFalse(FileSystem.exists(fixture.data), "\(command.name) makes a folder")
    }
    XCTAssertEqual(texts.count, 1, "\(texts)")
    XCTAssertTrue(
      texts.first?.contains("the data folder \(fixture.data) (from --data) does not exist") == true)
  }

  func testEveryCommandSaysInTheSameWordsThatTheDataFolderMayNotBeRead() throws {
    let fixture = try CommandFixture(self)
    try fixture.makeFolder()
    chmod(fixture.folder, 0o755)
    for command in Command.all {
      guard let words = Self.words(command, fixture.data) else { continue }
      let (code, error) = try runAsNobody(words)
      XCTAssertEqual(code, 77, "\(command.name): \(error)")
      XCTAssertTrue(
        error.contains("may not read \(fixture.data) (owned by root)"), "\(command.name): \(error)")
    }
  }

  func testAFileThatMayNotBeReadOrWrittenIsExitCode77WhereverItIsNamed() throws {
    let fixture = try CommandFixture(self)
    let secret = try fixture.file("secret", "x")
    chmod(secret, 0o600)
    chmod(fixture.folder, 0o755)
    let url = "http://127.0.0.1:1"
    for words in [
      ["store", "restore", secret, "--data", "/tmp/none"], ["user", "list", "--config", secret],
      ["simulate", "all", "--key-file", secret], ["conformance", url, "--key-file", secret],
      ["key", "list", "--server", url, "--key-file", secret],
      ["schema", "check", fixture.folder + "/closed"],
      ["serve", "--data", fixture.folder + "/new"], ["store", "init", "--data", fixture.folder + "/new"],
    ] {
      try? FileSystem.createDirectory(fixture.folder + "/closed")
      let (code, error) = try runAsNobody(words)
      XCTAssertEqual(code, 77, "\(words): \(error)")
      XCTAssertTrue(error.contains("may not "), error)
      XCTAssertTrue(error.contains("owned by root)"), error)
    }
  }

  func testStandardInputIsTheDescriptorWhoeverOwnsTheFileBehindIt() throws {
    let fixture = try CommandFixture(self)
    let key = try fixture.file("key", "scim_x")
    chmod(key, 0o600)
    chmod(fixture.folder, 0o755)
    let (code, error) = try runAsNobody(
      ["key", "list", "--server", "http://127.0.0.1:1", "--key-file", "-"],
      input: FileHandle(forReadingAtPath: key))
    XCTAssertEqual(code, 69, error)
  }

  func testOnlyAPermissionIsCalledOne() {
    let full = CommandError(.inputOutput, "/x/y", SystemError(call: "write", code: ENOSPC), isWriting: true)
    XCTAssertEqual(full.code, .inputOutput)
    XCTAssertTrue(full.message.hasPrefix("/x/y: write: No space left"), full.message)
    let denied = CommandError(
      .inputOutput, "/x/y", SystemError(call: "open", code: EACCES), isWriting: true, label: "--out")
    XCTAssertEqual(denied.code, .noPermission)
    XCTAssertEqual(denied.message, "--out: may not write /x/y (/ is owned by root)")
  }

  // MARK: Where the data folder is

  func testAFolderThatDoesNotExistLeadsToTheOneThatAServerRunsOn() throws {
    let server = try ServedFolder(self)
    let fixture = server.fixture
    fixture.variables = ["SCIMD_DATA": fixture.data]
    let outcome = fixture.run("user", "list", "--data", fixture.folder + "/none")
    XCTAssertTrue(
      outcome.error.contains(
        "A server is running on \(fixture.data), which SCIMD_DATA names: add --data \(fixture.data)."),
      outcome.error)
  }

  func testTheConfigurationAndTheUnitOfTheMachineNameFolders() throws {
    let fixture = try CommandFixture(self)
    try fixture.makeFolder()
    let file = try fixture.file("scimd.json", "{\"data\":\"\(fixture.data)\"}")
    func advice(_ files: [String], _ units: [String], besides folder: String = "/elsewhere") -> String? {
      KnownFolders([], files: files, units: units).advice(insteadOf: folder)
    }
    XCTAssertEqual(advice([file], []), "\(file) names \(fixture.data): add --config \(file).")
    XCTAssertNil(advice([file], [], besides: fixture.data))
    XCTAssertNil(advice([try fixture.file("other.json", "{\"data\":\"/nowhere/at/all\"}")], []))
    XCTAssertNil(advice([try fixture.file("no.json", "nonsense")], [fixture.folder + "/none"]))
    for (line, option) in [
      ("ExecStart=/usr/bin/scimd serve --config \(file)", "--config \(file)"),
      ("ExecStart=/usr/bin/scimd serve --data \(fixture.data)", "--data \(fixture.data)"),
      ("Environment=\"SCIMD_DATA=\(fixture.data)\"", "--data \(fixture.data)"),
    ] {
      let unit = try fixture.file("scimd.service", "[Service]\n\(line)\n")
      XCTAssertEqual(advice([], [unit])?.hasSuffix("add \(option)."), true, line)
    }
  }

  // MARK: Whom a data folder lets in

  func testAFolderThatOthersCanChangeIsNotServedAndOneThatTheyCanReadIsWarnedOf() throws {
    let fixture = try CommandFixture(self)
    try fixture.makeFolder()
    var configuration = Configuration()
    configuration.data = fixture.data
    XCTAssertNil(try configuration.checkFolder())
    chmod(fixture.data + "/format", 0o644)
    XCTAssertNil(try configuration.checkFolder(), "what is in a closed folder is closed")
    chmod(fixture.data, 0o755)
    XCTAssertEqual(
      try configuration.checkFolder(),
      "other users can read \(fixture.data)/format (mode 0644); close it with `chmod -R go= \(fixture.data)`")
    chmod(fixture.data + "/format", 0o600)
    XCTAssertNil(try configuration.checkFolder())
    for (path, mode) in [
      (fixture.data, 0o775), (fixture.data + "/directories", 0o777), (fixture.data + "/format", 0o620),
    ]
      as [(String, mode_t)]
    {
      chmod(path, mode)
      XCTAssertThrowsError(try configuration.checkFolder(), path) {
        XCTAssertEqual(($0 as? CommandError)?.code, .configuration)
        XCTAssertTrue("\($0)".contains("other users can change \(path) (mode "), "\($0)")
      }
      configuration.insecureFolder = true
      XCTAssertTrue(try XCTUnwrap(configuration.checkFolder()).contains("--insecure-folder"))
      configuration.insecureFolder = false
      chmod(path, path == fixture.data ? 0o711 : 0o600)
    }
  }
}
