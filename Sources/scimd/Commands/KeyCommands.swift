import Credentials
import JSON
import Platform
import SCIM

extension Command {
  static let keyCreate = Command(
    path: ["key", "create"], summary: "Create an API key for an identity provider or a script",
    details: [
      "Prints the key once; only its digest is kept, so that it cannot be shown again. Works while the "
        + "server runs, and the key is valid at once."
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
        help: "The directory (tenant) the key reads and writes; a new name makes a new directory. "
          + "Default: \(NewKey.defaultDirectory)."),
      Option(
        name: "user", value: "USER",
        help: "The user, by id or userName, that /Me stands for under this key; the key reaches the whole "
          + "directory all the same."),
      Option(name: "expires", value: "WHEN", help: "90d, 12h, 4w, a date, or never. Default: never."),
    ] + storeOptions + [jsonOption],
    examples: [
      Example(does: "a key for Okta", line: "scimd key create --name Okta --profile okta"),
      Example(
        does: "a key for a script, valid for 90 days, its secret alone in a file",
        line: "scimd key create --name report --expires 90d --json | jq -r .key > report.key"),
      Example(
        does: "an isolated directory for a second customer",
        line: "scimd key create --name \"Contoso Entra\" --profile entra --directory contoso"),
      Example(
        does: "a key under which /Me is ada", line: "scimd key create --name ada --user ada@example.com"),
    ]
  ) { invocation, console throws(CommandError) in
    var new = NewKey(name: invocation["name"] ?? "", description: invocation["description"])
    if let profile = invocation["profile"] { new.profile = profile }
    if let directory = invocation["directory"] { new.directory = directory }
    if let expires = invocation["expires"] {
      new.expires = try Expiry.instant(expires, now: DateTime(milliseconds: console.environment.now()))
    }
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    new.user = invocation["user"]
    let desk = KeyDesk(configuration: configuration, environment: console.environment)
    let key = try desk.create(new)
    if invocation.has("json") {
      console.print(String(decoding: key.serialized(), as: UTF8.self))
    } else {
      console.write(.output, KeyText.created(key, folder: configuration.data))
    }
    return .success
  }

  static let keyList = Command(
    path: ["key", "list"], summary: "List the API keys, without their secrets",
    options: dataOptions + [jsonOption],
    examples: [
      Example(does: "a table", line: "scimd key list"),
      Example(
        does: "names of the keys that work",
        line: "scimd key list --json | jq -r '.[] | select(.status == \"active\") | .name'"),
    ]
  ) { invocation, console throws(CommandError) in
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    let keys = try KeyDesk(configuration: configuration, environment: console.environment).list()
    if invocation.has("json") {
      console.print(String(decoding: JSONValue.array(keys).serialized(), as: UTF8.self))
    } else if keys.isEmpty {
      console.print("There are no keys in \(configuration.data). `scimd key create --name NAME` makes one.")
    } else {
      console.write(.output, KeyText.table(keys))
    }
    return .success
  }

  static let keyRevoke = Command(
    path: ["key", "revoke"], summary: "Refuse an API key from now on",
    details: ["Takes effect with the next request, on open connections too. It cannot be undone."],
    arguments: [Argument(name: "ID", help: "The key's id, as `scimd key list` shows it.")],
    options: dataOptions + [jsonOption],
    examples: [Example(does: "revoke one key", line: "scimd key revoke key_4gT0aZk93BqX")]
  ) { invocation, console throws(CommandError) in
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    let desk = KeyDesk(configuration: configuration, environment: console.environment)
    let key = try desk.revoke(invocation.arguments[0])
    if invocation.has("json") {
      console.print(String(decoding: key.serialized(), as: UTF8.self))
    } else {
      console.print("Revoked \(KeyText.text(key, "id")) (\(KeyText.text(key, "name"))).")
    }
    return .success
  }
}
