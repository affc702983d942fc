import Access
import Admin
import Credentials
import HTTP
import Platform
import Protocol
import SCIM
import Storage
import Transfer

extension RunningServer {
  /// Opens the folder, recovers the state, listens, and makes the first key where there is none.
  static func start(
    _ configuration: Configuration, _ console: Console, onFailure: @escaping @Sendable () -> Void
  ) throws(CommandError) -> RunningServer {
    let environment = console.environment
    let socket = try ControlSocket.path(in: configuration.data)
    if let warning = try configuration.checkFolder() { console.printError("scimd: warning: \(warning)") }
    let folder = try DataFolder.opened(configuration.data)
    let store = try openStore(folder, configuration, console, onFailure)
    let keys = try openKeys(store)
    let output = try AccessLogOutput(configuration.accessLog, console)
    let log = output.map { output in AccessLog { output.write($0) } }
    var settings = configuration.serviceSettings
    settings.roles = try configuration.roles.map { path throws(CommandError) in try RoleFile(path).list() }
    settings.cursorSecret = try cursorSecret(folder, environment)
    let authorization = authorization(keys, configuration)
    let service = SCIMService(
      store: store, keys: keys, settings: settings, environment: environment, accessLog: log,
      authorization: authorization)
    let notice = ForwardingNotice(trusted: Set(configuration.trustedProxies)) {
      console.printError("scimd: warning: \($0)")
    }
    let doors = DoorService(
      configuration.listenDoors, scim: service, tokens: TokenService(authorization, report: logging(to: log)),
      notice: notice)
    let server = try listening { () throws(SystemError) in
      try HTTPServer(
        listen: [configuration.listen.address], loops: configuration.eventLoops,
        limits: configuration.http, environment: environment, handler: doors,
        proxies: Set(configuration.trustedProxies), proxiesSendHeader: configuration.proxyProtocol)
    }
    let world = AdminWorld(
      store: store, keys: keys, environment: environment,
      base: configuration.baseURL(port: server.port), settings: configuration.report, version: Version.text)
    let handler = AdminHandler(world)
    let door = AdminDoor(
      handler, authorization, trustedProxies: Set(configuration.trustedProxies), report: logging(to: log))
    doors.open(admin: door)
    let second = try adminServer(door, service, configuration, environment)
    let control = try listening { () throws(SystemError) in
      try HTTPServer(
        listen: [.unix(path: socket)], loops: controlLoops, limits: controlLimits, environment: environment,
        handler: ControlService(handler))
    }
    world.jobs.tidy()
    let firstKey = try makeFirstKey(store, keys)
    for server in [control, second, server] { server?.start() }
    // What a crash cut short goes on.
    world.jobs.wake()
    let upkeep = KeyUpkeep(keys) { console.printError("scimd: warning: \($0)") }
    let grants = GrantUpkeep(AccessClock(store, world.access))
    return RunningServer(
      port: server.port, adminPort: second?.port ?? 0, firstKey: firstKey,
      drain: { seconds, completion in
        service.beginDraining()
        server.drain(deadline: Double(seconds)) {
          let last: @Sendable () -> Void = { control.drain(deadline: 1, completion: completion) }
          if let second { second.drain(deadline: 1, completion: last) } else { last() }
        }
      },
      reopenLog: { output?.reopen() },
      close: { () throws(CommandError) in
        world.jobs.stop()
        upkeep.stop()
        grants.stop()
        store.close()
        log?.flush()
      })
  }

  /// Who is calling, for all doors alike: failures and requests are counted together.
  private static func authorization(_ keys: KeyRing, _ configuration: Configuration) -> Authorization {
    Authorization(
      keys, trustedProxies: Set(configuration.trustedProxies),
      failedKeysPerMinute: configuration.failedKeysPerMinute, limits: configuration.requestLimits,
      offersTokens: configuration.listenDoors.contains(.oauth))
  }

  /// Writes a request to another door than SCIM's into the access log, unless its refusal is counted with others.
  private static func logging(to log: AccessLog?) -> @Sendable (DoorAccess) -> Void {
    { access in
      guard access.refusal?.requests != 0 else { return }
      log?.append(
        AccessLine(
          time: access.time, requestID: access.requestID, remote: access.remote, method: access.method,
          template: access.template, resource: nil, key: access.key, refusal: access.refusal,
          status: access.status, microseconds: access.microseconds
        ).json)
    }
  }

  /// The second listener; nil if there is to be none.
  private static func adminServer(
    _ door: AdminDoor, _ service: SCIMService, _ configuration: Configuration, _ environment: Environment
  ) throws(CommandError) -> HTTPServer? {
    guard let address = configuration.adminListen?.address else { return nil }
    let doors = DoorService(Door.ofAdministration, scim: service)
    doors.open(admin: door)
    var limits = configuration.http
    limits.maxBodyBytes = ImportOptions.maxBytes
    return try listening { () throws(SystemError) in
      try HTTPServer(
        listen: [address], loops: controlLoops, limits: limits, environment: environment, handler: doors,
        proxies: Set(configuration.trustedProxies), proxiesSendHeader: configuration.proxyProtocol)
    }
  }

  /// Event loops of the control socket: reading a long record for a backup keeps one of them busy for a while, and a
  /// busy loop accepts no connections, so that other requests go to the rest.
  private static let controlLoops = 4

  /// An import comes in one body.
  private static var controlLimits: HTTPLimits {
    var limits = HTTPLimits.default
    limits.maxBodyBytes = ImportOptions.maxBytes
    return limits
  }

  private static func cursorSecret(
    _ folder: DataFolder, _ environment: Environment
  ) throws(CommandError) -> [UInt8] {
    do throws(DataFolderError) {
      return try folder.cursorSecret(environment)
    } catch {
      throw CommandError(StoreError.folder(error))
    }
  }

  private static func openStore(
    _ folder: DataFolder, _ configuration: Configuration, _ console: Console,
    _ onFailure: @escaping @Sendable () -> Void
  ) throws(CommandError) -> Store {
    let catalog = try StoreAccess.catalog(configuration)
    do throws(StoreError) {
      return try Store(
        folder: folder, catalog: catalog, options: configuration.storeOptions,
        environment: console.environment
      ) { event in
        switch event {
        case .warning(let text): console.printError("scimd: warning: \(text)")
        case .snapshot: break
        case .journalStopped(let directory, let reason):
          console.printError(
            "scimd: the journal of directory \(directory) stopped, nothing more is accepted: \(reason)\n"
              + "Check the disk and the data folder, then restart the server.")
          onFailure()
        }
      }
    } catch {
      throw CommandError(error)
    }
  }

  private static func listening(
    _ make: () throws(SystemError) -> HTTPServer
  ) throws(CommandError) -> HTTPServer {
    do throws(SystemError) {
      return try make()
    } catch {
      throw CommandError(listening: error)
    }
  }
}
