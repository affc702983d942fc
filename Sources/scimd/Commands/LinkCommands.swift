import Admin
import JSON
import SCIM

/// Set-up links of connections.
enum LinkCommands {
  static let all: [Command] = [create, list, revoke]

  private static let connection = Command.Argument(
    name: "CONNECTION", help: "The connection, by id or name.")

  private static let create = Command(
    path: ["connection", "link", "create"],
    summary: "Create a link by which somebody without an account sets up a connection",
    details: [
      "The page of the link leads through the set-up at the provider, shows what has arrived, and can make one key. It "
        + "reaches nothing but this connection. It ends after 7 days, a day after everything works, or when it is revoked.",
      "Prints a ready-made message. With --email the server sends it, if the setting mailCommand names a mailer; the "
        + "address is not kept.",
    ],
    arguments: [connection],
    options: [
      Command.Option(name: "email", value: "ADDRESS", help: "Who gets the message."),
      ResourceCommands.directoryOption,
    ] + AdminClient.options + [Command.jsonOption],
    examples: [
      Command.Example(
        does: "for the administrator of Okta",
        line: "scimd connection link create Okta --email it@example.com")
    ]
  ) { invocation, console throws(CommandError) in
    var body = JSONObject()
    if let email = invocation["email"] { body["email"] = .string(email) }
    let request = request("POST", invocation, [invocation.arguments[0], "links"]).sending(.object(body))
    return try AdminClient(invocation, console).answer(request, SetupLinkReport.init, created)
  }

  private static let list = Command(
    path: ["connection", "link", "list"], summary: "List the set-up links of a connection",
    arguments: [connection],
    options: [
      Command.Option(name: "limit", value: "N", help: "Maximum results, 1 to 500. Default: 50."),
      Command.Option(name: "cursor", value: "CURSOR", help: "Continue after the previous page."),
      ResourceCommands.wideOption, ResourceCommands.directoryOption,
    ] + AdminClient.options + [Command.jsonOption],
    examples: [Command.Example(does: "a table", line: "scimd connection link list Okta")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).list(
      request("GET", invocation, [invocation.arguments[0], "links"]), SetupLinkReport.init,
      none: "The connection has no set-up links. `scimd connection link create` creates one.", table)
  }

  private static let revoke = Command(
    path: ["connection", "link", "revoke"], summary: "End a set-up link at once",
    arguments: [connection, Command.Argument(name: "LINK", help: "The link, by its id.")],
    options: [ResourceCommands.directoryOption] + AdminClient.options + [Command.jsonOption],
    examples: [
      Command.Example(does: "one link", line: "scimd connection link revoke Okta link_4ks81mXw2LpQ")
    ]
  ) { invocation, console throws(CommandError) in
    let request = request("DELETE", invocation, [invocation.arguments[0], "links", invocation.arguments[1]])
    return try AdminClient(invocation, console).answer(request, SetupLinkReport.init) { link in
      "Ended the set-up link \(link.id).\n"
    }
  }

  // MARK: Parts

  private static func request(_ method: String, _ invocation: Invocation, _ rest: [String]) -> AdminRequest {
    .directory(ResourceCommands.directory(invocation), method, ["connections"] + rest)
  }

  private static func created(_ link: SetupLinkReport) -> String {
    var text = "Created the set-up link \(link.id). It is shown only once:\n\n  \(link.url ?? "")\n\n"
    switch link.isSent {
    case true?: return text + "The message was handed to the mailer.\n"
    case false?:
      text += "The mailer (mailCommand) did not take the message; send it yourself:\n\n"
    case nil: text += "Send this message to the person who sets it up:\n\n"
    }
    for line in (link.message ?? "").split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      text += line.isEmpty ? "\n" : "  \(line)\n"
    }
    return text + "\nOr open it in your mail program:\n\n  \(link.mailto ?? "")\n"
  }

  private static func table(_ links: [SetupLinkReport]) -> TextTable {
    TextTable(
      [["ID", "STATE", "OPENED", "MADE A KEY", "EXPIRES", "BY"]]
        + links.map { link in
          [
            link.id, link.state, link.used?.description ?? "never", link.madeKey ? "yes" : "no",
            link.expires.description, link.createdBy ?? "",
          ]
        })
  }
}
