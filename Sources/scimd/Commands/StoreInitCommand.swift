import Platform
import Storage

extension Command {
  static let storeInit = Command(
    path: ["store", "init"], summary: "Create an empty data folder",
    details: [
      "The folder must be new or empty. `scimd serve` also creates one, with a first key; no other command does."
    ],
    options: dataOptions,
    examples: [
      Example(does: "before the first start", line: "scimd store init --data /var/lib/scimd"),
      Example(
        does: "then a first key",
        line: "scimd key create --name Okta --data /var/lib/scimd"),
    ]
  ) { invocation, console throws(CommandError) in
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    let path = configuration.data
    if FileSystem.exists(path + "/format") {
      throw CommandError(.cannotCreate, "\(path) is already a data folder; nothing was changed")
    }
    try DataFolder.opened(path, .write).close()
    console.print("Created the data folder \(path).")
    return .success
  }
}
