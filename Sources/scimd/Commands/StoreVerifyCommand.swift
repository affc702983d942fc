import JSON
import Platform
import Credentials
import Storage

extension Command {
  static let storeVerify = Command(
    path: ["store", "verify"], summary: "Check every byte of a data folder without changing it",
    details: [
      "Reads all snapshots and journal segments and checks their checksums and hashes. Exit code 0 if everything is "
        + "intact, 65 if not; each damaged place is listed with its file and offset. Can run while a server is "
        + "running; then the last line of a journal may appear incomplete."
    ],
    options: dataOptions + [jsonOption],
    examples: [
      Example(does: "a folder", line: "scimd store verify --data /var/lib/scimd"),
      Example(does: "a backup, for monitoring", line: "scimd store verify --data /backup/scimd --json"),
    ]
  ) { invocation, console throws(CommandError) in
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    try DataPlace(configuration).check()
    let report = try StoreReport(folder: configuration.data, environment: console.environment)
    console.show(report.json, invocation) { report.text }
    if report.isSound { return .success }
    guard invocation.has("json") else {
      throw CommandError(
        .dataCorrupt, "\(configuration.data) is damaged; nothing was changed",
        advice: "Restore the folder from a backup. Without one, `scimd store repair` shows what can be saved."
      )
    }
    return .dataCorrupt
  }
}
