import Admin
import JSON
import SCIM

extension Command {
  static let connections: [Command] = [
    connectionCreate, connectionList, connectionShow, connectionUpdate, connectionPaused(true),
    connectionPaused(false), connectionTakeOver,
  ]

  private static let connectionArgument = Argument(
    name: "CONNECTION", help: "The connection, by id or name.")

  private static let providers = Profile.all.map(\.name).joined(separator: ", ")

  private static let rolesOption = Option(
    name: "assignable-roles", value: "ROLES",
    help:
      "Roles that it can give by the roles of its users, by value, separated by commas; \"\" for none. The "
      + "directory's policy rolesFromIdp has to allow it. Default: none.")

  private static let connectionCreate = Command(
    path: ["connection", "create"], summary: "Set up an identity provider on a directory",
    details: [
      "Prints the base URL and the connection's first key, only once; just the key's digest is stored. The connection "
        + "manages every resource created with one of its keys. `scimd key create --connection` creates another key."
    ],
    options: [
      Option(name: "name", value: "NAME", help: "A name for people to read.", isRequired: true),
      Option(name: "provider", value: "PROVIDER", help: "One of \(providers).", isRequired: true),
      Option(name: "description", value: "TEXT", help: "A free text about it."),
      scopesOption,
      Option(
        name: "expires", value: "WHEN", help: "When its key expires: \(Expiry.help). \(Expiry.standard)"),
      Option(
        name: "networks", value: "NETWORKS",
        help: "Addresses and networks its key is accepted from, separated by commas. Default: everywhere."),
      rolesOption,
      Option(
        name: "replaces", value: "CONNECTION",
        help: "Take over everything that this connection manages, and pause it; see connection take-over."),
      RoleCommands.forceOption, SecretFile.option, ResourceCommands.directoryOption,
    ] + AdminClient.options + [jsonOption],
    examples: [
      Example(does: "Okta", line: "scimd connection create --name Okta --provider okta"),
      Example(
        does: "Entra ID for a second customer",
        line: "scimd connection create --name Entra --provider entra --directory contoso"),
      Example(
        does: "Entra ID in place of Okta",
        line: "scimd connection create --name Entra --provider entra --replaces Okta"),
    ]
  ) { invocation, console throws(CommandError) in
    var creation = ConnectionCreation(
      name: invocation["name"] ?? "", provider: invocation["provider"] ?? "")
    creation.description = invocation["description"]
    creation.scopes = scopes(invocation)
    creation.networks = networks(invocation) ?? []
    creation.assignableRoles = networks(invocation, "assignable-roles") ?? []
    creation.replaces = invocation["replaces"]
    creation.expires = try Expiry.creation(invocation, console)
    var request = connectionRequest("POST", invocation).sending(creation.json)
    request.set("force", invocation.has("force"))
    let ((json, report), place) = try SecretFile.kept(invocation, secret: { $0.report.key }) {
      () throws(CommandError) in
      try AdminClient(invocation, console).send(request, ConnectionReport.init)
    }
    return SecretFile.show(
      json, secretIn: place, invocation, console, ConnectionText.created(report, secretIn: place))
  }

  private static let connectionList = Command(
    path: ["connection", "list"], summary: "List the connections of a directory",
    options: [
      Option(name: "limit", value: "N", help: "Maximum results, 1 to 500. Default: 50."),
      Option(name: "cursor", value: "CURSOR", help: "Continue after the previous page."),
      ResourceCommands.wideOption, ResourceCommands.directoryOption,
    ] + AdminClient.options + [jsonOption],
    examples: [Example(does: "a table", line: "scimd connection list")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).list(
      connectionRequest("GET", invocation), ConnectionReport.init,
      none:
        "The directory \(ResourceCommands.directory(invocation)) has no connections. `scimd connection create --name "
        + "NAME --provider PROVIDER` creates one.",
      ConnectionText.table)
  }

  private static let connectionShow = Command(
    path: ["connection", "show"], summary: "Show a connection, its keys, and how much it manages",
    arguments: [connectionArgument],
    options: [ResourceCommands.directoryOption] + AdminClient.options + [jsonOption],
    examples: [Example(does: "one connection", line: "scimd connection show Okta")]
  ) { invocation, console throws(CommandError) in
    let request = connectionRequest("GET", invocation, [invocation.arguments[0]])
    return try AdminClient(invocation, console).answer(request, ConnectionReport.init) { connection in
      ConnectionText.lines(connection, width: console.columns())
    }
  }

  private static let connectionUpdate = Command(
    path: ["connection", "update"],
    summary: "Change the name, provider, description or assignable roles of a connection",
    details: ["Its keys use the new provider's profile. An empty text removes the description."],
    arguments: [connectionArgument],
    options: [
      Option(name: "name", value: "NAME", help: "A name for people to read."),
      Option(name: "provider", value: "PROVIDER", help: "One of \(providers)."),
      Option(name: "description", value: "TEXT", help: "A free text about it."),
      rolesOption,
      Option(name: "if-match", value: "VERSION", help: "Only if the connection still has this version."),
      ResourceCommands.directoryOption,
    ] + AdminClient.options + [jsonOption],
    examples: [Example(does: "a new name", line: "scimd connection update Okta --name \"Okta (old)\"")]
  ) { invocation, console throws(CommandError) in
    var change = ConnectionChange()
    change.name = invocation["name"]
    change.provider = invocation["provider"]
    change.description = invocation["description"].map { $0.isEmpty ? nil : $0 }
    change.assignableRoles = networks(invocation, "assignable-roles")
    var request = connectionRequest("PATCH", invocation, [invocation.arguments[0]]).sending(change.json)
    request.ifMatch = invocation["if-match"]
    return try changed(request, "Updated", invocation, console)
  }

  /// `connection pause` and `connection resume`.
  private static func connectionPaused(_ isPaused: Bool) -> Command {
    let verb = isPaused ? "pause" : "resume"
    return Command(
      path: ["connection", verb],
      summary: isPaused
        ? "Answer the requests of a connection with 503 until it is resumed"
        : "Accept the requests of a connection again",
      details: isPaused ? ["Identity providers repeat such requests, so nothing is lost."] : [],
      arguments: [connectionArgument],
      options: [ResourceCommands.directoryOption] + AdminClient.options + [jsonOption],
      examples: [Example(does: "at once", line: "scimd connection \(verb) Okta")]
    ) { invocation, console throws(CommandError) in
      let request = connectionRequest("POST", invocation, [invocation.arguments[0], verb])
      return try changed(request, isPaused ? "Paused" : "Resumed", invocation, console)
    }
  }

  // MARK: Parts

  private static func connectionRequest(
    _ method: String, _ invocation: Invocation, _ rest: [String] = []
  ) -> AdminRequest {
    .directory(ResourceCommands.directory(invocation), method, ["connections"] + rest)
  }

  /// Sends a change and prints the connection's name.
  private static func changed(
    _ request: AdminRequest, _ done: String, _ invocation: Invocation, _ console: Console
  ) throws(CommandError) -> ExitCode {
    try AdminClient(invocation, console).answer(request, ConnectionReport.init) { connection in
      "\(done) the connection \(ResourceText.label(connection.id, connection.name)).\n"
    }
  }
}
