import Client
import Credentials
import JSON
import Platform
import Storage

/// Creates, lists and revokes the keys of a data folder: through its running server, or else in its file.
struct KeyDesk: Sendable {
  let configuration: Configuration
  let environment: Environment

  private var folder: String { configuration.data }

  /// The key as JSON, with its secret as `key`.
  ///
  func create(_ new: NewKey) throws(CommandError) -> JSONValue {
    if let answer = try ask("POST", "/keys", body: new.json) { return answer }
    try DataFolder.opened(folder).close()
    return try withStore { store, keys throws(KeyAdministrationError) in
      // A new name makes a new directory.
      _ = store.directory(named: new.directory)
      return .object(try KeyAdministration(store, keys).create(new).shown(at: keys.now))
    }
  }

  /// All keys as JSON, oldest first.
  func list() throws(CommandError) -> [JSONValue] {
    if let answer = try ask("GET", "/keys") { return answer["keys"]?.arrayValue ?? [] }
    try requireFolder()
    return try withStore { _, keys throws(KeyAdministrationError) in
      .array(keys.keys().map { .object($0.shown(at: keys.now)) })
    }.arrayValue ?? []
  }

  /// The revoked key as JSON.
  func revoke(_ id: String) throws(CommandError) -> JSONValue {
    guard id.hasPrefix("key_"), id.utf8.count <= 64, id.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != 47 })
    else {
      throw CommandError(
        .usage, "\"\(id)\" is not the id of a key", advice: "`scimd key list` shows the ids (key_...).")
    }
    if let answer = try ask("DELETE", "/keys/\(id)") { return answer }
    try requireFolder()
    return try withStore { store, keys throws(KeyAdministrationError) in
      .object(try KeyAdministration(store, keys).revoke(id).shown(at: keys.now))
    }
  }
}

// The running server.
extension KeyDesk {
  /// The server's answer; nil where no server runs on the folder.
  private func ask(
    _ method: String, _ path: String, body: JSONValue? = nil
  ) throws(CommandError) -> JSONValue? {
    guard let response = try ControlClient(folder: folder).send(method, path, body: body) else { return nil }
    return try read(response, from: folder + "/" + ControlSocket.name)
  }

  private func read(_ response: ClientResponse, from socket: String) throws(CommandError) -> JSONValue {
    let json: JSONValue
    do {
      json = try response.json()
    } catch {
      throw CommandError(.failure, "\(socket): status \(response.status), and the body is not JSON: \(error)")
    }
    if (200..<300).contains(response.status) { return json }
    let text = json["error"]?.stringValue ?? "the server answered with status \(response.status)"
    switch response.status {
    case 400: throw CommandError(.usage, text)
    case 404: throw Self.unknownKey(text)
    default: throw CommandError(.inputOutput, text)
    }
  }
}

// The file.
extension KeyDesk {
  private func withStore(
    _ body: (Store, KeyRing) throws(KeyAdministrationError) -> JSONValue
  ) throws(CommandError) -> JSONValue {
    let store = try StoreAccess.open(configuration, environment)
    defer { store.close() }
    let keys = try RunningServer.openKeys(store)
    do throws(KeyAdministrationError) {
      return try body(store, keys)
    } catch {
      switch error {
      case .refused(let member): throw CommandError(.usage, member.description)
      case .unknownKey: throw Self.unknownKey(error.description)
      case .unknownDirectory: throw CommandError(.failure, error.description)
      case .notTaken: throw CommandError(.inputOutput, error.description)
      }
    }
  }

  private func requireFolder() throws(CommandError) {
    guard FileSystem.isDirectory(folder) else {
      throw CommandError(
        .failure, "there is no data folder \(folder)",
        advice: "Name it with --data DIR or SCIMD_DATA; `scimd serve --data DIR` makes one.")
    }
  }

  private static func unknownKey(_ text: String) -> CommandError {
    CommandError(.failure, text, advice: "`scimd key list` shows the ids.")
  }
}
