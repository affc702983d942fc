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
    path: ["secret", "show"], summary: "Show which master key a data folder was used with",
    details: [
      "The fingerprint in the log, since when, and whether the file holds that key. The key itself is never shown."
    ],
    options: options + [Command.jsonOption],
    examples: [Command.Example(does: "of a folder", line: "scimd secret show --data /var/lib/scimd")]
  ) { invocation, console throws(CommandError) in
    let (json, report) = try AdminClient(invocation, console).send(.root("GET", "secret")) {
      reader throws(AdminProblem) in try MasterKeyReport(reader)
    }
    if invocation.has("json") {
      console.print(json)
    } else {
      console.write(.output, text(report))
    }
    return .success
  }

  private static let rotate = Command(
    path: ["secret", "rotate"], summary: "Make a new master key, also while serving",
    details: [
      "For a master key that somebody else may have read. Cursors in use end, so that clients begin their walks "
        + "again; keys and tokens do not come from it and go on working."
    ],
    options: options + [Command.jsonOption],
    examples: [Command.Example(does: "on this machine", line: "scimd secret rotate")]
  ) { invocation, console throws(CommandError) in
    let (json, report) = try AdminClient(invocation, console).send(.root("POST", "secret", "rotate")) {
      reader throws(AdminProblem) in try MasterKeyReport(reader)
    }
    if invocation.has("json") {
      console.print(json)
    } else {
      console.print("Made a new master key in \(report.file), fingerprint \(report.fingerprint ?? "none").")
    }
    return .success
  }

  private static let adopt = Command(
    path: ["secret", "adopt"], summary: "Let a data folder be used with the master key that is there now",
    details: [
      "A server does not start with another master key than the one its data folder was used with. This enters the "
        + "key of the file (`secret.key` in the folder, or --secret-key-file) into the log; one in the folder is made "
        + "if it is missing. Cursors in use end. No server may run on the folder."
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
      console.print("\(file) is the master key of this data folder already; nothing was changed.")
    } else {
      let what = adoption.isNew ? "Made a new master key in \(file)" : "Adopted the master key in \(file)"
      console.print("\(what), fingerprint \(adoption.fingerprint). Cursors in use end.")
    }
    return .success
  }

  /// Enters the key of the file into the log of a folder that no server holds.
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
