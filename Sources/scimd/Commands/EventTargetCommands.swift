import Admin
import JSON

/// The commands that webhooks and streams have in common.
struct EventTargetCommands: Sendable {
  /// `webhook`; its plural has an s.
  let noun: String
  /// The name of one in the examples.
  let example: String
  let table: @Sendable ([JSONValue]) -> TextTable
  let lines: @Sendable (JSONValue) -> String
  /// What was done to which one, from the verb.
  let sentence: @Sendable (_ verb: String, JSONValue) -> String

  static let options = [ResourceCommands.directoryOption] + AdminClient.options + [Command.jsonOption]

  /// What a receiver may take.
  static let limits: [Command.Option] = [
    .init(name: "timeout", value: "SECONDS", help: "How long the receiver may take, 1 to 60. Default: 15."),
    .init(name: "in-flight", value: "N", help: "Calls at the same time, 1 to 16. Default: 4."),
  ]

  private static let paging: [Command.Option] = [
    .init(name: "limit", value: "N", help: "Maximum results, 1 to 500. Default: 50."),
    .init(name: "cursor", value: "CURSOR", help: "Continue after the previous page."),
    ResourceCommands.wideOption,
  ]

  var argument: Command.Argument {
    .init(name: noun.uppercased(), help: "The \(noun)'s name or id.")
  }

  // MARK: Commands

  func list(_ summary: String) -> Command {
    Command(
      path: [noun, "list"], summary: summary, options: Self.paging + Self.options,
      examples: [.init(does: "all of them", line: "scimd \(noun) list")]
    ) { [self] invocation, console throws(CommandError) in
      try AdminClient(invocation, console).list(
        request(invocation, "GET", []), none: "No \(noun)s found. `scimd \(noun) create` makes one.", table)
    }
  }

  var show: Command {
    Command(
      path: [noun, "show"], summary: "Show a \(noun) and how far it is", arguments: [argument],
      options: Self.options, examples: [.init(does: "one \(noun)", line: "scimd \(noun) show \(example)")]
    ) { [self] invocation, console throws(CommandError) in
      try AdminClient(invocation, console).answer(of(invocation, "GET"), lines)
    }
  }

  func pause(_ summary: String) -> Command { act("pause", "Paused", summary) }

  func resume(_ summary: String) -> Command { act("resume", "Resumed", summary) }

  private func act(_ verb: String, _ done: String, _ summary: String) -> Command {
    Command(
      path: [noun, verb], summary: summary, arguments: [argument], options: Self.options,
      examples: [.init(does: "at once", line: "scimd \(noun) \(verb) \(example)")]
    ) { [self] invocation, console throws(CommandError) in
      try AdminClient(invocation, console).answer(of(invocation, "POST", verb), self.done(done))
    }
  }

  func attempts(_ summary: String) -> Command {
    Command(
      path: [noun, "attempts"], summary: summary,
      details: ["The server keeps the last 500 of each \(noun) in memory, since its start."],
      arguments: [argument], options: Self.paging + Self.options,
      examples: [.init(does: "what the receiver answered", line: "scimd \(noun) attempts \(example)")]
    ) { [self] invocation, console throws(CommandError) in
      try AdminClient(invocation, console).list(
        of(invocation, "GET", "attempts"), none: "No calls since the server started.", WebhookText.attempts)
    }
  }

  func delete(_ summary: String) -> Command {
    Command(
      path: [noun, "delete"], summary: summary, arguments: [argument], options: Self.options,
      examples: [.init(does: "for good", line: "scimd \(noun) delete \(example)")]
    ) { [self] invocation, console throws(CommandError) in
      try AdminClient(invocation, console).answer(of(invocation, "DELETE"), done("Deleted"))
    }
  }

  // MARK: Parts

  func request(_ invocation: Invocation, _ method: String, _ rest: [String]) -> AdminRequest {
    .directory(ResourceCommands.directory(invocation), method, ["\(noun)s"] + rest)
  }

  /// A request about the one that is named.
  func of(_ invocation: Invocation, _ method: String, _ verb: String...) -> AdminRequest {
    request(invocation, method, [invocation.arguments[0]] + verb)
  }

  func done(_ verb: String) -> (JSONValue) -> String { { sentence(verb, $0) } }

  /// Adds the options of `limits`.
  static func addLimits(to body: inout JSONObject, _ invocation: Invocation) throws(CommandError) {
    for (member, option) in [("timeout", "timeout"), ("inFlight", "in-flight")] {
      guard let text = invocation[option] else { continue }
      guard let number = Int64(text) else {
        throw CommandError(.usage, "--\(option): \"\(text)\" is not a whole number")
      }
      body[member] = .integer(number)
    }
  }
}
