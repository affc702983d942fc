import Admin
import JSON
import SCIM

/// Streams of signed event tokens: `scimd stream ...`.
enum StreamCommands {
  static let all: [Command] = [
    create, list, show, update, act("pause", "Paused", "Give out nothing until the stream is resumed"),
    act("resume", "Resumed", "Give out tokens again, also after it was disabled; nothing is left out"),
    rotate,
    attempts, delete,
  ]

  private static let argument = Command.Argument(name: "STREAM", help: "The stream's name or id.")

  private static let settings: [Command.Option] = [
    .init(
      name: "audience", value: "AUDIENCES", help: "Whom the tokens are for (aud), with commas between them."),
    .init(
      name: "events", value: "EVENTS",
      help: "Only these events, such as prov:delete,prov:patch:full, with commas between them. Default: all, "
        + "without values (notice)."),
    .init(name: "algorithm", value: "ES256|EdDSA", help: "How tokens are signed. Default: ES256."),
    .init(name: "timeout", value: "SECONDS", help: "How long the receiver may take, 1 to 60. Default: 15."),
    .init(name: "in-flight", value: "N", help: "Calls at the same time, 1 to 16. Default: 4."),
  ]

  private static let common = [ResourceCommands.directoryOption] + AdminClient.options + [Command.jsonOption]

  private static let create = Command(
    path: ["stream", "create"], summary: "Give out the events of a directory as signed tokens (RFC 9967)",
    details: [
      "With --url tokens are pushed there (RFC 8935). Without it a receiver fetches them (RFC 8936), with a key that has "
        + "the scope api.events.read.",
      "Receivers verify tokens with the keys at /.well-known/jwks.json. Signing needs OpenSSL 3 (libssl3).",
    ],
    arguments: [.init(name: "NAME", help: "What people call it.")],
    options: [.init(name: "url", value: "URL", help: "Where tokens are pushed.")] + settings + common,
    examples: [
      .init(
        does: "a receiver that is called",
        line:
          "scimd stream create partner --url https://partner.example.com/events --audience https://partner.example.com"
      ),
      .init(
        does: "a receiver that asks, and only who leaves",
        line: "scimd stream create audit --audience audit --events prov:deactivate,prov:delete"),
    ]
  ) { invocation, console throws(CommandError) in
    guard invocation["audience"] != nil else { throw CommandError(.usage, "--audience is missing") }
    var body = try body(invocation)
    body["name"] = .string(invocation.arguments[0])
    return try AdminClient(invocation, console).answer(
      request(invocation, "POST", []).sending(.object(body)), StreamText.created)
  }

  private static let list = Command(
    path: ["stream", "list"], summary: "List the streams of event tokens of a directory",
    options: [
      .init(name: "limit", value: "N", help: "Maximum results, 1 to 500. Default: 50."),
      .init(name: "cursor", value: "CURSOR", help: "Continue after the previous page."),
      ResourceCommands.wideOption,
    ] + common,
    examples: [.init(does: "all of them", line: "scimd stream list")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).list(
      request(invocation, "GET", []), none: "No streams found. `scimd stream create` makes one.",
      StreamText.table)
  }

  private static let show = Command(
    path: ["stream", "show"], summary: "Show a stream and how far it is",
    arguments: [argument], options: common,
    examples: [.init(does: "one stream", line: "scimd stream show partner")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).answer(
      request(invocation, "GET", [invocation.arguments[0]]), StreamText.lines)
  }

  private static let update = Command(
    path: ["stream", "update"], summary: "Change the audience, the events or the limits of a stream",
    arguments: [argument],
    options: [
      .init(name: "url", value: "URL", help: "Where tokens are pushed."),
      .init(name: "name", value: "NAME", help: "Another name."),
    ] + settings + common,
    examples: [
      .init(
        does: "with values", line: "scimd stream update partner --events prov:create:full,prov:patch:full")
    ]
  ) { invocation, console throws(CommandError) in
    var body = try body(invocation)
    body["name"] = invocation["name"].map { .string($0) }
    return try AdminClient(invocation, console).answer(
      request(invocation, "PATCH", [invocation.arguments[0]]).sending(.object(body)), done("Updated"))
  }

  private static func act(_ verb: String, _ done: String, _ summary: String) -> Command {
    Command(
      path: ["stream", verb], summary: summary, arguments: [argument], options: common,
      examples: [.init(does: "at once", line: "scimd stream \(verb) partner")]
    ) { invocation, console throws(CommandError) in
      try AdminClient(invocation, console).answer(
        request(invocation, "POST", [invocation.arguments[0], verb]), self.done(done))
    }
  }

  private static let rotate = Command(
    path: ["stream", "rotate-key"], summary: "Sign the tokens of a stream with a new key",
    details: [
      "For 24 hours the old public key is published too, so that tokens on their way can be verified."
    ],
    arguments: [argument], options: common,
    examples: [.init(does: "a new key", line: "scimd stream rotate-key partner")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).answer(
      request(invocation, "POST", [invocation.arguments[0], "rotate-key"]), StreamText.rotated)
  }

  private static let attempts = Command(
    path: ["stream", "attempts"],
    summary: "List the last calls of a stream, and what its receiver refused, newest first",
    details: ["The server keeps the last 500 of each stream in memory, since its start."],
    arguments: [argument],
    options: [
      .init(name: "limit", value: "N", help: "Maximum results, 1 to 500. Default: 50."),
      .init(name: "cursor", value: "CURSOR", help: "Continue after the previous page."),
      ResourceCommands.wideOption,
    ] + common,
    examples: [.init(does: "what the receiver answered", line: "scimd stream attempts partner")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).list(
      request(invocation, "GET", [invocation.arguments[0], "attempts"]),
      none: "No calls since the server started.", WebhookText.attempts)
  }

  private static let delete = Command(
    path: ["stream", "delete"], summary: "Delete a stream, its key and its place in the log",
    arguments: [argument], options: common,
    examples: [.init(does: "for good", line: "scimd stream delete partner")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).answer(
      request(invocation, "DELETE", [invocation.arguments[0]]), done("Deleted"))
  }

  // MARK: Parts

  private static func request(_ invocation: Invocation, _ method: String, _ rest: [String]) -> AdminRequest {
    .directory(ResourceCommands.directory(invocation), method, ["streams"] + rest)
  }

  private static func done(_ verb: String) -> (JSONValue) -> String { { StreamText.name(verb, $0) } }

  private static func body(_ invocation: Invocation) throws(CommandError) -> JSONObject {
    var body = JSONObject()
    for name in ["url", "algorithm"] { body[name] = invocation[name].map { .string($0) } }
    for name in ["audience", "events"] {
      guard let text = invocation[name] else { continue }
      body[name] = .array(text.split(separator: ",").map { .string(String($0)) })
    }
    try WebhookCommands.addLimits(to: &body, invocation)
    return body
  }
}
