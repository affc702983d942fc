import Admin
import Client
import JSON
import Platform
import SCIM
import Storage

/// Lists, restores and erases the resources of a directory: through the running server, or else in the folder.
struct DirectoryDesk: Sendable {
  let configuration: Configuration
  let directory: String
  let environment: Environment

  /// The resources of the type, or its deleted ones, as `ResourceSummary` objects.
  ///
  /// - Parameter type: the name or the endpoint of a resource type.
  func list(_ type: String, deleted: Bool) throws(CommandError) -> [JSONValue] {
    var lines: [JSONValue] = []
    let path = "\(try place(of: type))\(deleted ? "/deleted" : "")"
    if let response = try control.send("GET", path) {
      try refuse(response)
      for line in response.body.split(separator: 0x0A) { lines.append(try parse(line)) }
      return lines
    }
    let catalog = try StoreAccess.catalog(configuration)
    let pieces = try reader(catalog).summaries(try found(type, catalog), deleted: deleted)
    while let piece = pieces.next() {
      for line in piece.split(separator: 0x0A) { lines.append(try parse(line)) }
    }
    return lines
  }

  /// The resource that is there again, as clients see it.
  func restore(_ type: String, _ id: String) throws(CommandError) -> JSONValue {
    guard ResourceID(id) != nil else {
      throw CommandError(
        .usage, "\"\(id)\" is not an id", advice: "`scimd user list --deleted` shows the ids.")
    }
    let path = "\(try place(of: type))/\(id)/restore"
    if let response = try control.send("POST", path) {
      try refuse(response)
      return try parse(response.body[...])
    }
    return try restoreInFolder(type, id)
  }

  private func restoreInFolder(_ name: String, _ id: String) throws(CommandError) -> JSONValue {
    let store = try StoreAccess.open(configuration, environment)
    defer { store.close() }
    guard let open = store.existingDirectory(named: directory) else { throw unknownDirectory() }
    let administration = DirectoryAdministration(open, environment: environment, origin: "command line")
    let base = configuration.baseURL(port: configuration.listenPort)
    let type = try found(name, store.catalog)
    let bytes: [UInt8]
    do throws(SCIMError) {
      bytes = try administration.restore(type, id, base: base)
    } catch {
      throw CommandError(.failure, error.detail)
    }
    return try parse(bytes[...])
  }

  /// What was done to erase a resource; see `DirectoryAdministration.erase`.
  func erase(_ name: String, _ id: ResourceID) throws(CommandError) -> JSONValue {
    let path = "\(try place(of: name))/\(id.text)/erase"
    if let response = try control.send("POST", path) {
      try refuse(response)
      return try parse(response.body[...])
    }
    let store = try StoreAccess.open(configuration, environment)
    defer { store.close() }
    guard let open = store.existingDirectory(named: directory) else { throw unknownDirectory() }
    let administration = DirectoryAdministration(open, environment: environment, origin: "command line")
    let type = try found(name, store.catalog)
    do throws(SCIMError) {
      return try administration.erase(type, id)
    } catch {
      throw CommandError(.failure, error.detail)
    }
  }

  /// The name by which people know a resource, also a deleted one; nil where there is none.
  func name(of id: ResourceID) throws(CommandError) -> String? {
    try reader(try StoreAccess.catalog(configuration)).displayName(of: id.text)
  }

  private var control: ControlClient { ControlClient(folder: configuration.data) }

  private func checkedName() throws(CommandError) -> String {
    guard DataFolder.isValidName(directory) else {
      throw CommandError(DataFolderError.invalidName(directory), folder: configuration.data)
    }
    return directory
  }

  private func reader(_ catalog: Catalog) throws(CommandError) -> DirectoryReader {
    let folder = try DataFolder.opened(configuration.data, .readOnly)
    guard try StoreAccess.names(folder).contains(directory) else { throw unknownDirectory() }
    return try StoreAccess.reader(folder, directory, catalog, configuration, environment)
  }

  private func found(_ name: String, _ catalog: Catalog) throws(CommandError) -> ResourceType {
    guard let type = catalog.type(called: name) else {
      throw CommandError(.failure, catalog.unknownType(name))
    }
    return type
  }

  /// Where the control socket has the resources of a type.
  private func place(of type: String) throws(CommandError) -> String {
    let name = type.hasPrefix("/") ? String(type.dropFirst()) : type
    guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 32 && $0 < 127 && !"/?#%".utf8.contains($0) }) else {
      throw CommandError(.usage, "\"\(type)\" is not the name of a resource type")
    }
    return "/directories/\(try checkedName())/\(name)"
  }

  private func unknownDirectory() -> CommandError {
    CommandError(
      .failure, "there is no directory \"\(directory)\" in \(configuration.data)",
      advice: "`scimd store info` shows the directories.")
  }

  private func refuse(_ response: ClientResponse) throws(CommandError) {
    if let text = ControlClient.refusal(response) { throw CommandError(.failure, text) }
  }

  private func parse(_ line: ArraySlice<UInt8>) throws(CommandError) -> JSONValue {
    do throws(JSONError) {
      return try JSONParser.parse(line)
    } catch {
      throw CommandError(.failure, "an answer is not JSON: \(error)")
    }
  }
}
