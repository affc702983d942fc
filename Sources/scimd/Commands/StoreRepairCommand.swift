import JSON
import Platform
import SCIM
import Storage

extension Command {
  static let storeRepair = Command(
    path: ["store", "repair"], summary: "Repair a damaged data folder, accepting what is lost",
    details: [
      "Reports what is damaged and what would be lost; --accept-loss repairs it. The state is rebuilt from the newest "
        + "intact snapshot and every later change that can still be read and applied. If two users then have the same "
        + "userName, both stay, and the report names them. The damaged files stay next to the new ones as "
        + "*.damaged-TIME. If you have a backup, restoring it loses less. The server must not be running. Exit code 0 "
        + "if the folder is intact, 65 if it is damaged and nothing was changed."
    ],
    options: [Option(name: "accept-loss", help: "Repair, accepting the loss of everything listed.")]
      + storeOptions
      + [jsonOption],
    examples: [
      Example(does: "what would be lost", line: "scimd store repair --data /var/lib/scimd"),
      Example(does: "do it", line: "scimd store repair --accept-loss --data /var/lib/scimd"),
    ]
  ) { invocation, console throws(CommandError) in
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    let repair = StoreRepair(configuration: configuration, environment: console.environment)
    let accepts = invocation.has("accept-loss")
    let results = try repair.run(acceptingLoss: accepts)
    console.show(.array(results.map { RepairText.json($0) }), invocation) {
      results.map { RepairText.text($0) }.joined()
    }
    let isSound = results.allSatisfy(\.report.isSound)
    guard isSound || accepts else {
      throw CommandError(
        .dataCorrupt, "\(configuration.data) is damaged; nothing was changed",
        advice:
          "Restore a backup (`scimd store restore`), or accept the loss of everything listed: `scimd store "
          + "repair --accept-loss`.")
    }
    if !invocation.has("json") {
      console.print(
        isSound ? "\(configuration.data) needs no repair." : "\(configuration.data) has been repaired.")
    }
    return .success
  }
}
