import JSON
import SCIM
package import Storage

/// The names of keys by `keyId`, read from a data folder that no server has open.
package enum KeyNames {
  /// Those in the logs of the directories, and those of an older folder's `keys.json`.
  package static func all(
    _ folder: DataFolder, _ directories: [DirectoryReader]
  ) throws(KeyFileError) -> [String: String] {
    var names = try ofFile(folder)
    for document in directories.flatMap({ $0.administrativeDocuments("Key") }) {
      names[document.attributes["keyId"]?.stringValue ?? ""] = document.attributes["name"]?.stringValue
    }
    return names
  }

  /// Those of the file alone.
  package static func ofFile(_ folder: DataFolder) throws(KeyFileError) -> [String: String] {
    var names: [String: String] = [:]
    for key in try KeyFile(path: folder.path + "/keys.json").load() ?? [] {
      names[key.id] = key.document.attributes["name"]?.stringValue
    }
    return names
  }
}
