import Admin
import JSON
import Platform
import SCIM

/// The console in the browser: the link that signs in, and the sessions.
enum ConsoleCommands {
  static let all: [Command] = [open, list, end]

  private static let open = Command(
    path: ["console"], summary: "Print a link that signs a browser in to the console",
    details: [
      "The link works once, within a minute, and only from this machine unless --remote is given. The session ends after "
        + "12 hours, or after an hour without a request; `scimd session list` shows the sessions.",
      "If no listener of the server has the console, the command forwards a port of this machine to the server's socket "
        + "until Ctrl-C.",
    ],
    options: [
      Command.Option(name: "viewer", help: "A session that can only read."),
      Command.Option(name: "remote", help: "Let another machine use the link."),
    ] + AdminClient.options + [Command.jsonOption],
    examples: [
      Command.Example(does: "on this machine", line: "scimd console"),
      Command.Example(does: "for somebody who only looks", line: "scimd console --viewer"),
    ]
  ) { invocation, console throws(CommandError) in
    let client = try AdminClient(invocation, console)
    guard client.isRemote || client.isServed else {
      // A folder that cannot be read is reported as by every other command.
      _ = try client.send(.root("GET", "sessions"))
      throw CommandError(
        .unavailable, "no server runs on this data folder, so nothing serves the console",
        advice: "Start it (`scimd serve`), then `scimd console`.")
    }
    let body: JSONValue = [
      "viewer": .bool(invocation.has("viewer")), "remote": .bool(invocation.has("remote")),
    ]
    let request = AdminRequest.root("POST", "console", "links").sending(body)
    let (json, link) = try client.send(request, ConsoleLinkReport.init)
    if let url = client.remoteURL.map({ $0 + "/console/" }) ?? link.url {
      console.show(json, invocation) { text(url, link) }
      return .success
    }
    return try forward(link, client, invocation, console)
  }

  /// The link alone on standard output, so that other programs can take it.
  private static func text(_ url: String, _ link: ConsoleLinkReport) -> String {
    "\(url)#\(link.secret)\n"
  }

  /// Forwards until Ctrl-C.
  private static func forward(
    _ link: ConsoleLinkReport, _ client: AdminClient, _ invocation: Invocation, _ console: Console
  ) throws(CommandError) -> ExitCode {
    let socket = try ControlSocket.consolePath(in: client.configuration.data)
    guard !client.isRemote, FileSystem.exists(socket) else {
      throw CommandError(
        .unavailable, "no listener of the server has the console",
        advice: "Add one (--admin-listen 127.0.0.1:8081), or run `scimd console` on the server's machine.")
    }
    let interruption = Interruption()
    let forwarder: PortForwarder
    do throws(SystemError) { forwarder = try PortForwarder(to: socket) } catch {
      throw CommandError(.inputOutput, "\(error)")
    }
    console.write(.output, text("http://127.0.0.1:\(forwarder.port)/console/", link))
    console.printError("Forwarding port \(forwarder.port) to the server until Ctrl-C.")
    forwarder.run { interruption.isRequested }
    return .interrupted
  }

  // MARK: Sessions

  private static let list = Command(
    path: ["session", "list"], summary: "List the sessions of the console",
    options: [
      Command.Option(name: "limit", value: "N", help: "Maximum results, 1 to 500. Default: 50."),
      Command.Option(name: "cursor", value: "CURSOR", help: "Continue after the previous page."),
      ResourceCommands.wideOption,
    ] + AdminClient.options + [Command.jsonOption],
    examples: [Command.Example(does: "a table", line: "scimd session list")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).list(
      .root("GET", "sessions"), SessionReport.init,
      none: "Nobody is signed in to the console. `scimd console` prints a link.", table)
  }

  private static let end = Command(
    path: ["session", "end"], summary: "End a session of the console at once",
    arguments: [Command.Argument(name: "SESSION", help: "The session, by its id.")],
    options: AdminClient.options + [Command.jsonOption],
    examples: [Command.Example(does: "one session", line: "scimd session end session_4ks81mXw2LpQ")]
  ) { invocation, console throws(CommandError) in
    let request = AdminRequest.root("DELETE", "sessions", invocation.arguments[0])
    return try AdminClient(invocation, console).answer(request, SessionReport.init) { session in
      "Ended the session \(session.id) of \(TerminalText.value(session.by)).\n"
    }
  }

  private static func table(_ sessions: [SessionReport]) -> TextTable {
    TextTable(
      [["ID", "BY", "MAY", "DIRECTORY", "FROM", "LAST REQUEST"]]
        + sessions.map { session in
          [
            session.id, session.by, session.isViewer ? "read" : "write", session.directory ?? "all",
            session.remote, session.seen.description,
          ]
        })
  }
}
