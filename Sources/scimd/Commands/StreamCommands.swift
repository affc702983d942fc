import Admin
import JSON
import SCIM

/// Streams of signed event tokens: `scimd stream ...`.
enum StreamCommands {
  static let all: [Command] = [
    create, target.list("List the streams of event tokens of a directory"), target.show, update,
    target.pause("Give out nothing until the stream is resumed"),
    target.resume("Give out tokens again, also after it was disabled; nothing is left out"), rotate,
    target.attempts("List the last calls of a stream, and what its receiver refused, newest first"),
    target.delete("Delete a stream, its key and its place in the log"),
  ]

  private static let target = EventTargetCommands(
    noun: "stream", example: "partner", table: { StreamText.table($0) }, lines: { StreamText.lines($0) },
    sentence: { StreamText.name($0, $1) })

  private static let settings: [Command.Option] =
    [
      .init(
        name: "audience", value: "AUDIENCES", help: "Whom the tokens are for (aud), with commas between them."
      ),
      .init(
        name: "events", value: "EVENTS",
        help:
          "Only these events, such as prov:delete,prov:patch:full, with commas between them. Default: all, "
          + "without values (notice)."),
      .init(name: "algorithm", value: "ES256|EdDSA", help: "How tokens are signed. Default: ES256."),
    ] + EventTargetCommands.limits

  private static let create = Command(
    path: ["stream", "create"], summary: "Give out the events of a directory as signed tokens (RFC 9967)",
    details: [
      "With --url tokens are pushed there (RFC 8935). Without it a receiver fetches them (RFC 8936), with a key that has "
        + "the scope api.events.read.",
      "Receivers verify tokens with the keys at /.well-known/jwks.json. Signing needs OpenSSL 3 (libssl3).",
    ],
    arguments: [.init(name: "NAME", help: "What people call it.")],
    options: [.init(name: "url", value: "URL", help: "Where tokens are pushed.")] + settings
      + EventTargetCommands.options,
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
      target.request(invocation, "POST", []).sending(.object(body)), StreamText.created)
  }

  private static let update = Command(
    path: ["stream", "update"], summary: "Change the audience, the events or the limits of a stream",
    arguments: [target.argument],
    options: [
      .init(name: "url", value: "URL", help: "Where tokens are pushed."),
      .init(name: "name", value: "NAME", help: "Another name."),
    ] + settings + EventTargetCommands.options,
    examples: [
      .init(
        does: "with values", line: "scimd stream update partner --events prov:create:full,prov:patch:full")
    ]
  ) { invocation, console throws(CommandError) in
    var body = try body(invocation)
    body["name"] = invocation["name"].map { .string($0) }
    return try AdminClient(invocation, console).answer(
      target.of(invocation, "PATCH").sending(.object(body)), target.done("Updated"))
  }

  private static let rotate = Command(
    path: ["stream", "rotate-key"], summary: "Sign the tokens of a stream with a new key",
    details: [
      "For 24 hours the old public key is published too, so that tokens on their way can be verified."
    ],
    arguments: [target.argument], options: EventTargetCommands.options,
    examples: [.init(does: "a new key", line: "scimd stream rotate-key partner")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).answer(
      target.of(invocation, "POST", "rotate-key"), StreamText.rotated)
  }

  // MARK: Parts

  private static func body(_ invocation: Invocation) throws(CommandError) -> JSONObject {
    var body = JSONObject()
    for name in ["url", "algorithm"] { body[name] = invocation[name].map { .string($0) } }
    for name in ["audience", "events"] {
      guard let text = invocation[name] else { continue }
      body[name] = .array(text.split(separator: ",").map { .string(String($0)) })
    }
    try EventTargetCommands.addLimits(to: &body, invocation)
    return body
  }
}
