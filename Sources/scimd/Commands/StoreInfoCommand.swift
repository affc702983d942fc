import Admin
import JSON
import Storage

extension Command {
  static let storeInfo = Command(
    path: ["store", "info"], summary: "Show what is in a data folder: directories, counts, files, history",
    options: AdminClient.options + [jsonOption],
    examples: [
      Example(does: "an overview", line: "scimd store info"),
      Example(
        does: "users of each directory",
        line: "scimd store info --json | jq '.directories[].types[] | select(.type == \"User\") | .count'"),
    ]
  ) { invocation, console throws(CommandError) in
    try AdminClient(invocation, console).answer(.root("GET", "store"), StoreInfo.init, text)
  }

  private static func text(_ info: StoreInfo) -> String {
    var text = "\(info.folder): keys: \(info.keys)\n"
    for item in info.directories {
      text += "\ndirectory \(item.name)\n"
      for type in item.types {
        text += "  \(type.type): \(type.count)"
        text += type.deleted > 0 ? ", and \(type.deleted) deleted that can be restored\n" : "\n"
      }
      let (usage, quotas) = (item.usage, item.usage.quotas)
      text += "  resources: \(usage.resources) of at most \(quotas.maxResources)\n"
      text += "  bytes: \(usage.bytes) of at most \(quotas.maxBytes)\n"
      text += "  largest resource: \(usage.largest) bytes of at most \(quotas.maxResourceBytes)\n"
      text += "  deleted resources: \(usage.deleted) of at most \(quotas.maxDeleted)\n"
      text += "  memberships: \(item.memberships)\n  last record: \(item.last)\n"
      if let oldest = item.oldest {
        text += "  history: from record \(oldest), \(item.oldestTime ?? "?")\n"
      }
      text += "  journal segments: \(item.segments), \(item.segmentBytes) bytes\n"
      text += "  snapshots: \(item.snapshots), \(item.snapshotBytes) bytes\n"
    }
    return text
  }
}
