import Admin
import Console
import Credentials
import HTTP
import Insight
import Platform
import Protocol
import TLS
import Transfer

// The listeners of the process.
extension RunningServer {
  /// The listeners of one process.
  struct Servers: Sendable {
    let main: HTTPServer
    let second: HTTPServer?
    let metrics: HTTPServer?
    let redirect: HTTPServer?
    let console: HTTPServer?
    let control: HTTPServer

    func start() {
      for server in [control, console, metrics, second, redirect, main] { server?.start() }
    }

    func watch(with metrics: ServerMetrics) {
      metrics.watch(main, "main")
      if let second { metrics.watch(second, "admin") }
      if let redirect { metrics.watch(redirect, "redirect") }
      metrics.watch(control, "socket")
    }

    /// The listeners for administrators stay open until the last request of the main one has ended.
    func drain(within seconds: Int, _ completion: @escaping @Sendable () -> Void) {
      main.drain(deadline: Double(seconds)) {
        Self.drain([redirect, second, metrics, console, control].compactMap { $0 }[...], completion)
      }
    }

    /// One after the other.
    static func drain(_ servers: ArraySlice<HTTPServer>, _ completion: @escaping @Sendable () -> Void) {
      guard let first = servers.first else { return completion() }
      first.drain(deadline: 1) { drain(servers.dropFirst(), completion) }
    }
  }

  /// The second listener, whose services are set later; nil if none is configured.
  static func adminServer(
    _ service: SCIMService, _ configuration: Configuration, _ environment: Environment,
    _ certificates: Certificates?
  ) throws(CommandError) -> (server: HTTPServer, doors: DoorService)? {
    guard let setting = configuration.adminListen else { return nil }
    let doors = DoorService(Door.ofAdministration, scim: service)
    var limits = configuration.http
    limits.maxBodyBytes = ImportOptions.maxBytes
    let server = try listen(
      setting.address, doors, configuration, environment, limits: limits, loops: controlLoops,
      tls: configuration.speaksTLS(setting) ? certificates?.server : nil)
    return (server, doors)
  }

  /// The unix socket to which `scimd console` forwards; nil if another listener has the console. Unlike the control
  /// socket it does not identify its callers: every user of this machine can connect to the forwarded port.
  static func consoleServer(
    _ door: AdminDoor, _ pages: ConsoleDoor, _ service: SCIMService, _ configuration: Configuration,
    _ environment: Environment
  ) throws(CommandError) -> HTTPServer? {
    guard !configuration.hasConsole else { return nil }
    let doors = DoorService([.admin, .console, .docs], scim: service)
    doors.open(admin: door, console: pages)
    let socket = try ControlSocket.consolePath(in: configuration.data)
    return try listening { () throws(SystemError) in
      try HTTPServer(
        listen: [.unix(path: socket)], loops: 1, limits: controlLimits, environment: environment,
        handler: doors)
    }
  }

  /// The listener for monitoring systems that have no key; nil if there is to be none.
  static func metricsServer(
    _ handler: AdminHandler, _ service: SCIMService, _ configuration: Configuration,
    _ environment: Environment, _ certificates: Certificates?
  ) throws(CommandError) -> HTTPServer? {
    guard let setting = configuration.metricsListen else { return nil }
    let doors = DoorService([.metrics], scim: service)
    doors.open(admin: ControlService(handler) { _ in AdminCaller(.key(""), scopes: [.metricsRead]) })
    return try listen(
      setting.address, doors, configuration, environment, loops: 1,
      tls: configuration.speaksTLS(setting) ? certificates?.server : nil)
  }

  /// The plain listener that leads to https; nil if there is to be none.
  static func redirectServer(
    _ keys: KeyRing, _ configuration: Configuration, _ console: Console
  ) throws(CommandError) -> HTTPServer? {
    guard let setting = configuration.redirectListen, let target = configuration.publicURL else { return nil }
    let service = RedirectService(to: target, keys) { console.log(.warning, $0) }
    return try listen(setting.address, service, configuration, console.environment, loops: 1)
  }

  /// A listener for other machines; `trustedProxies` decides which proxies are trusted.
  static func listen(
    _ address: ListenAddress, _ handler: any HTTPHandler, _ configuration: Configuration,
    _ environment: Environment, limits: HTTPLimits? = nil, loops: Int, tls: TLSServer? = nil
  ) throws(CommandError) -> HTTPServer {
    try listening { () throws(SystemError) in
      try HTTPServer(
        listen: [address], loops: loops, limits: limits ?? configuration.http, environment: environment,
        handler: handler, proxies: Set(configuration.trustedProxies),
        proxiesSendHeader: configuration.proxyProtocol, tls: tls)
    }
  }

  /// The control socket.
  static func control(
    _ socket: String, _ handler: AdminHandler, _ environment: Environment
  ) throws(CommandError) -> HTTPServer {
    try listening { () throws(SystemError) in
      try HTTPServer(
        listen: [.unix(path: socket)], loops: controlLoops, limits: controlLimits, environment: environment,
        handler: ControlService(handler))
    }
  }

  /// Event loops of the control socket: reading a long record for a backup keeps one of them busy for a while, and a
  /// busy loop accepts no connections, so that other requests go to the rest.
  static let controlLoops = 4

  /// An import is sent in one body.
  static var controlLimits: HTTPLimits {
    var limits = HTTPLimits.default
    limits.maxBodyBytes = ImportOptions.maxBytes
    return limits
  }

  /// Creates a listener; the error names the address and advises what to do.
  static func listening(
    _ make: () throws(SystemError) -> HTTPServer
  ) throws(CommandError) -> HTTPServer {
    do throws(SystemError) {
      return try make()
    } catch {
      throw CommandError(listening: error)
    }
  }
}
