import JSON
import Platform
import Credentials
import Storage

extension Command {
  static let storeVerify = Command(
    path: ["store", "verify"], summary: "Check every byte of a data folder, changing nothing",
    details: [
      "Reads all snapshots and journal segments with their checksums and hashes. Exit code 0 when all is "
        + "sound, 65 with file and offset of every damage. May run next to a server; then the last line of "
        + "a journal can show as unfinished."
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
    if invocation.has("json") {
      console.print(report.json)
      return report.isSound ? .success : .dataCorrupt
    }
    console.write(.output, report.text)
    guard report.isSound else {
      throw CommandError(
        .dataCorrupt, "\(configuration.data) is damaged; nothing was changed",
        advice: "Restore the folder from a backup. Without one, `scimd store repair` says what can be kept.")
    }
    return .success
  }
}
