import Admin
import JSON
import SCIM

/// The commands on grants, and those that show who may do what.
enum GrantCommands {
  static let all = [add, remove, list, update, show, explain, who, findings]

  private static let principalOptions: [Command.Option] = [
    .init(name: "user", value: "USER", help: "The user, by id, userName or e-mail address."),
    .init(name: "group", value: "GROUP", help: "The group, by id or displayName."),
    .init(name: "role", value: "ROLE", help: "The role, by value or id."),
    .init(name: "target", value: "KIND:VALUE", help: "The target, for a scoped role."),
  ]

  private static let expiryHelp = "When it ends: 8h, 30d, 4w, 6mo, 1y, a date, or never."

  /// The member `expires` of the request: null for never, nil if the option is absent.
  private static func expires(
    _ invocation: Invocation, _ console: Console
  ) throws(CommandError) -> JSONValue? {
    guard invocation["expires"] != nil else { return nil }
    return try Expiry.option(invocation, console).map { .string($0.description) } ?? .null
  }

  private static let add = Command(
    path: ["grant", "add"], summary: "Give a role to a user or a group",
    details: [
      "A grant to a group applies to all its members, directly or through other groups. It belongs to the group "
        + "itself, not to its name: another group that later gets the name does not have it."
    ],
    options: principalOptions + [
      .init(name: "expires", value: "WHEN", help: expiryHelp),
      .init(name: "reason", value: "TEXT", help: "Why the role is granted."),
      .init(name: "on-behalf-of", value: "WHO", help: "The person who asked for it."),
      RoleCommands.forceOption,
    ] + RoleCommands.common,
    examples: [
      .init(does: "to a group", line: "scimd grant add --group Engineering --role developer"),
      .init(
        does: "on a target",
        line: "scimd grant add --group Engineering --role ns-write --target namespace:payments"),
      .init(
        does: "for a while",
        line: "scimd grant add --user ada@example.com --role admin --expires 8h --reason \"incident 4711\""),
    ]
  ) { invocation, console throws(CommandError) in
    var object = JSONObject()
    for (option, member) in [
      ("user", "user"), ("group", "group"), ("role", "role"), ("target", "target"), ("reason", "reason"),
      ("on-behalf-of", "onBehalfOf"),
    ] {
      if let text = invocation[option] { object[member] = .string(text) }
    }
    object["expires"] = try expires(invocation, console)
    var request = RoleCommands.request("POST", invocation, ["grants"]).sending(.object(object))
    request.set("force", invocation.has("force"))
    return try AdminClient(invocation, console).answer(request) { "Granted.\n\n" + AccessText.grant($0) }
  }

  private static let remove = Command(
    path: ["grant", "remove"], summary: "Remove a grant",
    details: ["Give the id of the grant, or --user or --group with --role."],
    arguments: [.init(name: "GRANT", help: "The id of the grant.", isRequired: false)],
    options: principalOptions + [RoleCommands.forceOption] + RoleCommands.common,
    examples: [
      .init(does: "by group and role", line: "scimd grant remove --group Engineering --role developer")
    ]
  ) { invocation, console throws(CommandError) in
    var id = invocation.arguments.first ?? ""
    if id.isEmpty { id = try named(invocation, console) }
    var request = RoleCommands.request("DELETE", invocation, ["grants", id])
    request.set("force", invocation.has("force"))
    return try AdminClient(invocation, console).answer(request) { [id] _ in "Removed the grant \(id).\n" }
  }

  /// The id of the one grant that the options mean.
  private static func named(
    _ invocation: Invocation, _ console: Console
  ) throws(CommandError) -> String {
    guard invocation["user"] != nil || invocation["group"] != nil, invocation["role"] != nil else {
      throw CommandError(.usage, "give the id of the grant, or --user or --group with --role")
    }
    var request = RoleCommands.request("GET", invocation, ["grants"])
    for name in ["user", "group", "role", "target"] { request.set(name, invocation[name]) }
    let found = try AdminClient(invocation, console).send(request)["items"]?.arrayValue ?? []
    guard let first = found.first?["id"]?.stringValue else {
      throw CommandError(
        .failure, "no such grant exists", advice: "`scimd grant list` shows the grants that exist.")
    }
    guard found.count == 1 else {
      throw CommandError(
        .failure, "\(found.count) grants match", advice: "Add the target, or give the grant's id.")
    }
    return first
  }

  private static let list = Command(
    path: ["grant", "list"],
    summary: "List the grants of a directory, or those of one user, group, role or target",
    options: principalOptions + RoleCommands.page + RoleCommands.common,
    examples: [
      .init(does: "all", line: "scimd grant list"),
      .init(does: "of a group", line: "scimd grant list --group Engineering"),
    ]
  ) { invocation, console throws(CommandError) in
    var request = RoleCommands.request("GET", invocation, ["grants"])
    for name in ["user", "group", "role", "target"] { request.set(name, invocation[name]) }
    return try AdminClient(invocation, console).list(
      request,
      none: "No such grants found. `scimd grant add` gives a role to a user or a group.",
      AccessText.grants)
  }

  private static let update = Command(
    path: ["grant", "update"], summary: "Change when a grant ends, or its reason",
    arguments: [.init(name: "GRANT", help: "The id of the grant.")],
    options: [
      .init(name: "expires", value: "WHEN", help: expiryHelp),
      .init(name: "reason", value: "TEXT", help: "Why the role is granted."),
      .init(name: "if-match", value: "VERSION", help: "Only if the grant still has this version."),
      RoleCommands.forceOption,
    ] + RoleCommands.common,
    examples: [
      .init(
        does: "a longer time", line: "scimd grant update 2819c223-7f76-453a-919d-413861904646 --expires 30d")
    ]
  ) { invocation, console throws(CommandError) in
    var object = JSONObject()
    object["expires"] = try expires(invocation, console)
    if let reason = invocation["reason"] { object["reason"] = reason.isEmpty ? .null : .string(reason) }
    var request = RoleCommands.request("PATCH", invocation, ["grants", invocation.arguments[0]])
      .sending(.object(object))
    request.ifMatch = invocation["if-match"]
    request.set("force", invocation.has("force"))
    return try AdminClient(invocation, console).answer(request) {
      "Updated the grant.\n\n" + AccessText.grant($0)
    }
  }

  // MARK: Who may do what

  private static let userArgument = Command.Argument(
    name: "USER", help: "The user, by id, userName or e-mail address.")

  private static let show = Command(
    path: ["access", "show"], summary: "Show what a user may do, and why", arguments: [userArgument],
    options: RoleCommands.common,
    examples: [.init(does: "roles with their reasons", line: "scimd access show ada@example.com")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).answer(
      RoleCommands.request("GET", invocation, ["access", invocation.arguments[0]]),
      AccessText.access)
  }

  private static let explain = Command(
    path: ["access", "explain"], summary: "Explain why a user may do something, or what is missing",
    arguments: [userArgument, .init(name: "PERMISSION", help: "The permission, as noun:verb.")],
    options: [.init(name: "target", value: "KIND:VALUE", help: "The target of a scoped role.")]
      + RoleCommands.common,
    examples: [
      .init(
        does: "on a target",
        line: "scimd access explain ada@example.com workflows:start --target namespace:payments")
    ]
  ) { invocation, console throws(CommandError) in
    var request = RoleCommands.request("GET", invocation, ["access", invocation.arguments[0], "explain"])
    request.set("permission", invocation.arguments[1])
    request.set("target", invocation["target"])
    return try AdminClient(invocation, console).answer(request, AccessText.explanation)
  }

  private static let who = Command(
    path: ["access", "who"], summary: "List the active users who have a role or a permission",
    arguments: [.init(name: "ROLE|PERMISSION", help: "A role by value or id, or a permission as noun:verb.")],
    options: [.init(name: "target", value: "KIND:VALUE", help: "The target of a scoped role.")]
      + RoleCommands.page
      + RoleCommands.common,
    examples: [
      .init(does: "everyone with the role admin", line: "scimd access who admin"),
      .init(does: "everyone who can start workflows", line: "scimd access who workflows:start"),
    ]
  ) { invocation, console throws(CommandError) in
    let name = invocation.arguments[0]
    var request = RoleCommands.request("GET", invocation, ["holders"])
    request.set(name.contains(":") ? "permission" : "role", name)
    request.set("target", invocation["target"])
    return try AdminClient(invocation, console).list(
      request, none: "Nobody has \(name).", AccessText.holders)
  }

  private static let findings = Command(
    path: ["access", "findings"], summary: "List rights that an administrator should look at",
    details: [
      "directAdmin: a user has a critical role, or the account role of the highest rank, directly and through no group. "
        + "inactiveWithGrants: a deactivated user still has grants. notSignedIn: a user with rights has not signed in for 90 "
        + "days; only if applications report logins. pastReason: a grant has ended, or its reason names a day that has "
        + "passed. unusedRole: nobody has the role."
    ],
    options: [.init(name: "kind", value: "KIND", help: "Only findings of this kind.")] + RoleCommands.page
      + RoleCommands.common,
    examples: [.init(does: "all", line: "scimd access findings")]
  ) { invocation, console throws(CommandError) in
    var request = RoleCommands.request("GET", invocation, ["findings"])
    request.set("kind", invocation["kind"])
    return try AdminClient(invocation, console).list(
      request, none: "Nothing needs attention.", AccessText.findings)
  }
}
