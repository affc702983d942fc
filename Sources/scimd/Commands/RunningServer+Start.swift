import Admin
import Credentials
import Glibc
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
    let folder = try DataFolder.opened(configuration.data)
    let store = try openStore(folder, configuration, console, onFailure)
    let keys = try openKeys(store)
    let log = configuration.accessLog == .off ? nil : accessLog(console)
    var settings = configuration.serviceSettings
    settings.roles = try configuration.roles.map { path throws(CommandError) in try RoleFile(path).list() }
    settings.cursorSecret = try cursorSecret(folder, environment)
    let service = SCIMService(
      store: store, keys: keys, settings: settings, environment: environment,
      accessLog: log)
    let server = try listening { () throws(SystemError) in
      try HTTPServer(
        listen: [configuration.listen.address], loops: configuration.loops ?? Processors.usable(),
        limits: configuration.http, environment: environment, handler: service,
        proxies: Set(configuration.trustedProxies), proxiesSendHeader: configuration.proxyProtocol)
    }
    let base = configuration.baseURL(port: server.port)
    let control = ControlService(
      ControlAPI(store, keys: keys, baseURL: base),
      admin: AdminAPI(store: store, environment: environment, base: base))
    let desk = try listening { () throws(SystemError) in
      try HTTPServer(
        listen: [.unix(path: socket)], loops: 1, limits: controlLimits, environment: environment,
        handler: control)
    }
    let firstKey = try makeFirstKey(store, keys)
    desk.start()
    server.start()
    return RunningServer(
      port: server.port, firstKey: firstKey,
      drain: { seconds, completion in
        service.beginDraining()
        server.drain(deadline: Double(seconds)) { desk.drain(deadline: 1, completion: completion) }
      },
      close: { () throws(CommandError) in
        store.close()
        log?.flush()
      })
  }

  /// An import comes in one body.
  private static var controlLimits: HTTPLimits {
    var limits = HTTPLimits.default
    limits.maxBodyBytes = ImportOptions.maxBytes
    return limits
  }

  private static func accessLog(_ console: Console) -> AccessLog {
    AccessLog { console.write(.output, String(decoding: $0, as: UTF8.self)) }
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
              + "See to the disk and to the data folder, then start the server again.")
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
