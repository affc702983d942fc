import Admin
import JSON
import SCIM

/// The commands that change rights after a review: files, drafts and rollback.
enum DraftCommands {
  static let all = [diff, applyFile, draft, drafts, review, apply, rollback, discard]

  /// As much as the server reads of JSON: more than 100,000 grants.
  private static let maxFileBytes = JSONLimits.default.maxBytes
  private static let fileOption = Command.Option(
    name: "file", value: "FILE", help: "A JSON file, such as config/access.json; - for standard input.",
    isRequired: true)
  private static let draftArgument = Command.Argument(name: "DRAFT", help: "The draft, by id or revision.")

  /// Reads a rights file; the server checks its content.
  private static func file(_ path: String) throws(CommandError) -> JSONValue {
    let bytes = try InputFile.read(path, maxBytes: maxFileBytes, label: "--file")
    do throws(JSONError) { return try JSONParser.parse(bytes) } catch {
      throw CommandError(.failure, "--file: \(path) is not valid JSON: \(error)")
    }
  }

  // MARK: Files

  private static let diff = Command(
    path: ["role", "diff"], summary: "Show how roles, targets and grants differ from a file",
    details: [
      "Exits with 7 if they differ. Sections missing from the file are not compared, nor are grants that did not come "
        + "from a file."
    ],
    options: [fileOption] + RoleCommands.common,
    examples: [.init(does: "for a pipeline", line: "scimd role diff --file config/access.json")]
  ) { invocation, console throws(CommandError) in
    var request = RoleCommands.request("POST", invocation, ["rights"]).sending(
      try file(invocation["file"] ?? ""))
    request.set("dryRun", true)
    let json = try AdminClient(invocation, console).send(request)
    console.show(json, invocation) { DraftText.differences(json, isDone: false) }
    return json["changes"]?.arrayValue?.isEmpty == true ? .success : .different
  }

  private static let applyFile = Command(
    path: ["role", "apply"], summary: "Apply roles, targets and grants from a file",
    details: [
      "They are applied as one change or not at all; at most 1,999 changes, and `scimd access draft --file` takes more. "
        + "Entries missing from a section of the file are removed, with "
        + "their grants. --force is needed if a critical role would lose its last holder, or any role more than a "
        + "tenth of its holders."
    ],
    options: [fileOption, RoleCommands.forceOption] + RoleCommands.common,
    examples: [.init(does: "can be repeated", line: "scimd role apply --file config/access.json")]
  ) { invocation, console throws(CommandError) in
    var request = RoleCommands.request("POST", invocation, ["rights"]).sending(
      try file(invocation["file"] ?? ""))
    request.set("force", invocation.has("force"))
    return try AdminClient(invocation, console).answer(request) { DraftText.differences($0, isDone: true) }
  }

  // MARK: Drafts

  private static let draft = Command(
    path: ["access", "draft"], summary: "Draft a change of rights without applying it",
    details: [
      "Give a file; or --user or --group with --role to add a grant; or --remove to remove one; or --connection for the "
        + "first review of a connection that is held back.",
      "A draft can have up to 100,000 changes. One of more than 1,999 can only give and remove grants: apply its roles "
        + "and targets first, in a draft of their own.",
    ],
    options: [
      .init(name: "name", value: "NAME", help: "A name for people to read."),
      .init(name: "file", value: "FILE", help: "A JSON file with roles, targets and grants."),
      .init(name: "user", value: "USER", help: "The user, by id, userName or e-mail address."),
      .init(name: "group", value: "GROUP", help: "The group, by id or displayName."),
      .init(name: "role", value: "ROLE", help: "The role, by value or id."),
      .init(name: "target", value: "KIND:VALUE", help: "The target, for a scoped role."),
      .init(name: "expires", value: "WHEN", help: "When the grant ends."),
      .init(name: "reason", value: "TEXT", help: "Why the role is granted."),
      .init(name: "remove", value: "GRANT", help: "The id of a grant to remove."),
      .init(
        name: "connection", value: "CONNECTION",
        help: "A connection that is held back by the policy --role-review draft, by name or id."),
    ] + RoleCommands.common,
    examples: [
      .init(does: "a grant to a group", line: "scimd access draft --group Engineering --role developer"),
      .init(does: "a file", line: "scimd access draft --file config/access.json"),
    ]
  ) { invocation, console throws(CommandError) in
    var object = JSONObject()
    if let name = invocation["name"] { object["name"] = .string(name) }
    if let path = invocation["file"] { object["file"] = try file(path) }
    if let id = invocation["remove"] { object["remove"] = [.string(id)] }
    if let name = invocation["connection"] { object["connections"] = [.string(name)] }
    if invocation["role"] != nil {
      var grant = JSONObject()
      for name in ["user", "group", "role", "target", "reason"] {
        if let text = invocation[name] { grant[name] = .string(text) }
      }
      if let end = try Expiry.option(invocation, console) { grant["expires"] = .string(end.description) }
      object["add"] = [.object(grant)]
    }
    let request = RoleCommands.request("POST", invocation, ["drafts"]).sending(.object(object))
    return try AdminClient(invocation, console).answer(request, drafted)
  }

  private static func drafted(_ draft: JSONValue) -> String {
    let id = draft["id"]?.stringValue ?? ""
    let skipped = draft["skipped"]?.integerValue.map {
      " Left out \($0) that cannot be made any more, because others changed the same grants or users."
    }
    return
      "Drafted \(DraftText.steps(draft)).\(skipped ?? "")\n\nReview it: scimd access review \(id)\nApply it: "
      + "scimd access apply \(id)\n"
  }

  private static let drafts = Command(
    path: ["access", "drafts"], summary: "List drafts, including applied ones",
    options: RoleCommands.page + RoleCommands.common,
    examples: [.init(does: "a table", line: "scimd access drafts")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).list(
      RoleCommands.request("GET", invocation, ["drafts"]),
      none: "No drafts found. `scimd access draft` creates one.", DraftText.drafts)
  }

  private static let review = Command(
    path: ["access", "review"], summary: "Show who would gain and who would lose rights by a draft",
    arguments: [draftArgument], options: RoleCommands.common,
    examples: [
      .init(does: "before it is applied", line: "scimd access review 2819c223-7f76-453a-919d-413861904646")
    ]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).answer(
      RoleCommands.request("GET", invocation, ["drafts", invocation.arguments[0], "review"]), DraftText.review
    )
  }

  private static let apply = Command(
    path: ["access", "apply"], summary: "Apply a draft as one change or not at all",
    details: [
      "A draft of more than 1,999 changes is applied by a job that survives a crash: nothing of it holds until everything "
        + "is prepared, then all of it does. The command waits for the job. `scimd job cancel` undoes it until then, and "
        + "the draft is open again."
    ],
    arguments: [draftArgument],
    options: [
      RoleCommands.forceOption,
      .init(name: "if-match", value: "VERSION", help: "Only if the draft still has this version."),
      JobWait.option,
    ] + RoleCommands.common,
    examples: [.init(does: "at once", line: "scimd access apply 2819c223-7f76-453a-919d-413861904646")]
  ) { invocation, console throws(CommandError) in
    var request = RoleCommands.request("POST", invocation, ["drafts", invocation.arguments[0], "apply"])
    request.set("force", invocation.has("force"))
    request.ifMatch = invocation["if-match"]
    let client = try AdminClient(invocation, console)
    var draft = try client.send(request)
    if let json = draft["job"], !invocation.has("no-wait") {
      let id = draft["id"]?.stringValue ?? ""
      _ = try JobWait.end(of: try job(json), client, console)
      draft = try client.send(RoleCommands.request("GET", invocation, ["drafts", id]))
    }
    let isDone = ["applied", "applying"].contains(draft["state"]?.stringValue)
    console.show(draft, invocation) { DraftText.applied(draft) }
    return isDone ? .success : .failure
  }

  private static func job(_ json: JSONValue) throws(CommandError) -> JobReport {
    do throws(AdminProblem) { return try JobReport(try ObjectReader(json)) } catch {
      throw CommandError(.failure, "the server's answer cannot be read: \(error.detail)")
    }
  }

  private static let rollback = Command(
    path: ["access", "rollback"], summary: "Draft a change that undoes an applied draft",
    arguments: [.init(name: "REVISION", help: "The revision, as `scimd access drafts` shows it.")],
    options: RoleCommands.common,
    examples: [.init(does: "the first one", line: "scimd access rollback 1")]
  ) { invocation, console throws(CommandError) in
    let request = RoleCommands.request("POST", invocation, ["drafts", invocation.arguments[0], "rollback"])
    return try AdminClient(invocation, console).answer(request, drafted)
  }

  private static let discard = Command(
    path: ["access", "discard"], summary: "Discard a draft that has not been applied",
    arguments: [draftArgument],
    options: RoleCommands.common,
    examples: [.init(does: "at once", line: "scimd access discard 2819c223-7f76-453a-919d-413861904646")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).answer(
      RoleCommands.request("DELETE", invocation, ["drafts", invocation.arguments[0]])
    ) { _ in "Discarded the draft.\n" }
  }
}
