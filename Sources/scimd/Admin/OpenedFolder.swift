import Admin
import Client
import Credentials
import HTTP
import Platform
import Storage

/// The admin API in this process, on a data folder that no server uses.
enum OpenedFolder {
  /// Opens the folder, answers one request and closes the folder; jobs run to their end first. A GET writes nothing.
  static func exchange(
    _ request: AdminRequest, _ configuration: Configuration, _ console: Console,
    _ sink: ((ArraySlice<UInt8>) -> Bool)?
  ) throws(CommandError) -> ClientResponse {
    let isReading = request.method == "GET"
    let store = try StoreAccess.open(configuration, console.environment, toWrite: !isReading)
    let keys = try RunningServer.openKeys(store)
    // Reading leaves the files as they are: no snapshot is written at the end.
    defer { if isReading { store.release() } else { store.close() } }
    let world = AdminWorld(
      store: store, keys: keys, masterKeys: MasterKeys(store, file: configuration.secretKeyFile),
      environment: console.environment, base: configuration.baseURL(port: configuration.listenPort),
      settings: configuration.report,
      version: Version.text, outbound: configuration.outbound)
    if !isReading { world.jobs.tidy() }
    let head: HTTPRequestHead
    do throws(HTTPError) {
      head = try HTTPRequestHead(method: request.method, target: request.target, fields: request.fields)
    } catch {
      throw CommandError(AdminProblem(error))
    }
    let response = AdminHandler(world).respond(
      to: HTTPRequest(head: head, body: request.body ?? [], peer: .unixSocket),
      by: AdminCaller(.command(user: UserName.current)))
    // A job that the request began, or that a crash cut short, is carried out before the folder is closed.
    if !isReading { world.jobs.finish() }
    return try collected(response, sink)
  }

  /// The response as received; the body of a success goes to `sink` if there is one.
  private static func collected(
    _ response: HTTPResponse, _ sink: ((ArraySlice<UInt8>) -> Bool)?
  ) throws(CommandError) -> ClientResponse {
    let status = response.status.rawValue
    let wanted = (200..<300).contains(status) ? sink : nil
    var body: [UInt8] = []
    switch response.body {
    case .empty: break
    case .bytes(let bytes):
      if let wanted { _ = wanted(bytes[...]) } else { body = bytes }
    case .stream(let producer):
      do {
        while let piece = try producer.nextPiece() {
          // Without a server nothing new happens that the stream could wait for.
          if piece.isEmpty, producer.whenReady({}) { break }
          if let wanted {
            if !wanted(piece[...]) { break }
          } else {
            body += piece
          }
        }
      } catch {
        throw CommandError(.failure, "the answer could not be completed: \(error)")
      }
    }
    return ClientResponse(status: status, fields: response.fields.list, body: body)
  }
}
