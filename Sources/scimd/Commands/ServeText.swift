import Credentials

/// What `scimd serve` says when it is up.
enum ServeText {
  /// The first key goes to standard output; the line for the operator to standard error.
  static func announce(_ server: RunningServer, _ configuration: Configuration, _ console: Console) {
    if let key = server.firstKey {
      console.write(.output, firstKey(key.secret, configuration, port: server.port))
    }
    let base = configuration.baseURL(port: server.port)
    console.printError("scimd \(Version.text): serving \(base) from \(configuration.data)")
  }

  static func firstKey(_ secret: String, _ configuration: Configuration, port: Int) -> String {
    let rows = [("Base URL", configuration.baseURL(port: port)), ("API key", secret)]
    return "This data folder had no API key, so one was made. It is shown this once: keep it safe.\n\n"
      + HelpText.rows(rows) + "\nCreate a first user:\n\n"
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
