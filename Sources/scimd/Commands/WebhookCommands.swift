import Admin
import JSON
import SCIM

/// Where events are sent: `scimd webhook ...`.
enum WebhookCommands {
  static let all: [Command] = [
    create, target.list("List the webhooks of a directory"), target.show, update,
    target.pause("Send nothing until it is resumed"),
    target.resume("Send again, also after it was disabled; nothing is left out"), rotate, test,
    target.attempts("List the last calls of a webhook, newest first"), resend, replay,
    target.delete("Delete a webhook and its place in the log"), WebhookListen.command,
  ]

  private static let target = EventTargetCommands(
    noun: "webhook", example: "billing", table: { WebhookText.table($0) }, lines: { WebhookText.lines($0) },
    sentence: { WebhookText.name($0, $1) })

  private static let settings: [Command.Option] =
    [
      .init(
        name: "types", value: "TYPES", help: "Only these event types, with commas between them; \"\" for all."
      ),
      .init(
        name: "connection", value: "NAME",
        help: "Only what this connection did, by name or id; \"\" for everything."),
      .init(
        name: "thin", value: "yes|no", help: "Send only what happened to whom, without values. Default: no."),
    ] + EventTargetCommands.limits

  private static let create = Command(
    path: ["webhook", "create"], summary: "Send the events of a directory to a URL, as signed calls",
    details: [
      "Prints the secret that signs the calls, once. The receiver checks the signature and answers 2xx; everything else "
        + "is tried again (`scimd help feed`).",
      "Only https URLs of public addresses are called; the setting outboundAllow names networks that may be called in "
        + "addition, and with plain http.",
    ],
    arguments: [.init(name: "NAME", help: "What people call it.")],
    options: [.init(name: "url", value: "URL", help: "Where calls go.")] + settings
      + EventTargetCommands.options,
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
      target.request(invocation, "POST", []).sending(.object(body)), WebhookText.created)
  }

  private static let update = Command(
    path: ["webhook", "update"], summary: "Change the URL, the types or the limits of a webhook",
    arguments: [target.argument],
    options: [
      .init(name: "url", value: "URL", help: "Where calls go."),
      .init(name: "name", value: "NAME", help: "Another name."),
    ] + settings + EventTargetCommands.options,
    examples: [
      .init(does: "another URL", line: "scimd webhook update billing --url https://new.example.com/scimd")
    ]
  ) { invocation, console throws(CommandError) in
    var body = try body(invocation)
    for name in ["url", "name"] { body[name] = invocation[name].map { .string($0) } }
    return try AdminClient(invocation, console).answer(
      target.of(invocation, "PATCH").sending(.object(body)), target.done("Updated"))
  }

  private static let rotate = Command(
    path: ["webhook", "rotate-secret"], summary: "Give a webhook a new secret, and print it once",
    details: ["For 24 hours calls are signed with both, so that the receiver can change in between."],
    arguments: [target.argument], options: EventTargetCommands.options,
    examples: [.init(does: "a new secret", line: "scimd webhook rotate-secret billing")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).answer(
      target.of(invocation, "POST", "rotate-secret"), WebhookText.rotated)
  }

  private static let test = Command(
    path: ["webhook", "test"], summary: "Send a test call now, and show what came of it",
    arguments: [target.argument], options: EventTargetCommands.options,
    examples: [.init(does: "does the receiver work?", line: "scimd webhook test billing")]
  ) { invocation, console throws(CommandError) in
    try attempt(target.of(invocation, "POST", "test"), invocation, console)
  }

  private static let resend = Command(
    path: ["webhook", "resend"], summary: "Send an event once more now, and show what came of it",
    arguments: [target.argument, .init(name: "EVENT", help: "The event's id.")],
    options: EventTargetCommands.options,
    examples: [.init(does: "one event", line: "scimd webhook resend billing evt_4gT0aZk9_42_0")]
  ) { invocation, console throws(CommandError) in
    try attempt(
      target.of(invocation, "POST", "resend")
        .sending(["event": .string(invocation.arguments[1])]), invocation, console)
  }

  private static let replay = Command(
    path: ["webhook", "replay"],
    summary: "Send everything since a time once more, when the webhook is resumed",
    details: ["The webhook must be paused or disabled. Receivers know repeated events by their ids."],
    arguments: [target.argument],
    options: [.init(name: "since", value: "TIME", help: "A time such as 2026-11-30T00:00:00Z.")]
      + EventTargetCommands.options,
    examples: [.init(does: "today", line: "scimd webhook replay billing --since 2026-12-01T00:00:00Z")]
  ) { invocation, console throws(CommandError) in
    guard let since = invocation["since"] else { throw CommandError(.usage, "--since is missing") }
    return try AdminClient(invocation, console).answer(
      target.of(invocation, "POST", "replay").sending(["since": .string(since)])
    ) { json in
      WebhookText.name("Set back", json) + "`scimd webhook resume` begins to send.\n"
    }
  }

  // MARK: Parts

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
    try EventTargetCommands.addLimits(to: &body, invocation)
    return body
  }
}
