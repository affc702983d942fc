import Admin
import Client
import Glibc
import HTTP
import JSON
import Platform

/// How commands reach the admin API: the server named by --server; else the server that runs on the data folder,
/// through its unix socket; else the same handler in this process, on the opened and locked folder.
struct AdminClient: Sendable {
  /// A backup or export has no limit; an answer that is kept in memory has.
  private static let maxAnswerBytes = 2 << 30
  /// An erasure reads all of a directory's history before it answers.
  private static let patienceSeconds = 600.0

  static let serverOptions: [Command.Option] = [
    .init(
      name: "server", value: "URL", help: "The server to use instead of the data folder's.",
      variable: "SCIMD_SERVER"),
    .init(
      name: "key-file", value: "FILE", help: "A file with an admin key for --server.",
      variable: "SCIMD_KEY_FILE"),
  ]

  /// The options of every command that sends an administrative request.
  static let options: [Command.Option] = Command.storeOptions + serverOptions

  let configuration: Configuration
  let console: Console
  let invocation: Invocation
  private let server: ClientBase?
  private let key: String?

  /// Throws for a configuration, server or key file that cannot be used; connects only when a request is sent.
  init(_ invocation: Invocation, _ console: Console) throws(CommandError) {
    configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    self.console = console
    self.invocation = invocation
    // --data on the command line wins over a server in a variable.
    let isLocal = invocation["server"] == nil && invocation["data"] != nil
    let given = try isLocal ? nil : ServerAddress.given(invocation, console)
    server = given?.base
    key = given?.key
  }

  /// The same for the data folder only; --server and its variable are ignored.
  init(local invocation: Invocation, _ console: Console) throws(CommandError) {
    configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    self.console = console
    self.invocation = invocation
    server = nil
    key = nil
  }

  /// Whether a server runs on the data folder.
  var isServed: Bool { ControlSocket.isAnswered(in: configuration.data) }

  /// Throws unless there is a server, for a command that waits for what happens there.
  func requireServer(for what: String) throws(CommandError) {
    guard !isRemote else { return }
    try DataPlace(configuration).check()
    guard isServed else {
      throw CommandError(.unavailable, "no server runs on this data folder, so there are no new \(what)")
    }
  }

  /// Whether requests go to a server that the command line or a variable names.
  var isRemote: Bool { server != nil }

  /// The address of that server with its path; nil for the server of the data folder, and for a socket.
  var remoteURL: String? {
    guard let server, case .tcp = server.endpoint else { return nil }
    return "\(server)"
  }

  /// The answer to a request that succeeded.
  func send(_ request: AdminRequest) throws(CommandError) -> JSONValue {
    let response = try exchange(request, nil)
    do throws(JSONError) { return try response.json() } catch {
      throw CommandError(.failure, "\(place): the answer is not JSON: \(error)")
    }
  }

  /// The same, read as a report.
  func send<Report>(
    _ request: AdminRequest, _ read: (ObjectReader) throws(AdminProblem) -> Report
  ) throws(CommandError) -> (json: JSONValue, report: Report) {
    let json = try send(request)
    return (json, try self.read { () throws(AdminProblem) in try read(try ObjectReader(json)) })
  }

  /// The same, read as a page of a list.
  func page<Item>(
    _ request: AdminRequest, _ read: (ObjectReader) throws(AdminProblem) -> Item
  ) throws(CommandError) -> (json: JSONValue, page: AdminPage<Item>) {
    let json = try send(request)
    return (json, try self.read { () throws(AdminProblem) in try AdminPage(json, read) })
  }

  /// Passes the body of a success to `sink` piece by piece, until that returns false.
  func stream(_ request: AdminRequest, _ sink: (ArraySlice<UInt8>) -> Bool) throws(CommandError) {
    try withoutActuallyEscaping(sink) { sink throws(CommandError) in _ = try exchange(request, sink) }
  }

  /// A report that lacks something or has wrong types comes from another version of scimd.
  private func read<Value>(_ body: () throws(AdminProblem) -> Value) throws(CommandError) -> Value {
    do throws(AdminProblem) { return try body() } catch {
      throw CommandError(
        .failure, "\(place) sent an answer that this version does not understand: \(error.detail)",
        advice: "Use the same version of scimd as the server.")
    }
  }

  /// The request, for errors.
  private var place: String { server.map { "\($0)" } ?? configuration.data }

  // MARK: The three ways

  /// Sends the request by one of the three ways; throws the refusal of the admin API with its exit code.
  private func exchange(
    _ request: AdminRequest, _ sink: ((ArraySlice<UInt8>) -> Bool)?
  ) throws(CommandError) -> ClientResponse {
    var request = request
    request.command = (["scimd"] + invocation.command.path).joined(separator: " ")
    let response: ClientResponse
    if let server {
      let client = HTTPClient(base: server, token: key, timeoutSeconds: Self.patienceSeconds)
      do throws(ClientError) { response = try Self.send(request, client, sink) } catch {
        throw CommandError(.unavailable, "\(server): \(error)")
      }
    } else {
      let place = DataPlace(configuration)
      try place.check()
      if let answer = try throughSocket(request, sink) {
        response = answer
      } else {
        response = try OpenedFolder.exchange(request, configuration, console, sink)
      }
    }
    if (200..<300).contains(response.status) { return response }
    throw CommandError(explained(try refusal(response), request))
  }

  /// Reads a refusal of the admin API, or of the HTTP layer before it.
  private func refusal(_ response: ClientResponse) throws(CommandError) -> AdminProblem {
    let json = try? response.json()
    if let problem = json.flatMap({ AdminProblem($0) }) { return problem }
    guard let detail = json?["detail"]?.stringValue, (400..<600).contains(response.status) else {
      throw CommandError(.failure, "\(place) answered with status \(response.status)")
    }
    return AdminProblem(status: response.status, Self.withoutCode(detail))
  }

  /// The detail of an error of SCIM without the code at its end.
  private static func withoutCode(_ detail: String) -> String {
    guard detail.utf8.last == UInt8(ascii: "]"),
      let open = detail.utf8.lastIndex(of: UInt8(ascii: "["))
    else { return detail }
    let text = detail[..<open]
    return String(text.hasSuffix(" ") ? text.dropLast() : text)
  }

  /// Adds the nearest name to the refusal of an unknown directory, which is probably mistyped.
  private func explained(_ problem: AdminProblem, _ request: AdminRequest) -> AdminProblem {
    guard problem.code == .unknownDirectory, let name = request.directory else { return problem }
    var list = AdminRequest.root("GET", "directories")
    list.set("limit", "500")
    // A caller who may not see the directories gets no names.
    guard
      let page = try? page(list, { reader throws(AdminProblem) in try DirectoryReport(reader) }).page,
      let nearest = NearestName.of(name, among: page.items.map(\.name))
    else { return problem }
    var problem = problem
    problem.fix = "Did you mean \(nearest)? " + problem.fix
    return problem
  }

  /// The body of a success goes to `sink` if there is one.
  private static func send(
    _ request: AdminRequest, _ client: HTTPClient, _ sink: ((ArraySlice<UInt8>) -> Bool)?
  ) throws(ClientError) -> ClientResponse {
    client.responseLimit = maxAnswerBytes
    guard let sink else {
      return try client.send(
        method: request.method, path: request.target, fields: request.fields, body: request.body)
    }
    return try client.stream(
      method: request.method, path: request.target, fields: request.fields, body: request.body, sink)
  }

  /// The answer of the server on the folder; nil if no server runs there, whether or not its socket file remains.
  private func throughSocket(
    _ request: AdminRequest, _ sink: ((ArraySlice<UInt8>) -> Bool)?
  ) throws(CommandError) -> ClientResponse? {
    let socket = configuration.data + "/" + ControlSocket.name
    guard FileSystem.exists(socket) else { return nil }
    let client = HTTPClient(
      base: ClientBase(unixPath: socket), token: nil, timeoutSeconds: Self.patienceSeconds)
    do throws(ClientError) {
      return try Self.send(request, client, sink)
    } catch {
      if case .unreachable(_, let cause) = error {
        if cause.code == ECONNREFUSED || cause.code == ENOENT { return nil }
        if cause.code == EACCES { throw CommandError(.unavailable, socket, cause) }
      }
      throw CommandError(.unavailable, "\(socket): \(error)")
    }
  }
}
