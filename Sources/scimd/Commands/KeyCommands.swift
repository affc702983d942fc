import Admin
import Credentials
import JSON
import Platform
import SCIM

extension Command {
  static let keyCreate = Command(
    path: ["key", "create"], summary: "Create an API key for an identity provider or a script",
    details: [
      "Prints the key only once: just its digest is stored, so it cannot be shown again. The key is valid at once.",
      "A key cannot create another key with more scopes, more networks or a longer lifetime than its own.",
    ],
    options: [
      Option(name: "name", value: "NAME", help: "Who will use the key.", isRequired: true),
      Option(name: "description", value: "TEXT", help: "A free text about it."),
      Option(
        name: "profile", value: "PROFILE",
        help:
          "The provider whose dialect the key's client uses: \(Profile.all.map(\.name).joined(separator: ", ")). "
          + "Default: \(NewKey.defaultProfile)."),
      Option(
        name: "connection", value: "CONNECTION",
        help: "The connection it belongs to, by id or name; its provider is the profile."),
      scopesOption,
      Option(
        name: "directory", value: "NAME",
        help: "The directory (tenant) the key reads and writes. Default: \(NewKey.defaultDirectory)."),
      Option(
        name: "all-directories",
        help: "A key for all directories, for administration only; needs --scopes."),
      Option(name: "new-directory", help: "Create the directory if it does not exist."),
      Option(
        name: "user", value: "USER",
        help:
          "The user, by id, userName or e-mail address, that /Me means for this key; the key still gives access to the "
          + "whole directory."),
      networksOption, certificateOption,
      Option(name: "expires", value: "WHEN", help: "\(Expiry.help). \(Expiry.standard)"),
    ] + signedTokenOptions + [
      SecretFile.option
    ] + AdminClient.options + [jsonOption],
    examples: [
      Example(does: "a key for Okta", line: "scimd key create --name Okta --profile okta"),
      Example(
        does: "a key for a script, valid for 30 days, with its secret in a file",
        line: "scimd key create --name report --expires 30d --secret-file report.key"),
      Example(
        does: "a key that works only from one network",
        line: "scimd key create --name report --networks 203.0.113.0/24"),
      Example(
        does: "an isolated directory for a second customer",
        line: "scimd key create --name \"Contoso Entra\" --profile entra --directory contoso --new-directory"),
      Example(
        does: "a key to administer one directory remotely",
        line: "scimd key create --name ops --directory contoso --scopes admin.read,admin.write --expires 30d"),
      Example(
        does: "a key under which /Me is ada", line: "scimd key create --name ada --user ada@example.com"),
      Example(
        does: "a key for a client that signs tokens instead of sending a secret",
        line: "scimd key create --name nightly --issuer https://issuer.example.com --subject nightly "
          + "--audience api://scim --jwks https://issuer.example.com/keys"),
    ]
  ) { invocation, console throws(CommandError) in
    var creation = KeyCreation(name: invocation["name"] ?? "")
    creation.description = invocation["description"]
    creation.profile = invocation["profile"]
    creation.user = invocation["user"]
    creation.connection = invocation["connection"]
    creation.scopes = scopes(invocation)
    creation.networks = networks(invocation) ?? []
    creation.expires = try Expiry.creation(invocation, console)
    creation.certificateSubject = invocation["certificate-subject"]
    creation.signedTokens = try signedTokens(invocation)
    let isForAll = invocation.has("all-directories")
    if isForAll, invocation["directory"] != nil || invocation.has("new-directory") {
      throw CommandError(.usage, "--all-directories and --directory exclude each other")
    }
    var request =
      isForAll
      ? AdminRequest.root("POST", "keys")
      : AdminRequest.directory(ResourceCommands.directory(invocation), "POST", ["keys"])
    request = request.sending(creation.json)
    request.set("newDirectory", invocation.has("new-directory"))
    let client = try AdminClient(invocation, console)
    let ((json, key), place) = try SecretFile.kept(invocation, secret: { $0.report.secret }) {
      () throws(CommandError) in
      try client.send(request, KeyReport.init)
    }
    return SecretFile.show(json, secretIn: place, invocation, console, KeyText.created(key, secretIn: place))
  }

  static let keyList = Command(
    path: ["key", "list"], summary: "List the API keys, without their secrets",
    options: [
      Option(name: "directory", value: "NAME", help: "Keys of this directory only."),
      Option(name: "limit", value: "N", help: "Maximum results, 1 to 500. Default: 50."),
      Option(name: "cursor", value: "CURSOR", help: "Continue after the previous page."),
      ResourceCommands.wideOption,
    ] + AdminClient.options + [jsonOption],
    examples: [
      Example(does: "a table", line: "scimd key list"),
      Example(
        does: "names of the keys that work",
        line: "scimd key list --json | jq -r '.items[] | select(.status == \"active\") | .name'"),
    ]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).list(
      keyRequest("GET", invocation), KeyReport.init,
      none: "No keys found. `scimd key create --name NAME` creates one.", KeyText.table)
  }

  static let keyShow = Command(
    path: ["key", "show"], summary: "Show an API key, without its secret", arguments: [keyArgument],
    options: [keyDirectoryOption] + AdminClient.options + [jsonOption],
    examples: [Example(does: "one key", line: "scimd key show key_4gT0aZk93BqX")]
  ) { invocation, console throws(CommandError) in
    let request = keyRequest("GET", invocation, [invocation.arguments[0]])
    return try AdminClient(invocation, console).answer(request, KeyReport.init, KeyText.lines)
  }

  static let keyUpdate = Command(
    path: ["key", "update"],
    summary: "Change the name, description, scopes, networks, expiry or signed tokens of an API key",
    details: [
      "Takes effect with the next request. An empty text removes the description, the networks or the certificate. Access tokens that were "
        + "issued for signed tokens end when issuer, subject, audience or keys change."
    ],
    arguments: [keyArgument],
    options: [
      Option(name: "name", value: "NAME", help: "Who uses the key."),
      Option(name: "description", value: "TEXT", help: "A free text about it."),
      scopesOption,
      networksOption, certificateOption,
      Option(name: "expires", value: "WHEN", help: "\(Expiry.help)."),
    ] + signedTokenOptions + [
      Option(name: "no-signed-tokens", help: "Accept no signed tokens any more."),
      Option(name: "if-match", value: "VERSION", help: "Only if the key still has this version."),
      keyDirectoryOption,
    ] + AdminClient.options + [jsonOption],
    examples: [
      Example(
        does: "a key that reads users only",
        line: "scimd key update key_4gT0aZk93BqX --scopes scim.users.read")
    ]
  ) { invocation, console throws(CommandError) in
    var change = KeyChange()
    change.name = invocation["name"]
    change.description = invocation["description"].map { $0.isEmpty ? nil : $0 }
    change.scopes = scopes(invocation)
    change.networks = networks(invocation)
    change.certificateSubject = invocation["certificate-subject"].map { $0.isEmpty ? nil : $0 }
    if let signedTokens = try signedTokens(invocation) { change.signedTokens = .some(signedTokens) }
    if invocation.has("no-signed-tokens") {
      guard change.signedTokens == nil else {
        throw CommandError(.usage, "--no-signed-tokens excludes --issuer, --subject, --audience and --jwks")
      }
      change.signedTokens = .some(nil)
    }
    if invocation["expires"] != nil { change.expires = .some(try Expiry.option(invocation, console)) }
    var request = keyRequest("PATCH", invocation, [invocation.arguments[0]]).sending(change.json)
    request.ifMatch = invocation["if-match"]
    return try AdminClient(invocation, console).answer(request, KeyReport.init) { key in
      "Updated \(ResourceText.label(key.id, key.name)).\n"
    }
  }

  static let keyRevoke = Command(
    path: ["key", "revoke"], summary: "Refuse an API key from now on",
    details: ["Takes effect with the next request, on open connections too. It cannot be undone."],
    arguments: [keyArgument], options: [keyDirectoryOption] + AdminClient.options + [jsonOption],
    examples: [Example(does: "revoke one key", line: "scimd key revoke key_4gT0aZk93BqX")]
  ) { invocation, console throws(CommandError) in
    let request = keyRequest("POST", invocation, [invocation.arguments[0], "revoke"])
    return try AdminClient(invocation, console).answer(request, KeyReport.init) { key in
      let label = ResourceText.label(key.id, key.name)
      return key.isUnchanged
        ? "\(label) was revoked already, at \(key.revoked?.description ?? "?").\n" : "Revoked \(label).\n"
    }
  }

  static let scopesOption = Option(
    name: "scopes", value: "SCOPES",
    help:
      "What the key may do, separated by commas: \(Scopes.allNames.joined(separator: ", ")). Default for a new key "
      + "of one directory: scim.*.")

  /// The names that --scopes lists; nil if it is absent.
  static func scopes(_ invocation: Invocation) -> [String]? {
    invocation["scopes"].map { $0.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init) }
  }

  private static let networksOption = Option(
    name: "networks", value: "NETWORKS",
    help: "Addresses and networks the key is accepted from, separated by commas. Default: everywhere.")

  private static let certificateOption = Option(
    name: "certificate-subject", value: "SUBJECT",
    help:
      "The subject of the TLS certificate that the client must present, such as CN=okta,O=Example. Default: none is needed."
  )

  /// The items of an option; nil if it is absent.
  static func networks(_ invocation: Invocation, _ option: String = "networks") -> [String]? {
    invocation[option].map { $0.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init) }
  }

  static let keyArgument = Argument(name: "ID", help: "The key's id, as `scimd key list` shows it.")

  static let keyDirectoryOption = Option(
    name: "directory", value: "NAME", help: "Only if the key belongs to this directory.")

  /// Keys of one directory if the option names it, else of all.
  static func keyRequest(
    _ method: String, _ invocation: Invocation, _ rest: [String] = []
  ) -> AdminRequest {
    if let directory = invocation["directory"] { return .directory(directory, method, ["keys"] + rest) }
    return AdminRequest(method, ["admin", "v1", "keys"] + rest)
  }
}
