import Admin
import JSON
import Platform
import Storage

/// The master key of a data folder.
enum SecretCommands {
  static let all: [Command] = [show, rotate, adopt]

  /// The options by which a command finds the data folder and its master key.
  private static let options = AdminClient.options + Command.settingOptions(["secretKeyFile"])

  private static let show = Command(
    path: ["secret", "show"], summary: "Show the master key that a data folder was last used with",
    details: [
      "Shows the fingerprint in the log, since when it is used, and whether the file contains that key. The key itself "
        + "is never shown."
    ],
    options: options + [Command.jsonOption],
    examples: [Command.Example(does: "of a folder", line: "scimd secret show --data /var/lib/scimd")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).answer(.root("GET", "secret"), MasterKeyReport.init, text)
  }

  private static let rotate = Command(
    path: ["secret", "rotate"], summary: "Create a new master key, also while the server is running",
    details: [
      "Use it if somebody else may have read the master key. Cursors in use become invalid, so clients start paging "
        + "again. Keys and tokens do not depend on it and keep working."
    ],
    options: options + [Command.jsonOption],
    examples: [Command.Example(does: "on this machine", line: "scimd secret rotate")]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).answer(.root("POST", "secret", "rotate"), MasterKeyReport.init) {
      report in
      "Created a new master key in \(report.file), fingerprint \(report.fingerprint ?? "none").\n"
    }
  }

  private static let adopt = Command(
    path: ["secret", "adopt"], summary: "Accept the current master key for a data folder",
    details: [
      "A server does not start with a different master key than its data folder was last used with. This command "
        + "records the key in the file (`secret.key` in the folder, or --secret-key-file) in the log. If the file in "
        + "the folder is missing, it is created. Cursors in use become invalid. No server may be running on the folder."
    ],
    options: Command.storeOptions + Command.settingOptions(["secretKeyFile"]),
    examples: [
      Command.Example(does: "after the key was lost", line: "scimd secret adopt --data /var/lib/scimd"),
      Command.Example(
        does: "one that several servers share",
        line: "scimd secret adopt --data /var/lib/scimd --secret-key-file /etc/scimd/secret.key"),
    ]
  ) { invocation, console throws(CommandError) in
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    let (adoption, file) = try adopted(configuration, console.environment)
    if adoption.isUnchanged {
      console.print("\(file) is already the master key of this data folder; nothing was changed.")
    } else {
      let what = adoption.isNew ? "Created a new master key in \(file)" : "Adopted the master key in \(file)"
      console.print("\(what), fingerprint \(adoption.fingerprint). Cursors in use are now invalid.")
    }
    return .success
  }

  /// Records the key of the file in the log of a folder that no server uses.
  static func adopted(
    _ configuration: Configuration, _ environment: Environment
  ) throws(CommandError) -> (MasterKeys.Adoption, file: String) {
    let store = try StoreAccess.open(configuration, environment, toWrite: true)
    defer { store.close() }
    let keys = MasterKeys(store, file: configuration.secretKeyFile)
    let user = UserName.current
    let actor = Actor(.command, userID: user, user: UserName.text(user), command: "scimd secret adopt")
    do throws(MasterKeyError) {
      let context = RequestContext(actor, requestID: "adopt", operation: "ADOPT /secret")
      return (try keys.adopt(context), keys.path)
    } catch {
      throw CommandError(error)
    }
  }

  /// The state of the master key; with what to do if a server would not start with it.
  private static func text(_ report: MasterKeyReport) -> String {
    var rows = [["File", report.file], ["Fingerprint", report.fingerprint ?? "none yet"]]
    if let since = report.since { rows.append(["Since", since]) }
    if !report.isUsable {
      rows.append(["In the file", report.fileFingerprint ?? "the file does not exist"])
      rows.append(["State", "a server does not start; see `scimd secret adopt --help`"])
    }
    return TextTable(rows).text()
  }
}
