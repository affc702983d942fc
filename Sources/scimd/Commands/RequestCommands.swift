import Admin
import Credentials
import JSON
import Platform
import SCIM

/// The last requests: `scimd requests ...`.
enum RequestCommands {
  static let all: [Command] = [list, show, curl, replay]

  private static let directoryOption = Command.Option(
    name: "directory", value: "NAME",
    help: "Requests of this directory only. Without it: of all, and those without a known key.")

  private static let argument = Command.Argument(
    name: "ID", help: "The request's id: in the error that the client got, and in `scimd requests list`.")

  private static let filters: [Command.Option] = [
    .init(
      name: "status", value: "STATUS", help: "Only this status, such as 404, or this class, such as 4xx."),
    .init(name: "connection", value: "NAME", help: "Only requests of this connection, by id or name."),
    .init(name: "key-id", value: "ID", help: "Only requests with this key."),
    .init(name: "user", value: "USER", help: "Only requests about this user, by id or userName."),
    .init(name: "since", value: "SPAN", help: "Only requests since then: 30m, 1h, 2d, or a date and time."),
  ]

  private static let list = Command(
    path: ["requests", "list"], summary: "List the last requests, or follow new ones as they arrive",
    details: [
      "Newest first; with --follow new ones at the end, until Ctrl-C. The server keeps the last 50,000 requests of each "
        + "directory for 14 days and masks values (`scimd help troubleshooting`)."
    ],
    options: [directoryOption] + filters + [
      .init(name: "follow", help: "Print new requests as they arrive."),
      .init(name: "limit", value: "N", help: "Maximum results, 1 to 500. Default: 50."),
      .init(name: "cursor", value: "CURSOR", help: "Continue after the previous page."),
      ResourceCommands.wideOption,
    ] + AdminClient.options + [Command.jsonOption],
    examples: [
      .init(does: "what was refused in the last hour", line: "scimd requests list --status 4xx --since 1h"),
      .init(does: "watch a connection", line: "scimd requests list --follow --connection entra"),
    ]
  ) { invocation, console throws(CommandError) in
    let client = try AdminClient(invocation, console)
    guard !invocation.has("follow") else { return try follow(client, invocation, console) }
    return try client.list(
      try filtered(request(invocation), invocation, console), none: "No such requests are kept.",
      RequestText.table)
  }

  private static let show = Command(
    path: ["requests", "show"],
    summary: "Explain a request: who asked for what, what changed or why it was refused, and what to do",
    arguments: [argument], options: [directoryOption] + AdminClient.options + [Command.jsonOption],
    examples: [.init(does: "one request", line: "scimd requests show 4bf0b9fc-17")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).answer(
      request(invocation, [invocation.arguments[0]]), RequestText.lines)
  }

  private static let curl = Command(
    path: ["requests", "curl"], summary: "Print a command that repeats a request, without its key",
    details: [
      "Put the key into the variable SCIM_KEY. Values that the server masked stay masked: replace them before you run it."
    ],
    arguments: [argument], options: [directoryOption] + AdminClient.options,
    examples: [.init(does: "a request as a command", line: "scimd requests curl 4bf0b9fc-17")]
  ) { invocation, console throws(CommandError) in
    let json = try AdminClient(invocation, console).send(request(invocation, [invocation.arguments[0]]))
    guard let command = json["curl"]?.stringValue else {
      throw CommandError(
        .failure, "request \(invocation.arguments[0]) cannot be repeated: it was not valid HTTP")
    }
    console.print(TerminalText.value(command))
    return .success
  }

  private static let replay = Command(
    path: ["requests", "replay"], summary: "Try a request again, and show what it would do now",
    details: [
      "The request runs on a copy of the directory with the rules of its key, and nothing is stored. Values that the "
        + "server masked stay masked; with the setting requestValues=all none are. To really repeat a request, use "
        + "`scimd requests curl`."
    ],
    arguments: [argument],
    options: [
      .init(name: "dry-run", help: "Required: the request is only tried."), ResourceCommands.directoryOption,
    ] + AdminClient.options + [Command.jsonOption],
    examples: [.init(does: "what it would do now", line: "scimd requests replay 4bf0b9fc-17 --dry-run")]
  ) { invocation, console throws(CommandError) in
    guard invocation.has("dry-run") else {
      throw CommandError(
        .usage, "requests are only tried, not repeated: add --dry-run",
        advice: "`scimd requests curl \(invocation.arguments[0])` prints a command that repeats it.")
    }
    let request = AdminRequest.directory(
      ResourceCommands.directory(invocation), "GET", ["requests", invocation.arguments[0], "replay"])
    return try AdminClient(invocation, console).answer(request, RequestText.trial)
  }

  // MARK: Parts

  static func request(_ invocation: Invocation, _ rest: [String] = []) -> AdminRequest {
    if let directory = invocation["directory"] { return .directory(directory, "GET", ["requests"] + rest) }
    return AdminRequest("GET", ["admin", "v1", "requests"] + rest)
  }

  private static func filtered(
    _ request: AdminRequest, _ invocation: Invocation, _ console: Console
  ) throws(CommandError) -> AdminRequest {
    var request = request
    request.set("status", invocation["status"])
    request.set("connection", invocation["connection"])
    request.set("key", invocation["key-id"])
    request.set("user", invocation["user"])
    request.set(
      "since", try invocation["since"].map { text throws(CommandError) in try since(text, console) })
    return request
  }

  /// A span before now, or a time as it is.
  private static func since(_ text: String, _ console: Console) throws(CommandError) -> String {
    if let span = TimeSpan(text)?.milliseconds {
      return DateTime(milliseconds: console.environment.now() - span).description
    }
    guard DateTime(text) != nil else {
      throw CommandError(
        .usage,
        "--since: \"\(text)\" is neither a span such as 30m, 1h or 2d nor a time such as 2027-01-31T00:00:00Z"
      )
    }
    return text
  }

  /// Prints new requests until the server ends the stream or the process is interrupted.
  private static func follow(
    _ client: AdminClient, _ invocation: Invocation, _ console: Console
  ) throws(CommandError) -> ExitCode {
    try client.requireServer(for: "requests to follow")
    var events = EventLines()
    let request = try filtered(request(invocation, ["watch"]), invocation, console)
    try client.stream(request) { bytes in
      for data in events.take(bytes) {
        guard let json = try? JSONParser.parse(data) else { continue }
        if let dropped = json["dropped"]?.integerValue {
          console.printError("\(dropped) requests are not shown: they came too fast")
        } else {
          console.print(invocation.has("json") ? json.serializedText : RequestText.line(json))
        }
      }
      return true
    }
    return .success
  }
}
