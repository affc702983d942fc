import Credentials
import SCIM

/// The output of `scimd serve` when it has started.
enum ServeText {
  /// The first key goes to standard output; the line for the operator to standard error.
  static func announce(_ server: RunningServer, _ configuration: Configuration, _ console: Console) {
    if let key = server.firstKey {
      console.write(.output, firstKey(key.secret, of: key.key, configuration, port: server.port))
    }
    let base = configuration.baseURL(port: server.port)
    console.log(
      .info,
      "serving \(base) from \(configuration.data), with \(configuration.eventLoops) event "
        + "loop\(configuration.eventLoops == 1 ? "" : "s") (version \(Version.text))")
    console.log(.info, administration(configuration, port: server.port, adminPort: server.adminPort))
  }

  /// The line for the operator about the ways to administer the server.
  static func administration(_ configuration: Configuration, port: Int, adminPort: Int) -> String {
    var places: [String] = []
    if let listen = configuration.adminListen {
      places.append(root(listen, port: adminPort, isSecure: configuration.speaksTLS(listen)))
    }
    if configuration.listenDoors.contains(.admin) {
      places.append(root(configuration.listen, port: port, isSecure: configuration.listenSpeaksTLS))
    }
    guard !places.isEmpty else {
      return
        "administration: commands on this machine, such as `scimd user list`; with --admin-listen "
        + "127.0.0.1:8081 also admin keys"
    }
    return "administration: commands on this machine, and with an admin key "
      + places.joined(separator: " and ")
  }

  private static func root(_ listen: ListenSetting, port: Int, isSecure: Bool) -> String {
    switch listen {
    case .tcp:
      "\(isSecure ? "https" : "http")://\(ListenSetting.bracketed(listen.reachableHost)):\(port)/admin/v1"
    case .unix: "\(listen) /admin/v1"
    }
  }

  /// The first key with the address and a command line to try it.
  static func firstKey(_ secret: String, of key: APIKey, _ configuration: Configuration, port: Int) -> String
  {
    let rows = [
      ("Base URL", configuration.baseURL(port: port)), ("API key", secret),
      ("Expires", key.expires?.description ?? "never"),
    ]
    return
      "This data folder had no API key, so the server created one. It is shown only once: keep it safe.\n\n"
      + HelpText.rows(rows)
      + "\nBefore it expires, `scimd key rotate \(key.id)` replaces it without an outage.\n"
      + "\nCreate a first user:\n\n"
      + curl(secret, configuration, port: port) + "\n\n"
  }

  /// One line for a shell on this machine, which need not reach the public address.
  private static func curl(_ secret: String, _ configuration: Configuration, port: Int) -> String {
    var local = configuration
    local.publicURL = nil
    var words = ["curl"]
    if case .unix(let path) = configuration.listen { words += ["--unix-socket", path] }
    words.append(local.baseURL(port: port) + "/Users")
    words.append("-H 'Authorization: Bearer \(secret)' -H 'Content-Type: application/scim+json'")
    words.append(
      #"-d '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada@example.com"}'"#)
    return words.joined(separator: " ")
  }
}
