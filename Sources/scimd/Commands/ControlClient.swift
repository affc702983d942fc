import Client
import Glibc
import JSON
import Platform

/// Asks the server that runs on a data folder, through its control socket.
struct ControlClient: Sendable {
  /// A list of a million users.
  private static let maxAnswerBytes = 2 << 30
  /// An erasure goes through all of a directory's history before it answers.
  private static let patienceSeconds = 600.0

  let folder: String

  private var socket: String { folder + "/" + ControlSocket.name }

  /// The server's answer, of whatever status; nil where no server runs on the folder.
  func send(
    _ method: String, _ path: String, body: JSONValue? = nil
  ) throws(CommandError) -> ClientResponse? {
    try send(method, path, bytes: body?.serialized())
  }

  /// The same with a body of whatever kind.
  func send(_ method: String, _ path: String, bytes: [UInt8]?) throws(CommandError) -> ClientResponse? {
    try exchange { (client, fields) throws(ClientError) in
      try client.send(method: method, path: path, fields: fields, body: bytes)
    }
  }

  /// As `send`; the body of a success goes to `sink` piece by piece, until that returns false.
  func stream(
    _ method: String, _ path: String, _ sink: (ArraySlice<UInt8>) -> Bool
  ) throws(CommandError) -> ClientResponse? {
    try exchange { (client, fields) throws(ClientError) in
      try client.stream(method: method, path: path, fields: fields, sink)
    }
  }

  private func exchange(
    _ body: (HTTPClient, [(String, String)]) throws(ClientError) -> ClientResponse
  ) throws(CommandError) -> ClientResponse? {
    let socket = socket
    guard FileSystem.exists(socket) else { return nil }
    let client = HTTPClient(
      base: ClientBase(unixPath: socket), token: nil, timeoutSeconds: Self.patienceSeconds)
    client.responseLimit = Self.maxAnswerBytes
    do {
      return try body(client, [("Accept", "application/json"), ("Content-Type", "application/json")])
    } catch .unreachable(_, let error) where error.code == ECONNREFUSED || error.code == ENOENT {
      return nil
    } catch .unreachable(_, let error) where error.code == EACCES {
      throw CommandError(
        .failure, "\(socket): \(error)", advice: "Run this as the user the server runs as.")
    } catch {
      throw CommandError(.failure, "\(socket): \(error)")
    }
  }

  /// What the server says of its refusal; nil for a success.
  static func refusal(_ response: ClientResponse) -> String? {
    if (200..<300).contains(response.status) { return nil }
    let json = try? response.json()
    return json?["error"]?.stringValue ?? "the server answered with status \(response.status)"
  }
}
