import Admin
import JSON

/// The commands on roles and targets; each is one request.
enum RoleCommands {
  static let all = [
    list, show, create, update, delete, targetList, targetShow, targetCreate, targetUpdate, targetDelete,
  ]

  static let roleArgument = Command.Argument(name: "ROLE", help: "The role, by value or id.")
  private static let targetArgument = Command.Argument(
    name: "TARGET", help: "The target, as kind:value or by id.")
  static let forceOption = Command.Option(name: "force", help: "Do it even if users lose important rights.")
  static let common =
    [ResourceCommands.directoryOption] + AdminClient.options + [Command.jsonOption]
  static let page: [Command.Option] = [
    .init(name: "limit", value: "N", help: "Maximum results, 1 to 500. Default: 50."),
    .init(name: "cursor", value: "CURSOR", help: "Continue after the previous page."),
    ResourceCommands.wideOption,
  ]

  static func request(_ method: String, _ invocation: Invocation, _ path: [String]) -> AdminRequest {
    .directory(ResourceCommands.directory(invocation), method, path)
  }

  // MARK: Roles

  private static let members: [Command.Option] = [
    .init(name: "display", value: "NAME", help: "A name for people to read."),
    .init(name: "description", value: "TEXT", help: "A free text about it."),
    .init(name: "kind", value: "KIND", help: "account or scoped. Default of a new role: account."),
    .init(
      name: "permissions", value: "LIST", help: "Its permissions, each as noun:verb, separated by commas."),
    .init(
      name: "rank", value: "N", help: "The order among account roles; the highest is a user's account role."),
    .init(name: "critical", value: "yes|no", help: "Whether at least one user must always have it."),
    .init(name: "requestable", value: "yes|no", help: "Whether people can request it."),
  ]

  /// The members that the options set; an empty text becomes null, which removes the value.
  private static func body(_ invocation: Invocation) throws(CommandError) -> JSONObject {
    var object = JSONObject()
    for name in ["display", "description", "kind"] {
      if let text = invocation[name] { object[name] = text.isEmpty ? .null : .string(text) }
    }
    if let text = invocation["permissions"] {
      object["permissions"] = .array(text.split(separator: ",").map { .string(String($0)) })
    }
    if let text = invocation["rank"] {
      guard let rank = Int64(text) else {
        throw CommandError(.usage, "--rank: \"\(text)\" is not a whole number")
      }
      object["rank"] = .integer(rank)
    }
    for name in ["critical", "requestable"] {
      guard let text = invocation[name] else { continue }
      guard ["yes", "no"].contains(text) else {
        throw CommandError(.usage, "--\(name): write yes or no")
      }
      object[name] = .bool(text == "yes")
    }
    return object
  }

  private static let list = Command(
    path: ["role", "list"], summary: "List the roles of a directory", options: page + common,
    examples: [.init(does: "a table", line: "scimd role list")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).list(
      request("GET", invocation, ["roles"]),
      none: "The directory has no roles. `scimd role create VALUE` creates one.", AccessText.roles)
  }

  private static let show = Command(
    path: ["role", "show"], summary: "Show a role and what it allows", arguments: [roleArgument],
    options: common, examples: [.init(does: "one role", line: "scimd role show admin")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).answer(
      request("GET", invocation, ["roles", invocation.arguments[0]]), AccessText.role)
  }

  private static let create = Command(
    path: ["role", "create"], summary: "Create a role",
    details: [
      "An account role applies in the whole directory; a scoped role applies to one target per grant."
    ],
    arguments: [.init(name: "VALUE", help: "The stable name: letters, digits, . _ and -.")],
    options: members + common,
    examples: [
      .init(
        does: "an account role",
        line: "scimd role create developer --rank 300 --permissions members:read,namespaces:list"),
      .init(
        does: "a role on namespaces",
        line: "scimd role create ns-write --kind scoped --permissions workflows:start"),
    ]
  ) { invocation, console throws(CommandError) in
    var object = try body(invocation)
    object["value"] = .string(invocation.arguments[0])
    return try AdminClient(invocation, console).answer(
      request("POST", invocation, ["roles"]).sending(.object(object))
    ) { "Created a role.\n\n" + AccessText.role($0) }
  }

  private static let update = Command(
    path: ["role", "update"], summary: "Change a role; its grants stay",
    details: ["Options you omit change nothing; an empty text removes the value."], arguments: [roleArgument],
    options: [
      .init(name: "value", value: "VALUE", help: "Another stable name."),
      .init(name: "if-match", value: "VERSION", help: "Only if the role still has this version."),
    ] + members + common,
    examples: [.init(does: "its permissions", line: "scimd role update developer --permissions members:read")]
  ) { invocation, console throws(CommandError) in
    var object = try body(invocation)
    if let value = invocation["value"] { object["value"] = .string(value) }
    var request = request("PATCH", invocation, ["roles", invocation.arguments[0]]).sending(.object(object))
    request.ifMatch = invocation["if-match"]
    return try AdminClient(invocation, console).answer(request) {
      "Updated the role.\n\n" + AccessText.role($0)
    }
  }

  private static let delete = Command(
    path: ["role", "delete"], summary: "Delete a role; with --force its grants too",
    arguments: [roleArgument],
    options: [forceOption] + common,
    examples: [.init(does: "with its grants", line: "scimd role delete developer --force")]
  ) { invocation, console throws(CommandError) in
    var request = request("DELETE", invocation, ["roles", invocation.arguments[0]])
    request.set("force", invocation.has("force"))
    return try AdminClient(invocation, console).answer(request) {
      "Deleted the role \(invocation.arguments[0]) and \(AccessText.count($0["grants"], "grant")).\n"
    }
  }

  // MARK: Targets

  private static let targetList = Command(
    path: ["target", "list"], summary: "List the targets of a directory", options: page + common,
    examples: [.init(does: "a table", line: "scimd target list")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).list(
      request("GET", invocation, ["targets"]),
      none: "The directory has no targets. `scimd target create KIND:VALUE` creates one.", AccessText.targets)
  }

  private static let targetShow = Command(
    path: ["target", "show"], summary: "Show a target", arguments: [targetArgument], options: common,
    examples: [.init(does: "one target", line: "scimd target show namespace:payments")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).answer(
      request("GET", invocation, ["targets", invocation.arguments[0]]), AccessText.target)
  }

  private static let displayOption = Command.Option(
    name: "display", value: "NAME", help: "A name for people to read.")

  private static let targetCreate = Command(
    path: ["target", "create"], summary: "Create a target that scoped roles can be given on",
    arguments: [.init(name: "TARGET", help: "Kind and value with a colon between them.")],
    options: [displayOption] + common,
    examples: [.init(does: "a namespace", line: "scimd target create namespace:payments")]
  ) { invocation, console throws(CommandError) in
    let parts = invocation.arguments[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw CommandError(.usage, "TARGET: write kind:value, such as namespace:payments")
    }
    var object: JSONObject = ["kind": .string(String(parts[0])), "value": .string(String(parts[1]))]
    if let display = invocation["display"] { object["display"] = .string(display) }
    return try AdminClient(invocation, console).answer(
      request("POST", invocation, ["targets"]).sending(.object(object))
    ) { "Created a target.\n\n" + AccessText.target($0) }
  }

  private static let targetUpdate = Command(
    path: ["target", "update"], summary: "Change the display name of a target", arguments: [targetArgument],
    options: [displayOption] + common,
    examples: [.init(does: "its name", line: "scimd target update namespace:payments --display Payments")]
  ) { invocation, console throws(CommandError) in
    let display = invocation["display"] ?? ""
    let body: JSONValue = ["display": display.isEmpty ? .null : .string(display)]
    let request = request("PATCH", invocation, ["targets", invocation.arguments[0]]).sending(body)
    return try AdminClient(invocation, console).answer(request) {
      "Updated the target.\n\n" + AccessText.target($0)
    }
  }

  private static let targetDelete = Command(
    path: ["target", "delete"], summary: "Delete a target; with --force its grants too",
    arguments: [targetArgument], options: [forceOption] + common,
    examples: [.init(does: "with its grants", line: "scimd target delete namespace:payments --force")]
  ) { invocation, console throws(CommandError) in
    var request = request("DELETE", invocation, ["targets", invocation.arguments[0]])
    request.set("force", invocation.has("force"))
    return try AdminClient(invocation, console).answer(request) {
      "Deleted the target \(invocation.arguments[0]) and \(AccessText.count($0["grants"], "grant")).\n"
    }
  }
}
