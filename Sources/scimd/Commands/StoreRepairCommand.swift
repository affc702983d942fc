import JSON
import Platform
import SCIM
import Storage

extension Command {
  static let storeRepair = Command(
    path: ["store", "repair"], summary: "Make a damaged data folder usable again, giving up what is lost",
    details: [
      "Reports what is damaged and what would be lost; --accept-loss repairs it. The state becomes the newest "
        + "sound snapshot and every later change that can still be read and applied. Where two users then have one "
        + "userName, both stay, and are named. The damaged files stay next to the new ones as *.damaged-TIME. A "
        + "backup, where there is one, loses less. The server must not run. Exit code 0 when the "
        + "folder is sound, 65 when it is damaged and nothing was changed."
    ],
    options: [Option(name: "accept-loss", help: "Repair, although what is listed is lost.")] + storeOptions
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
    if invocation.has("json") {
      let json: JSONValue = .array(results.map { RepairText.json($0) })
      console.print(json)
    } else {
      for result in results { console.write(.output, RepairText.text(result)) }
    }
    let isSound = results.allSatisfy(\.report.isSound)
    guard isSound || accepts else {
      throw CommandError(
        .dataCorrupt, "\(configuration.data) is damaged; nothing was changed",
        advice: "Restore a backup (`scimd store restore`), or give up what is listed: "
          + "`scimd store repair --accept-loss`.")
    }
    if !invocation.has("json") {
      console.print(isSound ? "\(configuration.data) needs no repair." : "\(configuration.data) is repaired.")
    }
    return .success
  }
}
