import Credentials
import Exchange
import JSON
import Platform
import Simulator

extension Command {
  static let simulate = Command(
    path: ["simulate"],
    summary: "Send the requests of an identity provider to a server and check the answers",
    details: [
      "Replays recorded requests of identity providers: create, search, update, deactivate, group changes. Every run "
        + "uses new names and deletes what it created. Exit code 0 if every answer was right.",
      "Each script needs a key of its provider's profile. Without --key-file, and with a server running on the data "
        + "folder, the command creates these keys and revokes them at the end. With --key-file, `all` skips the "
        + "scripts that need another profile than --profile, and those of applications, which need keys of their own.",
    ],
    arguments: [
      Argument(
        name: "SCRIPT", help: "A script's name (see --list), or `all`.", isRequired: false, isRepeated: true)
    ],
    options: [
      Option(name: "list", help: "List the scripts."),
      Option(
        name: "url", value: "URL",
        help: "The SCIM base URL, or unix:PATH. Default: the server on the data folder, or "
          + "\(SimulateCommand.defaultURL)."),
      Option(name: "key-file", value: "FILE", help: "A file that contains only the API key."),
      Option(
        name: "auth", value: "bearer|basic|oauth",
        help:
          "How to authenticate: with the key as a bearer token, with its id and the key by Basic, or with an OAuth "
          + "token. Default: bearer."),
      Option(
        name: "key-id", value: "ID", help: "The id of the key in --key-file, for --auth basic and oauth."),
      Option(
        name: "profile", value: "PROFILE",
        help: "The profile of that key, or any for a server without profiles. Default: generic."),
      Option(
        name: "directory", value: "NAME",
        help: "Where to create keys without --key-file. Default: \(NewKey.defaultDirectory)."),
    ] + ClientTrust.options + dataOptions + [jsonOption],
    examples: [
      Example(does: "list the scripts", line: "scimd simulate --list"),
      Example(does: "everything, on the server of this folder", line: "scimd simulate all"),
      Example(
        does: "Entra ID with OAuth 2.0 client credentials", line: "scimd simulate entra-scim2020 --auth oauth"
      ),
      Example(
        does: "a key for one script, on another server",
        line: "scimd key create --name test --profile okta --secret-file okta.key"),
      Example(
        does: "the lifecycle of an Okta integration",
        line: "scimd simulate okta-oin-lifecycle --key-file okta.key --url http://127.0.0.1:8080/scim/v2"),
    ]
  ) { invocation, console throws(CommandError) in
    let command = SimulateCommand(invocation: invocation, console: console)
    return invocation.has("list") ? command.list() : try command.play()
  }
}

/// Runs scripts and reports the results.
struct SimulateCommand: Sendable {
  static let defaultURL = "http://127.0.0.1:8080\(PublicURL.basePath)"

  let invocation: Invocation
  let console: Console

  func list() -> ExitCode {
    let scripts = SimulatorScripts.all
    let json = scripts.map { script -> JSONValue in
      [
        "name": .string(script.name), "idp": .string(script.idp), "profile": .string(script.profile),
        "description": .string(script.description), "steps": .integer(Int64(script.steps.count)),
      ]
    }
    console.show(.array(json), invocation) {
      let rows = scripts.map { [$0.name, $0.profile, "\($0.steps.count)", $0.description] }
      return TextTable([["SCRIPT", "PROFILE", "STEPS", "DESCRIPTION"]] + rows).text()
    }
    return .success
  }

  /// Plays the chosen scripts; keys that it created are revoked whatever happens.
  func play() throws(CommandError) -> ExitCode {
    let keys = try SimulatorKeys(invocation, console)
    let (scripts, skipped) = keys.playable(
      try chosenScripts(), isChosenByName: invocation.arguments != ["all"])
    guard !scripts.isEmpty else {
      throw CommandError(
        .usage, "every script needs a key of another profile", advice: "Set it with --profile.")
    }
    var run = console.environment.uuid()
    run.removeAll { $0 == "-" }
    var reports: [ExchangeReport] = []
    do throws(CommandError) {
      for script in scripts {
        let client = try keys.client(for: script)
        let (keyed, directory) = try keys.keyed(for: script)
        let report = ExchangeRunner(
          client: client, run: String(run.prefix(12)), keyed: keyed, directory: directory
        ).run(script)
        if !invocation.has("json") { console.print(report.description) }
        reports.append(report)
      }
    } catch {
      keys.revoke()
      throw error
    }
    keys.revoke()
    show(reports, skipped)
    return reports.allSatisfy(\.passed) ? .success : .failure
  }

  /// The whole report as JSON; as text only what was skipped, because each report has been printed already.
  private func show(_ reports: [ExchangeReport], _ skipped: [ExchangeScript]) {
    let json: JSONValue = [
      "passed": .bool(reports.allSatisfy(\.passed)), "scripts": .array(reports.map(Self.json)),
      "skipped": .array(skipped.map { ["script": .string($0.name), "profile": .string($0.profile)] }),
    ]
    console.show(json, invocation) {
      skipped.map { script in
        let need =
          script.keys.isEmpty
          ? "a key of profile \(script.profile)" : "keys of its own, which only --data makes"
        return "skipped \(script.name): it needs \(need)\n"
      }.joined()
    }
  }

  /// The scripts that the arguments name, in their order; throws for a name that does not exist.
  private func chosenScripts() throws(CommandError) -> [ExchangeScript] {
    let all = SimulatorScripts.all
    guard !invocation.arguments.isEmpty else {
      throw CommandError(.usage, "SCRIPT is missing", advice: "See `scimd simulate --list`.")
    }
    if invocation.arguments == ["all"] { return all }
    var chosen: [ExchangeScript] = []
    for name in invocation.arguments {
      guard let script = all.first(where: { $0.name == name }) else {
        let nearest = NearestName.of(name, among: all.map(\.name)).map { "; did you mean \"\($0)\"?" } ?? ""
        throw CommandError(
          .usage, "no script \"\(name)\" exists\(nearest)", advice: "See `scimd simulate --list`.")
      }
      chosen.append(script)
    }
    return chosen
  }

  /// One script with all its steps; the answer's excerpt only for steps that failed.
  private static func json(_ report: ExchangeReport) -> JSONValue {
    let steps = report.steps.map { step -> JSONValue in
      var object: JSONObject = ["name": .string(step.name), "request": .string(step.request)]
      object["status"] = step.status.map { .integer(Int64($0)) } ?? .null
      switch step.outcome {
      case .passed: object["outcome"] = "passed"
      case .needless: object["outcome"] = "needless"
      case .skipped(let reason):
        object["outcome"] = "skipped"
        object["reasons"] = [.string(reason)]
      case .failed(let reasons):
        object["outcome"] = "failed"
        object["reasons"] = .array(reasons.map { .string($0) })
        object["excerpt"] = .string(step.excerpt)
      }
      return .object(object)
    }
    return ["script": .string(report.script), "passed": .bool(report.passed), "steps": .array(steps)]
  }
}
