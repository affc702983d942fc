import JSON
import Platform
import SCIM
import Credentials
import Storage

extension Command {
  static let storeInfo = Command(
    path: ["store", "info"], summary: "Show what is in a data folder: directories, counts, files, history",
    details: ["Reads the files and changes nothing; may run beside a server."],
    options: storeOptions + [jsonOption],
    examples: [
      Example(does: "an overview", line: "scimd store info"),
      Example(does: "users of each directory", line: "scimd store info --json | jq '.directories[].User'"),
    ]
  ) { invocation, console throws(CommandError) in
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    let info = try StoreInfo(configuration, console.environment)
    if invocation.has("json") {
      console.print(String(decoding: info.json.serialized(), as: UTF8.self))
    } else {
      console.write(.output, info.text)
    }
    return .success
  }
}

/// What is in a data folder.
struct StoreInfo: Sendable {
  private struct Item {
    let name: String
    let counts: [(type: String, count: Int, deleted: Int)]
    let memberships: Int
    let last: UInt64
    let files: DirectoryFiles
  }

  private let folder: String
  private let keys: Int
  private let directories: [Item]

  init(_ configuration: Configuration, _ environment: Environment) throws(CommandError) {
    folder = configuration.data
    let folder = try DataFolder.opened(configuration.data, .readOnly)
    keys = try StoreAccess.keyNames(folder, configuration, environment).count
    let catalog = try StoreAccess.catalog(configuration)
    var items: [Item] = []
    for name in try StoreAccess.names(folder) {
      let reader = try StoreAccess.reader(folder, name, catalog, configuration, environment)
      do throws(LogError) {
        items.append(
          Item(
            name: name, counts: reader.counts(), memberships: reader.membershipCount(),
            last: reader.tail.point.seq, files: try DirectoryFiles(folder: reader.folder)))
      } catch {
        throw CommandError(error)
      }
    }
    directories = items
  }

  var text: String {
    var text = "\(folder): keys: \(keys)\n"
    for item in directories {
      text += "\ndirectory \(item.name)\n"
      for (type, count, deleted) in item.counts {
        text +=
          "  \(type): \(count)" + (deleted > 0 ? ", and \(deleted) deleted that can be restored" : "") + "\n"
      }
      let files = item.files
      text += "  memberships: \(item.memberships)\n  last record: \(item.last)\n"
      if let oldest = files.oldest {
        text += "  history: from record \(oldest), \(files.oldestTime ?? "?")\n"
      }
      text += "  journal segments: \(files.segments), \(files.segmentBytes) bytes\n"
      text += "  snapshots: \(files.snapshots), \(files.snapshotBytes) bytes\n"
    }
    return text
  }

  var json: JSONValue {
    var items: [JSONValue] = []
    for item in directories {
      var object: JSONObject = ["name": .string(item.name)]
      for (type, count, deleted) in item.counts {
        object[type] = ["count": .integer(Int64(count)), "deleted": .integer(Int64(deleted))]
      }
      object["memberships"] = .integer(Int64(item.memberships))
      object["last"] = .integer(Int64(clamping: item.last))
      object["oldest"] = item.files.oldest.map { .integer(Int64(clamping: $0)) } ?? .null
      object["oldestTime"] = item.files.oldestTime.map { .string($0) } ?? .null
      object["segments"] = .integer(Int64(item.files.segments))
      object["segmentBytes"] = .integer(Int64(item.files.segmentBytes))
      object["snapshots"] = .integer(Int64(item.files.snapshots))
      object["snapshotBytes"] = .integer(Int64(item.files.snapshotBytes))
      items.append(.object(object))
    }
    return ["folder": .string(folder), "keys": .integer(Int64(keys)), "directories": .array(items)]
  }
}
