import Admin
import JSON
import Storage

extension Command {
  static let directories: [Command] = [
    directoryCreate, directoryList, directoryShow, directoryUpdate, directoryPaused(true),
    directoryPaused(false),
  ]

  private static let directoryArgument = Argument(
    name: "DIRECTORY", help: "The directory's name, as `scimd directory list` shows it.")

  private static let directoryTextOptions: [Option] = [
    Option(name: "display-name", value: "TEXT", help: "A name for people to read."),
    Option(name: "description", value: "TEXT", help: "A free text about it."),
    Option(
      name: "local-changes", value: "allowed|denied",
      help:
        "Whether keys without a connection may create resources, or change resources that a connection manages. "
        + "Default: allowed."),
    Option(
      name: "cross-connection", value: "allowed|denied",
      help: "Whether a connection may change resources that another connection manages. Default: denied."),
    Option(
      name: "key-max-days", value: "N",
      help: "Maximum lifetime of a key in days; 0 for no limit, so that keys need not expire. Default: 90."),
    Option(
      name: "leaver-sla", value: "SECONDS",
      help:
        "How soon webhooks should have accepted that somebody left; otherwise an event says so. Default: 300."
    ),
    Option(
      name: "auth-kinds", value: "KINDS",
      help: "How clients may authenticate, separated by commas: bearer, basic, oauth. Default: all."),
    Option(
      name: "allowed-networks", value: "NETWORKS",
      help: "Addresses and networks from which keys are accepted, separated by commas. Default: everywhere."),
    Option(
      name: "sign-in", value: "off|update|create",
      help: "The effect of a sign-in to an application: nothing, update the user, or also create one. "
        + "Default: off."),
    Option(
      name: "sign-in-groups", value: "IDS",
      help: "Groups that the claims of a sign-in can choose from, by id, separated by commas; \"\" for none. "
        + "Default: none."),
    Option(
      name: "nested-groups", value: "yes|no",
      help: "Whether a group that is a member of another one has the other's rights. Default: yes."),
    Option(
      name: "roles-from-idp", value: "yes|no",
      help:
        "Whether the roles that a connection names in the roles of its users become grants, as far as the "
        + "connection's assignable roles name them. Default: no."),
    Option(
      name: "role-review", value: "immediate|draft",
      help:
        "With draft, what a new connection brings (groups and roles) grants nothing until its first review is applied: "
        + "scimd access draft --connection NAME. Default: immediate."),
    Option(
      name: "max-resources", value: "N|default",
      help: "Maximum resources in it. Default: \(DirectoryQuotas().maxResources)."),
    Option(
      name: "max-bytes", value: "N|default",
      help: "Maximum bytes of all its resources and memberships. Default: \(DirectoryQuotas().maxBytes)."),
    Option(
      name: "max-resource-bytes", value: "N|default",
      help: "Maximum bytes of one resource. Default: \(DirectoryQuotas().maxResourceBytes)."),
    Option(
      name: "max-deleted", value: "N|default",
      help: "Maximum deleted resources to keep; any more replace the oldest. Default: "
        + "\(DirectoryQuotas().maxDeleted)."),
  ]

  private static let directoryCreate = Command(
    path: ["directory", "create"], summary: "Create a directory, an isolated tenant",
    details: ["No directory can see the users, groups, connections or keys of another."],
    arguments: [
      Argument(
        name: "NAME",
        help: "1 to 64 characters from a-z, 0-9 and -, such as contoso; also the name of its "
          + "folder.")
    ],
    options: directoryTextOptions + AdminClient.options + [jsonOption],
    examples: [
      Example(
        does: "a second customer", line: "scimd directory create contoso --display-name \"Contoso Ltd\"")
    ]
  ) { invocation, console throws(CommandError) in
    var change = try directoryChange(invocation)
    change.name = invocation.arguments[0]
    let request = AdminRequest.root("POST", "directories").sending(change.json)
    return try directory(request, "Created", invocation, console)
  }

  private static let directoryList = Command(
    path: ["directory", "list"], summary: "List the directories",
    options: [
      Option(name: "limit", value: "N", help: "Maximum results, 1 to 500. Default: 50."),
      Option(name: "cursor", value: "CURSOR", help: "Continue after the previous page."),
      ResourceCommands.wideOption,
    ] + AdminClient.options + [jsonOption],
    examples: [Example(does: "a table", line: "scimd directory list")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).list(
      .root("GET", "directories"), DirectoryReport.init,
      none: "No directories found. `scimd directory create NAME` creates one.", DirectoryText.table)
  }

  private static let directoryShow = Command(
    path: ["directory", "show"], summary: "Show a directory, its policies, and what is in it",
    arguments: [directoryArgument], options: AdminClient.options + [jsonOption],
    examples: [Example(does: "one directory", line: "scimd directory show contoso")]
  ) { invocation, console throws(CommandError) in
    try directory(.directory(invocation.arguments[0], "GET", []), nil, invocation, console)
  }

  private static let directoryUpdate = Command(
    path: ["directory", "update"], summary: "Change the names and policies of a directory",
    details: ["An empty text removes the description or the display name."],
    arguments: [directoryArgument],
    options: directoryTextOptions + [
      Option(name: "if-match", value: "VERSION", help: "Only if the directory still has this version.")
    ] + AdminClient.options + [jsonOption],
    examples: [
      Example(
        does: "only the identity provider changes what it manages",
        line: "scimd directory update contoso --local-changes denied"),
      Example(does: "a quota", line: "scimd directory update contoso --max-resources 50000"),
    ]
  ) { invocation, console throws(CommandError) in
    var request = AdminRequest.directory(invocation.arguments[0], "PATCH", [])
      .sending(try directoryChange(invocation).json)
    request.ifMatch = invocation["if-match"]
    return try directory(request, "Updated", invocation, console)
  }

  /// `directory pause` and `directory resume`.
  private static func directoryPaused(_ isPaused: Bool) -> Command {
    let verb = isPaused ? "pause" : "resume"
    return Command(
      path: ["directory", verb],
      summary: isPaused
        ? "Answer SCIM requests to a directory with 503 until it is resumed"
        : "Accept SCIM requests to a directory again",
      details: isPaused
        ? [
          "Identity providers repeat such requests, so nothing is lost. You can still administer the directory."
        ] : [],
      arguments: [directoryArgument], options: AdminClient.options + [jsonOption],
      examples: [Example(does: "at once", line: "scimd directory \(verb) contoso")]
    ) { invocation, console throws(CommandError) in
      try directory(
        .directory(invocation.arguments[0], "POST", [verb]), isPaused ? "Paused" : "Resumed", invocation,
        console)
    }
  }

  // MARK: Parts

  /// The names and policies that the options set; throws for a value that has the wrong form.
  private static func directoryChange(_ invocation: Invocation) throws(CommandError) -> DirectoryChange {
    var change = DirectoryChange()
    change.displayName = invocation["display-name"].map { $0.isEmpty ? nil : $0 }
    change.description = invocation["description"].map { $0.isEmpty ? nil : $0 }
    change.localChanges = try permission(invocation, "local-changes")
    change.crossConnection = try permission(invocation, "cross-connection")
    change.keyMaxDays = try number(invocation, "key-max-days")
    change.leaverSLA = try number(invocation, "leaver-sla")
    change.authKinds = networks(invocation, "auth-kinds")
    change.allowedNetworks = networks(invocation, "allowed-networks")
    change.signIn = try choice(invocation, "sign-in", DirectoryPolicies.SignIn.self)
    change.signInGroups = networks(invocation, "sign-in-groups")
    change.nestedGroups = try flag(invocation, "nested-groups")
    change.rolesFromIdp = try flag(invocation, "roles-from-idp")
    change.roleReview = try choice(invocation, "role-review", DirectoryPolicies.RoleReview.self)
    for (name, option) in [
      ("maxResources", "max-resources"), ("maxBytes", "max-bytes"),
      ("maxResourceBytes", "max-resource-bytes"), ("maxDeleted", "max-deleted"),
    ] {
      guard let text = invocation[option] else { continue }
      guard text == "default" || Int(text) != nil else {
        throw CommandError(.usage, "--\(option): \"\(text)\" is neither a whole number nor \"default\"")
      }
      change.quotas[name] = .some(Int(text))
    }
    return change
  }

  private static func number(_ invocation: Invocation, _ option: String) throws(CommandError) -> Int? {
    try invocation[option].map { text throws(CommandError) in
      guard let number = Int(text) else {
        throw CommandError(.usage, "--\(option): \"\(text)\" is not a whole number")
      }
      return number
    }
  }

  private static func permission(
    _ invocation: Invocation, _ option: String
  ) throws(CommandError) -> DirectoryPolicies.Permission? {
    try choice(invocation, option, DirectoryPolicies.Permission.self)
  }

  /// One of the values of a policy; nil if the option is absent.
  private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ invocation: Invocation, _ option: String, _ type: Choice.Type
  ) throws(CommandError) -> Choice? {
    guard let text = invocation[option] else { return nil }
    guard let choice = Choice(rawValue: text) else {
      let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandError(.usage, "--\(option): \"\(text)\" is not one of \(all)")
    }
    return choice
  }

  /// `yes` or `no`; nil if the option is absent.
  private static func flag(_ invocation: Invocation, _ option: String) throws(CommandError) -> Bool? {
    guard let text = invocation[option] else { return nil }
    guard text == "yes" || text == "no" else {
      throw CommandError(.usage, "--\(option): \"\(text)\" is neither yes nor no")
    }
    return text == "yes"
  }

  /// Prints the directory in the answer: `done` and its name, or the whole directory if `done` is nil.
  private static func directory(
    _ request: AdminRequest, _ done: String?, _ invocation: Invocation, _ console: Console
  ) throws(CommandError) -> ExitCode {
    try AdminClient(invocation, console).answer(request, DirectoryReport.init) { directory in
      guard let done else { return DirectoryText.lines(directory) }
      return "\(done) the directory \(ResourceText.label(directory.name, directory.displayName)).\n"
    }
  }
}
