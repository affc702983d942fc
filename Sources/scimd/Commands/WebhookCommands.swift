import Admin
import JSON
import SCIM

/// Where events are sent: `scimd webhook ...`.
enum WebhookCommands {
  static let all: [Command] = [
    create, list, show, update, act("pause", "Paused", "Send nothing until it is resumed"),
    act("resume", "Resumed", "Send again, also after it was disabled; nothing is left out"), rotate, test,
    attempts,
    resend, replay, delete, WebhookListen.command,
  ]

  static let argument = Command.Argument(name: "WEBHOOK", help: "The webhook's name or id.")

  private static let settings: [Command.Option] = [
    .init(
      name: "types", value: "TYPES", help: "Only these event types, with commas between them; \"\" for all."),
    .init(
      name: "connection", value: "NAME",
      help: "Only what this connection did, by name or id; \"\" for everything."),
    .init(
      name: "thin", value: "yes|no", help: "Send only what happened to whom, without values. Default: no."),
    .init(name: "timeout", value: "SECONDS", help: "How long the receiver may take, 1 to 60. Default: 15."),
    .init(name: "in-flight", value: "N", help: "Calls at the same time, 1 to 16. Default: 4."),
  ]

  private static let common = [ResourceCommands.directoryOption] + AdminClient.options + [Command.jsonOption]

  private static let create = Command(
    path: ["webhook", "create"], summary: "Send the events of a directory to a URL, as signed calls",
    details: [
      "Prints the secret that signs the calls, once. The receiver checks the signature and answers 2xx; everything else "
        + "is tried again (`scimd help feed`).",
      "Only https URLs of public addresses are called; the setting outboundAllow names networks that may be called in "
        + "addition, and with plain http.",
    ],
    arguments: [.init(name: "NAME", help: "What people call it.")],
    options: [.init(name: "url", value: "URL", help: "Where calls go.")] + settings + common,
    examples: [
      .init(does: "everything", line: "scimd webhook create billing --url https://billing.example.com/scimd"),
      .init(
        does: "only who leaves",
        line:
          "scimd webhook create gate --url https://gate.example.com/ --types user.deactivated,user.deleted"),
    ]
  ) { invocation, console throws(CommandError) in
    guard let url = invocation["url"] else { throw CommandError(.usage, "--url is missing") }
    var body = try body(invocation)
    body["name"] = .string(invocation.arguments[0])
    body["url"] = .string(url)
    return try AdminClient(invocation, console).answer(
      request(invocation, "POST", []).sending(.object(body)), WebhookText.created)
  }

  private static let list = Command(
    path: ["webhook", "list"], summary: "List the webhooks of a directory",
    options: [
      .init(name: "limit", value: "N", help: "Maximum results, 1 to 500. Default: 50."),
      .init(name: "cursor", value: "CURSOR", help: "Continue after the previous page."),
      ResourceCommands.wideOption,
    ] + common,
    examples: [.init(does: "all of them", line: "scimd webhook list")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).list(
      request(invocation, "GET", []), none: "No webhooks found. `scimd webhook create` makes one.",
      WebhookText.table)
  }

  private static let show = Command(
    path: ["webhook", "show"], summary: "Show a webhook and how far it is",
    arguments: [argument], options: common,
    examples: [.init(does: "one webhook", line: "scimd webhook show billing")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).answer(
      request(invocation, "GET", [invocation.arguments[0]]), WebhookText.lines)
  }

  private static let update = Command(
    path: ["webhook", "update"], summary: "Change the URL, the types or the limits of a webhook",
    arguments: [argument],
    options: [
      .init(name: "url", value: "URL", help: "Where calls go."),
      .init(name: "name", value: "NAME", help: "Another name."),
    ] + settings + common,
    examples: [
      .init(does: "another URL", line: "scimd webhook update billing --url https://new.example.com/scimd")
    ]
  ) { invocation, console throws(CommandError) in
    var body = try body(invocation)
    for name in ["url", "name"] { body[name] = invocation[name].map { .string($0) } }
    return try AdminClient(invocation, console).answer(
      request(invocation, "PATCH", [invocation.arguments[0]]).sending(.object(body)), done("Updated"))
  }

  private static func act(_ verb: String, _ done: String, _ summary: String) -> Command {
    Command(
      path: ["webhook", verb], summary: summary, arguments: [argument], options: common,
      examples: [.init(does: "at once", line: "scimd webhook \(verb) billing")]
    ) { invocation, console throws(CommandError) in
      try AdminClient(invocation, console).answer(
        request(invocation, "POST", [invocation.arguments[0], verb]), self.done(done))
    }
  }

  private static let rotate = Command(
    path: ["webhook", "rotate-secret"], summary: "Give a webhook a new secret, and print it once",
    details: ["For 24 hours calls are signed with both, so that the receiver can change in between."],
    arguments: [argument], options: common,
    examples: [.init(does: "a new secret", line: "scimd webhook rotate-secret billing")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).answer(
      request(invocation, "POST", [invocation.arguments[0], "rotate-secret"]), WebhookText.rotated)
  }

  private static let test = Command(
    path: ["webhook", "test"], summary: "Send a test call now, and show what came of it",
    arguments: [argument], options: common,
    examples: [.init(does: "does the receiver work?", line: "scimd webhook test billing")]
  ) { invocation, console throws(CommandError) in
    try attempt(request(invocation, "POST", [invocation.arguments[0], "test"]), invocation, console)
  }

  private static let attempts = Command(
    path: ["webhook", "attempts"], summary: "List the last calls of a webhook, newest first",
    details: ["The server keeps the last 500 of each webhook in memory, since its start."],
    arguments: [argument],
    options: [
      .init(name: "limit", value: "N", help: "Maximum results, 1 to 500. Default: 50."),
      .init(name: "cursor", value: "CURSOR", help: "Continue after the previous page."),
      ResourceCommands.wideOption,
    ] + common,
    examples: [.init(does: "what the receiver answered", line: "scimd webhook attempts billing")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).list(
      request(invocation, "GET", [invocation.arguments[0], "attempts"]),
      none: "No calls since the server started.",
      WebhookText.attempts)
  }

  private static let resend = Command(
    path: ["webhook", "resend"], summary: "Send an event once more now, and show what came of it",
    arguments: [argument, .init(name: "EVENT", help: "The event's id.")], options: common,
    examples: [.init(does: "one event", line: "scimd webhook resend billing evt_4gT0aZk9_42_0")]
  ) { invocation, console throws(CommandError) in
    try attempt(
      request(invocation, "POST", [invocation.arguments[0], "resend"])
        .sending(["event": .string(invocation.arguments[1])]), invocation, console)
  }

  private static let replay = Command(
    path: ["webhook", "replay"],
    summary: "Send everything since a time once more, when the webhook is resumed",
    details: ["The webhook must be paused or disabled. Receivers know repeated events by their ids."],
    arguments: [argument],
    options: [.init(name: "since", value: "TIME", help: "A time such as 2026-11-30T00:00:00Z.")] + common,
    examples: [.init(does: "today", line: "scimd webhook replay billing --since 2026-12-01T00:00:00Z")]
  ) { invocation, console throws(CommandError) in
    guard let since = invocation["since"] else { throw CommandError(.usage, "--since is missing") }
    return try AdminClient(invocation, console).answer(
      request(invocation, "POST", [invocation.arguments[0], "replay"]).sending(["since": .string(since)])
    ) { json in
      WebhookText.name("Set back", json) + "`scimd webhook resume` begins to send.\n"
    }
  }

  private static let delete = Command(
    path: ["webhook", "delete"], summary: "Delete a webhook and its place in the log", arguments: [argument],
    options: common, examples: [.init(does: "for good", line: "scimd webhook delete billing")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).answer(
      request(invocation, "DELETE", [invocation.arguments[0]]), done("Deleted"))
  }

  // MARK: Parts

  static func request(_ invocation: Invocation, _ method: String, _ rest: [String]) -> AdminRequest {
    .directory(ResourceCommands.directory(invocation), method, ["webhooks"] + rest)
  }

  private static func done(_ verb: String) -> (JSONValue) -> String { { WebhookText.name(verb, $0) } }

  /// Prints a call; exit code 1 if the receiver did not accept it.
  private static func attempt(
    _ request: AdminRequest, _ invocation: Invocation, _ console: Console
  ) throws(CommandError) -> ExitCode {
    let json = try AdminClient(invocation, console).send(request)
    console.show(json, invocation) { WebhookText.attempt(json) }
    return json["accepted"]?.boolValue == true ? .success : .failure
  }

  private static func body(_ invocation: Invocation) throws(CommandError) -> JSONObject {
    var body = JSONObject()
    if let types = invocation["types"] {
      body["types"] = .array(types.split(separator: ",").map { .string(String($0)) })
    }
    if let connection = invocation["connection"] {
      body["connection"] = connection.isEmpty ? .null : .string(connection)
    }
    if let text = invocation["thin"] {
      guard text == "yes" || text == "no" else {
        throw CommandError(.usage, "--thin: \"\(text)\" is neither yes nor no")
      }
      body["thin"] = .bool(text == "yes")
    }
    try addLimits(to: &body, invocation)
    return body
  }

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
