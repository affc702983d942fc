import Credentials
import Dispatch
import Platform

extension Command {
  static let serve = Command(
    path: ["serve"], summary: "Run the SCIM server",
    details: [
      "State is kept in the data folder, which is created if it is missing. The first start creates an API key and "
        + "prints it to standard output, only once, with a curl command that uses it. On SIGTERM or SIGINT the server "
        + "finishes requests in flight and exits with 0; a second signal makes it exit at once.",
      "To listen on an address that other machines can reach, give the server a certificate (--tls-certificate and "
        + "--tls-key), or put a proxy with TLS in front (config/Caddyfile) and use --public-url https://... or "
        + "--trusted-proxies; or use --insecure-plain-http. Certificates are read again when their files change and on "
        + "SIGHUP.",
    ],
    options: [ConfigurationLoader.fileOption] + Configuration.settings.map(\.commandOption),
    examples: [
      Example(does: "try it on this machine", line: "scimd serve"),
      Example(
        does: "behind a TLS proxy",
        line: "scimd serve --data /var/lib/scimd --public-url https://scim.example.com"),
      Example(
        does: "with TLS of its own",
        line:
          "scimd serve --listen *:443 --public-url https://scim.example.com --tls-certificate tls.pem --tls-key tls.key"
      ),
      Example(does: "settings from a file", line: "scimd serve --config /etc/scimd.json"),
      Example(does: "a unix socket for the proxy", line: "scimd serve --listen unix:/run/scimd/scimd.sock"),
    ]
  ) { invocation, console throws(CommandError) in
    let loader = ConfigurationLoader(invocation: invocation, console: console)
    let configuration = try loader.load()
    console.serverLog.use(configuration.logStyle)
    try configuration.checkTLS()
    try configuration.checkExposure()
    try configuration.checkAdminExposure()
    try configuration.checkProxyProtocol()
    try configuration.checkConsole()
    let stop = StopRequest()
    let server = try RunningServer.start(configuration, console, onFailure: stop.failing)
    ServeText.announce(server, configuration, console)
    let manager = ServiceManager { console.variables[$0] }
    manager?.tell(.ready(status: "Serving \(configuration.baseURL(port: server.port))"))
    let watchdog = manager.flatMap { Watchdog($0, turn: server.turn) }
    let reload = SettingsReload(loader, configuration, publish: server.publish)
    stop.wait { isReload in
      server.reopen()
      if isReload { reload.run() }
    }
    manager?.tell(.stopping)
    console.log(.info, "stopping; a second signal stops at once")
    // After a failure, requests without an answer never get one.
    try server.stop(within: stop.hasFailed ? min(configuration.drainSeconds, 1) : configuration.drainSeconds)
    withExtendedLifetime(watchdog) {}
    return stop.hasFailed ? .inputOutput : .success
  }
}
