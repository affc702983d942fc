import Client
import Conformance
import Exchange
import Glibc
import JSON
import Platform

extension Command {
  static let conformance = Command(
    path: ["conformance"], summary: "Check a SCIM server against RFC 7643, RFC 7644 and RFC 9865",
    details: [
      "Runs test cases for the requirements of the RFCs against any server. Features the server does not advertise are "
        + "skipped. The run changes only resources it has created itself, and deletes them at the end, also after "
        + "Ctrl-C.",
      "Exit code 0 if no MUST or SHOULD is violated, 1 if one is, 69 if the server does not answer, 77 if it refuses "
        + "the key. The variables SCIM_TOKEN and SCIM_TOKEN_OTHER can hold the keys instead of files.",
    ],
    arguments: [
      Argument(name: "URL", help: "The SCIM base URL, or unix:PATH.", isRequired: false)
    ],
    options: [
      Option(name: "key-file", value: "FILE", help: "A file that contains only the API key."),
      Option(
        name: "other-key-file", value: "FILE",
        help: "A key of another tenant; without it, cases that need one are skipped."),
      Option(
        name: "only", value: "LIST",
        help: "Only these cases: group numbers, ids or prefixes of ids, separated by commas."),
      Option(name: "cases", value: "DIR", help: "Case files (*.json) to run instead of the embedded ones."),
      Option(
        name: "intrusive",
        help:
          "Also send PUT, PATCH and DELETE to collections and discovery endpoints, which must refuse them."),
      Option(name: "list", help: "List the cases."),
      Option(name: "junit", value: "FILE", help: "Also write the report as JUnit XML."),
      Option(name: "verbose", help: "Print a line for each case."),
      Option(name: "quiet", help: "Print only failures and totals."),
      jsonOption,
    ] + ClientTrust.options,
    examples: [
      Example(
        does: "everything", line: "scimd conformance http://127.0.0.1:8080/scim/v2 --key-file scim.key"),
      Example(
        does: "PATCH, and one rule of filtering",
        line: "scimd conformance http://127.0.0.1:8080/scim/v2 --key-file scim.key --only 11,7644-3.4.2.2-05"),
      Example(
        does: "in a pipeline",
        line: "scimd conformance http://127.0.0.1:8080/scim/v2 --key-file scim.key --quiet --junit report.xml"
      ),
    ]
  ) { invocation, console throws(CommandError) in
    let command = ConformanceCommand(invocation: invocation, console: console)
    return invocation.has("list") ? try command.list() : try command.play()
  }
}

/// Runs conformance cases and reports the results.
struct ConformanceCommand: Sendable {
  let invocation: Invocation
  let console: Console

  /// Prints the cases that --only selects, without a server.
  func list() throws(CommandError) -> ExitCode {
    let cases = try chosenGroups(of: try suite()).flatMap(\.cases)
    let json = cases.map { testCase -> JSONValue in
      [
        "ids": .array(testCase.ids.map { .string($0) }), "level": .string(testCase.level.rawValue),
        "title": .string(testCase.title),
        "needs": .array(testCase.needs.map { .string($0.description) }),
      ]
    }
    console.show(.array(json), invocation) {
      let rows = cases.map { [$0.ids.joined(separator: " "), $0.level.rawValue, $0.title] }
      return TextTable([["CASE", "LEVEL", "RULE"]] + rows).text()
    }
    return .success
  }

  /// Runs the chosen cases; the exit code says whether they passed, whatever form the report has.
  func play() throws(CommandError) -> ExitCode {
    let suite = try suite()
    let groups = try chosenGroups(of: suite)
    let target = try target()
    let interruption = Interruption()
    let run = try begun(target, suite, interruption)
    let progress = ConformanceProgress(
      console: console, total: groups.reduce(0) { $0 + $1.cases.count },
      isVerbose: invocation.has("verbose") && !invocation.has("json"))
    let report = run.play(groups) { progress.tell($0) }
    progress.end()
    console.show(report.json, invocation) { report.text(isQuiet: invocation.has("quiet")) }
    if let path = invocation["junit"] { try write(report.junit, to: path) }
    return interruption.isRequested ? .interrupted : report.passed ? .success : .failure
  }

  /// Connects and checks the key, before any case runs.
  private func begun(
    _ target: ConformanceTarget, _ suite: ConformanceSuite, _ interruption: Interruption
  ) throws(CommandError) -> ConformanceRun {
    do throws(ConformanceProblem) {
      return try ConformanceRun(
        target, suite: suite, run: "t" + console.environment.uuid().prefix { $0 != "-" },
        isIntrusive: invocation.has("intrusive"), isInterrupted: { interruption.isRequested },
        pause: { usleep(UInt32($0) * 1000) })
    } catch {
      switch error {
      case .unreachable(let error):
        throw CommandError(
          .unavailable, "\(error)", advice: "URL is the SCIM base, such as http://HOST:PORT/scim/v2.")
      case .badKey(let status):
        throw CommandError(
          .noPermission, "\(target.base) answers \(status) to GET /Users with this key",
          advice: "Use a key that may read and write users and groups: --key-file FILE or SCIM_TOKEN.")
      case .interrupted: throw CommandError(.interrupted, "interrupted before the first case")
      }
    }
  }

  /// The server and its keys; throws without URL.
  private func target() throws(CommandError) -> ConformanceTarget {
    guard let url = invocation.arguments.first else {
      throw CommandError(
        .usage, "URL is missing", advice: "Such as: scimd conformance http://127.0.0.1:8080/scim/v2")
    }
    let tls = try ClientTrust.tls(invocation, console)
    let key = try key("key-file", variable: "SCIM_TOKEN")
    let otherKey = try self.key("other-key-file", variable: "SCIM_TOKEN_OTHER")
    do throws(ClientError) {
      return ConformanceTarget(base: try ClientBase(url, tls: tls), key: key, otherKey: otherKey)
    } catch {
      throw CommandError(.usage, "\(error)")
    }
  }

  /// The key in the file of an option, otherwise in the variable.
  private func key(_ option: String, variable: String) throws(CommandError) -> String? {
    guard let path = invocation[option] else { return console.variables[variable] }
    return try KeyOption.read(path, option: "--\(option)")
  }

  private func write(_ text: String, to path: String) throws(CommandError) {
    do throws(SystemError) {
      try FileSystem.replaceFile(path, Array(text.utf8), mode: 0o644)
    } catch {
      throw CommandError(.cannotCreate, "--junit: \(path): \(error)")
    }
  }
}
