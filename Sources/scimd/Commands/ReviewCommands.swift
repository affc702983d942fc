import Admin
import JSON
import Platform
import SCIM

/// The commands on reviews of who has what; each is one request.
enum ReviewCommands {
  static let all = [create, list, show, decide, close, export]

  private static let argument = Command.Argument(name: "REVIEW", help: "The review, by name or id.")

  /// Sends a request that is answered with a review.
  private static func answer(
    _ request: AdminRequest, _ done: String?, _ invocation: Invocation, _ console: Console,
    isWide: Bool = false
  ) throws(CommandError) -> ExitCode {
    try AdminClient(invocation, console).answer(request) { review in
      (done.map { $0 + "\n\n" } ?? "")
        + ReviewText.review(review, width: isWide ? nil : console.columns())
    }
  }

  private static let create = Command(
    path: ["review", "create"], summary: "Open a review: grants to approve or revoke until a day",
    details: ["Without options it has all grants that hold now. A review has at most 10,000 grants."],
    arguments: [.init(name: "NAME", help: "A name for people to read, such as 2027-Q1.")],
    options: [
      .init(
        name: "due", value: "WHEN",
        help: "When it should be closed: 30d, 4w, a date, or never. Default: never."),
      .init(name: "role", value: "ROLE", help: "Only grants of this role, by value or id."),
      .init(name: "target", value: "KIND:VALUE", help: "Only grants on this target."),
      .init(
        name: "user", value: "USER", help: "Only grants to this user, by id, userName or e-mail address."),
      .init(name: "group", value: "GROUP", help: "Only grants to this group, by id or displayName."),
    ] + RoleCommands.common,
    examples: [
      .init(does: "everything, in a month", line: "scimd review create 2027-Q1 --due 30d"),
      .init(does: "one role", line: "scimd review create admins --role admin --due 2027-01-31"),
    ]
  ) { invocation, console throws(CommandError) in
    var object: JSONObject = ["name": .string(invocation.arguments[0])]
    for name in ["role", "target", "user", "group"] {
      if let text = invocation[name] { object[name] = .string(text) }
    }
    let now = DateTime(milliseconds: console.environment.now())
    let due = try invocation["due"].flatMap { text throws(CommandError) in
      try Expiry.instant(text, now: now, option: "due")
    }
    if let due { object["due"] = .string(due.description) }
    let request = RoleCommands.request("POST", invocation, ["reviews"]).sending(.object(object))
    return try answer(request, "Opened a review.", invocation, console)
  }

  private static let list = Command(
    path: ["review", "list"], summary: "List the reviews of a directory",
    options: RoleCommands.page + RoleCommands.common,
    examples: [.init(does: "a table", line: "scimd review list")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).list(
      RoleCommands.request("GET", invocation, ["reviews"]),
      none: "There are no reviews. `scimd review create NAME` opens one.", ReviewText.table)
  }

  private static let show = Command(
    path: ["review", "show"], summary: "Show a review and its grants with what was decided",
    arguments: [argument], options: RoleCommands.page + RoleCommands.common,
    examples: [.init(does: "one review", line: "scimd review show 2027-Q1")]
  ) { invocation, console throws(CommandError) in
    var request = RoleCommands.request("GET", invocation, ["reviews", invocation.arguments[0]])
    request.set("limit", invocation["limit"])
    request.set("cursor", invocation["cursor"])
    return try answer(request, nil, invocation, console, isWide: invocation.has("wide"))
  }

  private static let decide = Command(
    path: ["review", "decide"], summary: "Approve grants of a review, or revoke them",
    details: [
      "A revoked grant is removed at once. Either all of the grants are decided or none. --force is needed if a critical "
        + "role would lose its last holder, or any role more than a tenth of at least ten holders."
    ],
    arguments: [
      argument, .init(name: "DECISION", help: "approve or revoke."),
      .init(name: "GRANT", help: "The ids of grants, as `scimd review show` shows them.", isRepeated: true),
    ],
    options: [
      .init(name: "comment", value: "TEXT", help: "Why."), RoleCommands.forceOption,
    ] + RoleCommands.common,
    examples: [
      .init(
        does: "one grant",
        line: "scimd review decide 2027-Q1 approve 2819c223-7f76-453a-919d-413861904646")
    ]
  ) { invocation, console throws(CommandError) in
    let decisions = invocation.arguments.dropFirst(2).map { grant -> JSONValue in
      var object: JSONObject = ["grant": .string(grant), "decision": .string(invocation.arguments[1])]
      if let comment = invocation["comment"] { object["comment"] = .string(comment) }
      return .object(object)
    }
    var request = RoleCommands.request("POST", invocation, ["reviews", invocation.arguments[0], "decisions"])
      .sending(["decisions": .array(decisions)])
    request.set("force", invocation.has("force"))
    return try answer(request, "Decided.", invocation, console)
  }

  private static let close = Command(
    path: ["review", "close"], summary: "Close a review, so that nothing more is decided in it",
    details: ["With --force it is closed although grants are undecided; these stay."], arguments: [argument],
    options: [.init(name: "force", help: "Close it although grants are undecided.")] + RoleCommands.common,
    examples: [.init(does: "when all is decided", line: "scimd review close 2027-Q1")]
  ) { invocation, console throws(CommandError) in
    var request = RoleCommands.request("POST", invocation, ["reviews", invocation.arguments[0], "close"])
    request.set("force", invocation.has("force"))
    return try answer(request, "Closed the review.", invocation, console)
  }

  private static let export = Command(
    path: ["review", "export"], summary: "Export who had what when a review was opened, and what was decided",
    details: [
      "One line per user, role and target, as of when the review was opened, with decision, reviewer and time. Every line "
        + "ends with the number and hash of the log's last record: whoever keeps the file can show later that the log "
        + "before it is still the same."
    ],
    arguments: [
      argument,
      .init(
        name: "FILE", help: "The file to write, which must not exist. Default: standard output.",
        isRequired: false),
    ],
    options: [AccessExportCommand.formatOption, ResourceCommands.directoryOption] + AdminClient.options,
    examples: [.init(does: "for auditors", line: "scimd review export 2027-Q1 review.csv")]
  ) { invocation, console throws(CommandError) in
    let path = invocation.arguments.count > 1 ? invocation.arguments[1] : nil
    let request = RoleCommands.request("GET", invocation, ["reviews", invocation.arguments[0], "export"])
    return try AccessExportCommand.write(request, to: path, invocation, console)
  }
}
