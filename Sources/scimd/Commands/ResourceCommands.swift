import Credentials
import JSON
import Platform
import SCIM

extension Command {
  static let userList = list("user", "/Users", "users")
  static let userRestore = restore(
    "user", "/Users",
    again: "The user has the id, the attributes and the groups from before; a group that was "
      + "deleted meanwhile is left out. Where the userName was taken meanwhile, nothing is changed.")
  static let groupList = list("group", "/Groups", "groups")
  static let groupRestore = restore(
    "group", "/Groups",
    again: "The group has the id, the attributes and the members from before; a member that "
      + "was deleted meanwhile is left out.")

  static let resourceList = list("resource", nil, "resources")
  static let resourceRestore = restore(
    "resource", nil, again: "The resource has the id and the attributes from before.")

  static let typeArgument = Argument(
    name: "TYPE", help: "A resource type by name or endpoint, such as User or Devices.")

  static let directoryOption = Option(
    name: "directory", value: "NAME",
    help: "The directory (tenant). Default: \(NewKey.defaultDirectory).")

  /// - Parameter endpoint: nil where the type is the first argument.
  private static func list(_ noun: String, _ endpoint: String?, _ plural: String) -> Command {
    let type = endpoint == nil ? " Devices" : ""
    return Command(
      path: [noun, "list"], summary: "List the \(plural) of a directory, or those that were deleted",
      details: ["In order of creation; deleted ones in order of deletion. Works while the server runs."],
      arguments: endpoint == nil ? [typeArgument] : [],
      options: [
        directoryOption,
        Option(name: "deleted", help: "List the deleted \(plural) that can still be restored."),
      ] + storeOptions + [Option(name: "json", help: "Print JSON, one object a line.")],
      examples: [
        Example(does: "everybody who was deleted", line: "scimd \(noun) list\(type) --deleted"),
        Example(does: "names only", line: "scimd \(noun) list\(type) --json | jq -r .name"),
      ]
    ) { invocation, console throws(CommandError) in
      let desk = try desk(invocation, console)
      let isDeleted = invocation.has("deleted")
      let rows = try desk.list(endpoint ?? invocation.arguments[0], deleted: isDeleted)
      if invocation.has("json") {
        for row in rows { console.print(String(decoding: row.serialized(), as: UTF8.self)) }
      } else if rows.isEmpty {
        console.print(
          isDeleted
            ? "No deleted \(plural) are kept in the directory \(desk.directory)."
            : "There are no \(plural) in the directory \(desk.directory).")
      } else {
        console.write(.output, ResourceText.table(rows, deleted: isDeleted))
      }
      return .success
    }
  }

  /// - Parameter endpoint: nil where the type is the first argument.
  private static func restore(_ noun: String, _ endpoint: String?, again: String) -> Command {
    let type = endpoint == nil ? " Devices" : ""
    return Command(
      path: [noun, "restore"], summary: "Bring a deleted \(noun) back under the same id",
      details: [again + " Works while the server runs."],
      arguments: (endpoint == nil ? [typeArgument] : [])
        + [Argument(name: "ID", help: "The id, as `scimd \(noun) list\(type) --deleted` shows it.")],
      options: [directoryOption] + storeOptions + [jsonOption],
      examples: [
        Example(
          does: "bring one back", line: "scimd \(noun) restore\(type) 2819c223-7f76-453a-919d-413861904646")
      ]
    ) { invocation, console throws(CommandError) in
      let id = invocation.arguments[endpoint == nil ? 1 : 0]
      let restored = try desk(invocation, console).restore(endpoint ?? invocation.arguments[0], id)
      if invocation.has("json") {
        console.print(String(decoding: restored.serialized(), as: UTF8.self))
      } else {
        let name = restored["userName"]?.stringValue ?? restored["displayName"]?.stringValue ?? ""
        let count = (restored["groups"] ?? restored["members"])?.arrayValue?.count ?? 0
        let what = endpoint.map { $0 == "/Users" ? "groups" : "members" }
        let counted = what.map { ", \($0): \(count)" } ?? ""
        console.print("Restored \(noun) \(id) (\(name))\(counted).")
      }
      return .success
    }
  }

  static func desk(_ invocation: Invocation, _ console: Console) throws(CommandError) -> DirectoryDesk {
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    return DirectoryDesk(
      configuration: configuration, directory: invocation["directory"] ?? NewKey.defaultDirectory,
      environment: console.environment)
  }
}

/// Lists of resources for people to read.
enum ResourceText {
  static func table(_ rows: [JSONValue], deleted: Bool) -> String {
    let type = rows.first?["type"]?.stringValue
    let title = ["Group": ["MEMBERS"], "User": ["ACTIVE"]][type ?? ""] ?? []
    var lines = [["ID", "NAME"] + title + (deleted ? ["DELETED", "KEPT UNTIL"] : ["CREATED"])]
    for row in rows {
      let detail =
        switch type {
        case "Group": ["\(row["members"]?.integerValue ?? 0)"]
        case "User": [row["active"]?.boolValue == false ? "no" : "yes"]
        default: [String]()
        }
      let times = deleted ? ["deleted", "keptUntil"] : ["created"]
      lines.append(
        [KeyText.text(row, "id"), KeyText.text(row, "name")] + detail
          + times.map { String(KeyText.text(row, $0).prefix(16)) })
    }
    return KeyText.aligned(lines)
  }
}
