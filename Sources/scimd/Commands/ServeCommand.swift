import Credentials
import Dispatch

extension Command {
  static let serve = Command(
    path: ["serve"], summary: "Run the SCIM server",
    details: [
      "State is kept in the data folder, which is made if it is missing. The first start makes an API key and "
        + "prints it, once, to standard output, with a curl command that works. SIGTERM or SIGINT lets requests in flight "
        + "finish and exits with 0; a second one exits at once.",
      "TLS is the work of a proxy in front (config/Caddyfile), so an address beyond this machine needs "
        + "--public-url https://..., --trusted-proxies or --insecure-plain-http.",
    ],
    options: [ConfigurationLoader.fileOption] + Configuration.settings.map(\.commandOption),
    examples: [
      Example(does: "try it on this machine", line: "scimd serve"),
      Example(
        does: "behind a TLS proxy",
        line: "scimd serve --data /var/lib/scimd --public-url https://scim.example.com"),
      Example(does: "settings from a file", line: "scimd serve --config /etc/scimd.json"),
      Example(does: "a unix socket for the proxy", line: "scimd serve --listen unix:/run/scimd/scimd.sock"),
    ]
  ) { invocation, console throws(CommandError) in
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    try configuration.checkExposure()
    try configuration.checkAdminExposure()
    try configuration.checkProxyProtocol()
    let stop = StopRequest()
    let server = try RunningServer.start(configuration, console, onFailure: stop.failing)
    ServeText.announce(server, configuration, console)
    stop.wait(onReopen: server.reopenLog)
    console.printError("scimd: stopping; a second signal ends at once")
    // After a failure, what has no answer yet never gets one.
    try server.stop(within: stop.hasFailed ? min(configuration.drainSeconds, 1) : configuration.drainSeconds)
    return stop.hasFailed ? .inputOutput : .success
  }
}

/// A server that accepts connections, and how to end it.
struct RunningServer: Sendable {
  /// The bound TCP port; 0 where it listens on a unix socket only.
  let port: Int
  /// The bound TCP port of the second listener; 0 if it has none.
  var adminPort = 0
  /// The key made because the folder had none.
  let firstKey: CreatedKey?
  /// Stops accepting, lets requests in flight finish for so many seconds, then calls back.
  let drain: @Sendable (_ seconds: Int, _ completion: @escaping @Sendable () -> Void) -> Void
  /// Begins the file of the access log again, after it was renamed.
  var reopenLog: @Sendable () -> Void = {}
  /// Writes what is left and unlocks the folder.
  let close: @Sendable () throws(CommandError) -> Void

  func stop(within seconds: Int) throws(CommandError) {
    let done = DispatchSemaphore(value: 0)
    drain(seconds) { done.signal() }
    done.wait()
    try close()
  }
}
