import Admin
import JSON
import Storage

/// The commands on the direct members of a group.
enum MemberCommands {
  static let all = [list, change(adds: true), change(adds: false)]

  private static let groupArgument = Command.Argument(
    name: "GROUP", help: "The group, by id or displayName.")

  private static func request(_ method: String, _ invocation: Invocation) -> AdminRequest {
    .directory(
      ResourceCommands.directory(invocation), method, ["groups", invocation.arguments[0], "members"])
  }

  private static var list: Command {
    Command(
      path: ["group", "members", "list"], summary: "List the direct members of a group",
      arguments: [groupArgument],
      options: [
        .init(name: "limit", value: "N", help: "Maximum results, 1 to 500. Default: 50."),
        .init(name: "cursor", value: "CURSOR", help: "Continue after the previous page."),
        ResourceCommands.wideOption, ResourceCommands.directoryOption,
      ] + AdminClient.options + [Command.jsonOption],
      examples: [.init(does: "a table", line: "scimd group members list Staff")]
    ) { invocation, console throws(CommandError) in
      try AdminClient(invocation, console).list(
        request("GET", invocation), ResourceOverview.init, none: "The group has no members."
      ) { ResourceText.table($0, isWide: invocation.has("wide")) }
    }
  }

  /// `group members add` or `remove`.
  private static func change(adds: Bool) -> Command {
    let verb = adds ? "add" : "remove"
    return Command(
      path: ["group", "members", verb],
      summary: adds ? "Add members to a group" : "Remove members from a group",
      details: ["Either all of them are changed or none."],
      arguments: [
        groupArgument,
        .init(
          name: "MEMBER", help: "A user by id, userName or e-mail address, or a group by id or displayName.",
          isRepeated: true),
      ],
      options: [
        .init(name: "dry-run", help: "Show what would happen, and change nothing.")
      ] + (adds ? [] : [RoleCommands.forceOption]) + [ResourceCommands.directoryOption] + AdminClient.options
        + [Command.jsonOption],
      examples: [
        .init(does: "two at once", line: "scimd group members \(verb) Staff ada@example.com bob@example.com")
      ]
    ) { invocation, console throws(CommandError) in
      let names = Array(invocation.arguments.dropFirst())
      let change = MembershipChange(add: adds ? names : [], remove: adds ? [] : names)
      var request = request("PATCH", invocation).sending(change.json)
      request.set("dryRun", invocation.has("dry-run"))
      if !adds { request.set("force", invocation.has("force")) }
      return try AdminClient(invocation, console).answer(request, MembershipReport.init) { report in
        let count = adds ? report.added : report.removed
        let done = adds ? "added" : "removed"
        return (report.isDryRun ? "Nothing was changed (--dry-run). " : "")
          + "Group \(ResourceText.label(report.id, report.name)): \(count) \(done), members: \(report.members).\n"
      }
    }
  }
}
