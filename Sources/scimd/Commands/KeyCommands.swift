import Admin
import Credentials
import JSON
import Platform
import SCIM

extension Command {
  static let keyCreate = Command(
    path: ["key", "create"], summary: "Create an API key for an identity provider or a script",
    details: [
      "Prints the key once; only its digest is kept, so that it cannot be shown again. The key is valid at once."
    ],
    options: [
      Option(name: "name", value: "NAME", help: "Who will use the key.", isRequired: true),
      Option(name: "description", value: "TEXT", help: "Anything worth remembering about it."),
      Option(
        name: "profile", value: "PROFILE",
        help: "Whose dialect to understand: \(Profile.all.map(\.name).joined(separator: ", ")). "
          + "Default: \(NewKey.defaultProfile)."),
      Option(
        name: "directory", value: "NAME",
        help: "The directory (tenant) the key reads and writes. Default: \(NewKey.defaultDirectory)."),
      Option(name: "new-directory", help: "Create the directory if it does not exist."),
      Option(
        name: "user", value: "USER",
        help:
          "The user, by id, userName or e-mail address, that /Me stands for under this key; the key reaches the whole "
          + "directory all the same."),
      Option(name: "expires", value: "WHEN", help: "90d, 12h, 4w, a date, or never. Default: never."),
    ] + AdminClient.options + [jsonOption],
    examples: [
      Example(does: "a key for Okta", line: "scimd key create --name Okta --profile okta"),
      Example(
        does: "a key for a script, valid for 90 days, its secret alone in a file",
        line: "scimd key create --name report --expires 90d --json | jq -r .key > report.key"),
      Example(
        does: "an isolated directory for a second customer",
        line: "scimd key create --name \"Contoso Entra\" --profile entra --directory contoso --new-directory"),
      Example(
        does: "a key under which /Me is ada", line: "scimd key create --name ada --user ada@example.com"),
    ]
  ) { invocation, console throws(CommandError) in
    var creation = KeyCreation(name: invocation["name"] ?? "")
    creation.description = invocation["description"]
    creation.profile = invocation["profile"]
    creation.user = invocation["user"]
    if let expires = invocation["expires"] {
      creation.expires = try Expiry.instant(
        expires, now: DateTime(milliseconds: console.environment.now()))
    }
    var request = AdminRequest.directory(ResourceCommands.directory(invocation), "POST", ["keys"])
      .sending(creation.json)
    request.set("newDirectory", invocation.has("new-directory"))
    let (json, key) = try AdminClient(invocation, console).send(request) {
      reader throws(AdminProblem) in try KeyReport(reader)
    }
    if invocation.has("json") { console.print(json) } else { console.write(.output, KeyText.created(key)) }
    return .success
  }

  static let keyList = Command(
    path: ["key", "list"], summary: "List the API keys, without their secrets",
    options: [
      Option(name: "directory", value: "NAME", help: "Keys of this directory only."),
      Option(name: "limit", value: "N", help: "The most to list, 1 to 500. Default: 50."),
      Option(name: "cursor", value: "CURSOR", help: "Go on where the page before ended."),
      ResourceCommands.wideOption,
    ] + AdminClient.options + [jsonOption],
    examples: [
      Example(does: "a table", line: "scimd key list"),
      Example(
        does: "names of the keys that work",
        line: "scimd key list --json | jq -r '.items[] | select(.status == \"active\") | .name'"),
    ]
  ) { invocation, console throws(CommandError) in
    var request = keyRequest("GET", invocation)
    request.set("limit", invocation["limit"])
    request.set("cursor", invocation["cursor"])
    let (json, page) = try AdminClient(invocation, console).page(request) {
      reader throws(AdminProblem) in try KeyReport(reader)
    }
    if invocation.has("json") {
      console.print(json)
    } else if page.items.isEmpty {
      console.print("There are no keys. `scimd key create --name NAME` makes one.")
    } else {
      let width = invocation.has("wide") ? nil : console.columns()
      console.write(.output, KeyText.table(page.items).text(width: width))
      if let next = page.next { console.printError("There are more: add --cursor \(next)") }
    }
    return .success
  }

  static let keyShow = Command(
    path: ["key", "show"], summary: "Show an API key, without its secret", arguments: [keyArgument],
    options: [keyDirectoryOption] + AdminClient.options + [jsonOption],
    examples: [Example(does: "one key", line: "scimd key show key_4gT0aZk93BqX")]
  ) { invocation, console throws(CommandError) in
    let request = keyRequest("GET", invocation, [invocation.arguments[0]])
    let (json, key) = try AdminClient(invocation, console).send(request) {
      reader throws(AdminProblem) in try KeyReport(reader)
    }
    if invocation.has("json") { console.print(json) } else { console.write(.output, KeyText.lines(key)) }
    return .success
  }

  static let keyRevoke = Command(
    path: ["key", "revoke"], summary: "Refuse an API key from now on",
    details: ["Takes effect with the next request, on open connections too. It cannot be undone."],
    arguments: [keyArgument], options: [keyDirectoryOption] + AdminClient.options + [jsonOption],
    examples: [Example(does: "revoke one key", line: "scimd key revoke key_4gT0aZk93BqX")]
  ) { invocation, console throws(CommandError) in
    let request = keyRequest("POST", invocation, [invocation.arguments[0], "revoke"])
    let (json, key) = try AdminClient(invocation, console).send(request) {
      reader throws(AdminProblem) in try KeyReport(reader)
    }
    if invocation.has("json") {
      console.print(json)
    } else {
      console.print("Revoked \(ResourceText.label(key.id, key.name)).")
    }
    return .success
  }

  private static let keyArgument = Argument(name: "ID", help: "The key's id, as `scimd key list` shows it.")

  private static let keyDirectoryOption = Option(
    name: "directory", value: "NAME", help: "Only if the key is of this directory.")

  /// Keys of one directory if the option names it, else of all.
  private static func keyRequest(
    _ method: String, _ invocation: Invocation, _ rest: [String] = []
  ) -> AdminRequest {
    if let directory = invocation["directory"] { return .directory(directory, method, ["keys"] + rest) }
    return AdminRequest(method, ["admin", "v1", "keys"] + rest)
  }
}
