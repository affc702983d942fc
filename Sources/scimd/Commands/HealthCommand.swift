import Client
import JSON

extension Command {
  static let health = Command(
    path: ["health"], summary: "Check whether a running server is ready; for health checks",
    details: [
      "Exit code 0 if the server answers that it is ready, otherwise 1. Without options it connects to the configured "
        + "listen address; with --data, or if the server speaks TLS, to the data folder's control socket."
    ],
    options: [ConfigurationLoader.fileOption]
      + Configuration.settings.filter { $0.name == "listen" || $0.name == "data" }.map(\.commandOption)
      + [jsonOption],
    examples: [
      Example(does: "in a Dockerfile", line: "HEALTHCHECK CMD [\"/usr/bin/scimd\", \"health\"]"),
      Example(does: "a server on another port", line: "scimd health --listen 127.0.0.1:9090"),
    ]
  ) { invocation, console throws(CommandError) in
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    // Its own certificate is hardly for the address of this machine.
    let usesControl =
      invocation["listen"] == nil && (invocation["data"] != nil || configuration.listenSpeaksTLS)
    let base: ClientBase
    let path: String
    if usesControl {
      try DataPlace(configuration).check()
      base = ClientBase(unixPath: try ControlSocket.path(in: configuration.data))
      path = "/livez"
    } else {
      base = try clientBase(of: configuration.listen)
      path = "/readyz"
    }
    let problem = problem(at: base, path)
    var json: JSONObject = ["healthy": .bool(problem == nil), "address": .string("\(base)")]
    if let problem { json["problem"] = .string(problem) }
    try console.show(.object(json), invocation) { () throws(CommandError) in
      if let problem { throw CommandError(.failure, problem) }
      return "healthy: \(base)\n"
    }
    return problem == nil ? .success : .failure
  }

  /// The problem with the server at `base`; nil if it is ready.
  private static func problem(at base: ClientBase, _ path: String) -> String? {
    let client = HTTPClient(base: base, token: nil, timeoutSeconds: 3)
    do throws(ClientError) {
      let response = try client.send(method: "GET", path: path, fields: [("Accept", "application/json")])
      return response.status == 200 ? nil : "\(base)\(path) answered with status \(response.status)"
    } catch {
      return "\(error)"
    }
  }

  /// Where to connect to a server that listens on this address.
  private static func clientBase(of listen: ListenSetting) throws(CommandError) -> ClientBase {
    switch listen {
    case .unix(let path): return ClientBase(unixPath: path)
    case .tcp(_, let port):
      do throws(ClientError) {
        return try ClientBase("http://\(ListenSetting.bracketed(listen.reachableHost)):\(port)")
      } catch {
        throw CommandError(.configuration, "\(error)")
      }
    }
  }
}
