import Admin
import JSON

extension Command {
  static let settingsShow = Command(
    path: ["settings", "show"], summary: "Show all current settings and where each value comes from",
    details: [
      "Shows the settings of the server on the data folder or at --server. If no server is running, shows those of "
        + "this command."
    ],
    options: [ResourceCommands.wideOption] + AdminClient.options + [jsonOption],
    examples: [
      Example(does: "a table", line: "scimd settings show"),
      Example(
        does: "settings that differ from the default",
        line: "scimd settings show --json | jq '.items[] | select(.source != \"default\")'"),
    ]
  ) { invocation, console throws(CommandError) in
    let request = AdminRequest.root("GET", "settings")
    let (json, page) = try AdminClient(invocation, console).page(request, SettingReport.init)
    console.show(json, invocation) {
      var table = TextTable(["SETTING", "VALUE", "FROM"])
      for setting in page.items {
        table.add([setting.name, setting.value, setting.place ?? setting.source.rawValue])
      }
      return table.text(width: invocation.has("wide") ? nil : console.columns())
    }
    return .success
  }
}
