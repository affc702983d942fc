import Admin
import Credentials
import JSON
import Storage

/// The commands on users, on groups, and on resources of a named type; each is one request.
struct ResourceCommands: Sendable {
  static let user = ResourceCommands(noun: "user", collection: "users")
  static let group = ResourceCommands(noun: "group", collection: "groups")
  static let resource = ResourceCommands(noun: "resource", collection: nil)

  let noun: String
  /// The segment of the path; nil if the first argument names the type.
  let collection: String?

  var all: [Command] {
    let activation = noun == "group" ? [] : [activate(false), activate(true)]
    return [list, show, create, update] + activation + [delete, restore, erase, history]
  }

  static let directoryOption = Command.Option(
    name: "directory", value: "NAME",
    help: "The directory (tenant). Default: \(NewKey.defaultDirectory).")

  static let wideOption = Command.Option(
    name: "wide", help: "Show all columns, and all of each value.")

  // MARK: Parts

  var typeArguments: [Command.Argument] {
    collection == nil
      ? [.init(name: "TYPE", help: "A resource type by name or endpoint, such as User or Devices.")] : []
  }

  /// The arguments that identify one resource.
  var oneArguments: [Command.Argument] {
    let names =
      noun == "group"
      ? "The group, by id or displayName."
      : noun == "user" ? "The user, by id, userName or e-mail address." : "The resource, by id or name."
    return typeArguments + [.init(name: noun == "resource" ? "RESOURCE" : noun.uppercased(), help: names)]
  }

  /// The type in examples of `scimd resource`, after the verb.
  var exampleType: String { collection == nil ? " Devices" : "" }
  var example: String {
    switch noun {
    case "user": "ada@example.com"
    case "group": "Staff"
    default: "Devices 2819c223-7f76-453a-919d-413861904646"
    }
  }

  static func directory(_ invocation: Invocation) -> String {
    invocation["directory"] ?? NewKey.defaultDirectory
  }

  /// A request on the collection.
  func request(_ method: String, _ invocation: Invocation, _ rest: [String] = []) -> AdminRequest {
    let path = collection.map { [$0] } ?? ["resources", Self.type(invocation.arguments[0])]
    return .directory(Self.directory(invocation), method, path + rest)
  }

  /// The type as given, without the slash of an endpoint.
  private static func type(_ name: String) -> String { name.hasPrefix("/") ? String(name.dropFirst()) : name }

  /// A request on the resource that the arguments name.
  func one(_ method: String, _ invocation: Invocation, _ rest: [String] = []) -> AdminRequest {
    request(method, invocation, [name(invocation)] + rest)
  }

  /// The name of the resource as given on the command line.
  func name(_ invocation: Invocation) -> String { invocation.arguments[collection == nil ? 1 : 0] }

  // MARK: Reading

  private var list: Command {
    Command(
      path: [noun, "list"], summary: "List the \(noun)s of a directory, or deleted ones",
      details: ["In order of creation; with --deleted, in order of deletion."], arguments: typeArguments,
      options: [
        .init(
          name: "filter", value: "FILTER",
          help: "A SCIM filter, such as 'userName sw \"a\"' (RFC 7644, 3.4.2.2)."),
        .init(name: "deleted", help: "List the deleted \(noun)s that can still be restored."),
        .init(name: "limit", value: "N", help: "Maximum results, 1 to 500. Default: 50."),
        .init(name: "cursor", value: "CURSOR", help: "Continue after the previous page."),
        Self.wideOption, Self.directoryOption,
      ] + AdminClient.options + [Command.jsonOption],
      examples: [
        .init(does: "those that can be restored", line: "scimd \(noun) list\(exampleType) --deleted"),
        .init(
          does: "names only",
          line: "scimd \(noun) list\(exampleType) --limit 500 --json | jq -r '.items[].name'"),
      ]
    ) { invocation, console throws(CommandError) in
      var request = request("GET", invocation)
      request.set("filter", invocation["filter"])
      request.set("deleted", invocation.has("deleted"))
      return try AdminClient(invocation, console).list(
        request, ResourceOverview.init,
        none: "No \(noun)s found in the directory \(Self.directory(invocation))."
      ) { ResourceText.table($0, isWide: invocation.has("wide")) }
    }
  }

  private var show: Command {
    Command(
      path: [noun, "show"], summary: "Show a \(noun) as SCIM clients see it",
      details: noun == "group" ? ["Members are shown if there are at most 1,000."] : [],
      arguments: oneArguments, options: [Self.directoryOption] + AdminClient.options + [Command.jsonOption],
      examples: [.init(does: "all attributes", line: "scimd \(noun) show \(example)")]
    ) { invocation, console throws(CommandError) in
      try AdminClient(invocation, console).answer(one("GET", invocation), ResourceText.lines)
    }
  }

  // MARK: Writing

  private static let valueOptions: [Command.Option] = [
    .init(
      name: "set", value: "PATH=VALUE",
      help: "Set an attribute, such as title=Boss or 'emails[type eq \"work\"].value=a@b.c'; an empty value "
        + "removes it. May be given several times.",
      isRepeated: true)
  ]

  private var create: Command {
    Command(
      path: [noun, "create"], summary: "Create a \(noun)", arguments: typeArguments,
      options: Self.valueOptions + [
        .init(name: "file", value: "FILE", help: "A JSON file with the resource, or - for standard input."),
        Self.directoryOption,
      ] + AdminClient.options + [Command.jsonOption],
      examples: [
        .init(
          does: "from attributes",
          line: noun == "user"
            ? "scimd user create --set userName=ada@example.com --set name.givenName=Ada"
            : "scimd \(noun) create\(exampleType) --set displayName=Staff"),
        .init(does: "from a file", line: "scimd \(noun) create\(exampleType) --file new.json"),
      ]
    ) { invocation, console throws(CommandError) in
      let body = try ResourceBody(invocation).creation
      return try report(request("POST", invocation).sending(body), "Created", invocation, console)
    }
  }

  private var update: Command {
    Command(
      path: [noun, "update"], summary: "Change attributes of a \(noun)", arguments: oneArguments,
      options: Self.valueOptions + [
        .init(
          name: "file", value: "FILE",
          help: "A JSON file with attributes to replace or with PATCH operations, or - for standard input."),
        .init(name: "if-match", value: "VERSION", help: "Only if the \(noun) still has this version."),
        RoleCommands.forceOption, Self.directoryOption,
      ] + AdminClient.options + [Command.jsonOption],
      examples: [
        .init(
          does: "one attribute",
          line: "scimd \(noun) update \(example) --set \(noun == "user" ? "title=Boss" : "displayName=Team")")
      ]
    ) { invocation, console throws(CommandError) in
      var request = one("PATCH", invocation).sending(try ResourceBody(invocation).change)
      request.set("force", invocation.has("force"))
      request.ifMatch = invocation["if-match"]
      return try report(request, "Updated", invocation, console)
    }
  }

  /// `deactivate` or `reactivate`; groups have neither.
  private func activate(_ isActive: Bool) -> Command {
    let verb = isActive ? "reactivate" : "deactivate"
    return Command(
      path: [noun, verb], summary: "Set `active` of a \(noun) to \(isActive)", arguments: oneArguments,
      options: (isActive ? [] : [RoleCommands.forceOption]) + [Self.directoryOption] + AdminClient.options
        + [Command.jsonOption],
      examples: [.init(does: "at once", line: "scimd \(noun) \(verb) \(example)")]
    ) { invocation, console throws(CommandError) in
      var request = one("POST", invocation, [verb])
      if !isActive { request.set("force", invocation.has("force")) }
      return try report(request, isActive ? "Reactivated" : "Deactivated", invocation, console)
    }
  }

  private var restore: Command {
    Command(
      path: [noun, "restore"], summary: "Restore a deleted \(noun) under the same id",
      details: [
        "It gets its id, attributes and memberships back, except for resources deleted in the meantime. If another "
          + "resource has taken one of its unique values, nothing is changed."
      ],
      arguments: oneArguments, options: [Self.directoryOption] + AdminClient.options + [Command.jsonOption],
      examples: [.init(does: "restore one", line: "scimd \(noun) restore \(example)")]
    ) { invocation, console throws(CommandError) in
      try report(one("POST", invocation, ["restore"]), "Restored", invocation, console)
    }
  }

  /// Sends a request and prints what was done to the resource in the answer.
  private func report(
    _ request: AdminRequest, _ done: String, _ invocation: Invocation, _ console: Console
  ) throws(CommandError) -> ExitCode {
    try AdminClient(invocation, console).answer(request) { "\(done) \(noun) \(ResourceText.label($0)).\n" }
  }
}
