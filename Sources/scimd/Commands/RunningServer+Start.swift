import Access
import Admin
import Client
import Console
import Credentials
import Feed
import HTTP
import Insight
import JSON
import Platform
import Protocol
import SCIM
import Storage

extension RunningServer {
  /// Opens the folder, recovers the state, listens, and creates the first key if the folder never had one.
  static func start(
    _ configuration: Configuration, _ console: Console, onFailure: @escaping @Sendable () -> Void
  ) throws(CommandError) -> RunningServer {
    let environment = console.environment
    let socket = try ControlSocket.path(in: configuration.data)
    if let warning = try configuration.checkFolder() { console.log(.warning, warning) }
    let folder = try DataFolder.opened(configuration.data)
    let store = try openStore(folder, configuration, console, onFailure)
    let keys = try openKeys(store)
    let masterKeys = try masterKeys(store, configuration)
    let output = try AccessLogOutput(configuration.accessLog, console)
    let log = output.map { output in AccessLog { output.write($0) } }
    let ring = ring(configuration, console)
    let certificates = try Certificates.of(configuration, environment)
    let metrics = ServerMetrics(
      environment, droppedLines: { log?.droppedLines ?? 0 }, certificates: { certificates?.served ?? [] })
    let report = reporting(to: log, metrics.requests, ring, keys)
    let (steps, access) = (ConnectionSteps(store), AccessIndex(store))
    let authorization = authorization(keys, configuration)
    let service = SCIMService(
      store: store, keys: keys, settings: try settings(configuration, masterKeys, access),
      environment: environment, accessLog: log, authorization: authorization, metrics: metrics.requests,
      steps: steps, ring: ring)
    let keySets = KeySets(configuration.outbound, clock: environment.monotonic)
    let tokens = TokenService(
      authorization, keySets, base: configuration.publicURL?.text, report: report)
    let doors = doors(service, tokens, configuration, console)
    let main = try listen(
      try PassedSocket.address(configuration, console), doors, configuration, environment,
      loops: configuration.eventLoops, tls: certificates?.server)
    PassedSocket.check(main.port, configuration, console)
    let second = try adminServer(service, configuration, environment, certificates)
    let world = AdminWorld(
      store: store, keys: keys, masterKeys: masterKeys, environment: environment,
      base: configuration.baseURL(port: main.port), settings: configuration.report, version: Version.text,
      access: access, metrics: metrics, steps: steps, ring: ring,
      tls: ClientTLS(ClientTLS.Files(authorities: configuration.caFile)),
      keySets: keySets,
      console: configuration.consoleURL(port: main.port, adminPort: second?.server.port ?? 0),
      mail: mailer(configuration), outbound: configuration.outbound,
      webhookSchedule: WebhookSchedule(seconds: configuration.webhookSchedule)
    ) { console.log(.warning, $0) }
    let handler = AdminHandler(world)
    let proxies = Set(configuration.trustedProxies)
    let door = AdminDoor(handler, authorization, trustedProxies: proxies, report: report)
    let pages = ConsoleDoor(world, authorization, trustedProxies: proxies, report: report)
    let room = SetupDoor(world, authorization, trustedProxies: proxies, report: report)
    doors.open(admin: door, console: pages, setup: room)
    second?.doors.open(admin: door, console: pages)
    let servers = Servers(
      main: main, second: second?.server,
      metrics: try metricsServer(handler, service, configuration, environment, certificates),
      redirect: try redirectServer(keys, configuration, console),
      console: try consoleServer(door, pages, service, configuration, environment),
      control: try control(socket, handler, environment))
    servers.watch(with: metrics)
    let firstKey = try begin(servers, world)
    return running(servers, service, world, firstKey, log, output, console, certificates)
  }

  /// Creates the first key if needed, then accepts connections and continues interrupted jobs.
  private static func begin(_ servers: Servers, _ world: AdminWorld) throws(CommandError) -> CreatedKey? {
    world.jobs.tidy()
    let firstKey = try makeFirstKey(world.store, world.keys)
    servers.start()
    // Continues jobs that a crash interrupted.
    world.jobs.wake()
    return firstKey
  }

  /// Starts the upkeep of keys and grants, and returns the ways to stop the server.
  private static func running(
    _ servers: Servers, _ service: SCIMService, _ world: AdminWorld, _ firstKey: CreatedKey?,
    _ log: AccessLog?, _ output: AccessLogOutput?, _ console: Console, _ certificates: Certificates?
  ) -> RunningServer {
    world.ring.begin()
    world.webhooks.begin()
    let upkeep = KeyUpkeep(world.keys, world.steps, world.sessions) { console.log(.warning, $0) }
    let renewal = certificates.map { certificates in
      CertificateUpkeep(certificates, now: console.environment.now) { console.log($0, $1) }
    }
    let grants = GrantUpkeep(AccessClock(world.store, world.access))
    let anchors = AuditAnchors(world.store, now: console.environment.now) { line in
      if let log {
        log.append(line)
      } else {
        console.printError(console.serverLog.line(json: String(decoding: line, as: UTF8.self)))
      }
    }
    return RunningServer(
      port: servers.main.port, adminPort: servers.second?.port ?? 0,
      metricsPort: servers.metrics?.port ?? 0, redirectPort: servers.redirect?.port ?? 0,
      firstKey: firstKey,
      drain: { seconds, completion in
        service.beginDraining()
        world.ring.endWatches()
        world.followers.end()
        servers.drain(within: seconds, completion)
      },
      turn: { servers.main.turn(completion: $0) },
      reopen: {
        output?.reopen()
        renewal?.reload()
      },
      publish: { world.use($0.report) },
      close: closing(world, upkeep, grants, anchors, renewal, log))
  }

  /// Stops everything else after the last request was answered: jobs and upkeep first, the store after them.
  private static func closing(
    _ world: AdminWorld, _ upkeep: KeyUpkeep, _ grants: GrantUpkeep, _ anchors: AuditAnchors,
    _ renewal: CertificateUpkeep?, _ log: AccessLog?
  ) -> @Sendable () throws(CommandError) -> Void {
    { () throws(CommandError) in
      world.jobs.stop()
      world.webhooks.stop()
      // What the last requests showed is written with the rest.
      world.ring.end()
      upkeep.stop()
      grants.stop()
      renewal?.stop()
      world.store.close()
      anchors.stop()
      log?.flush()
    }
  }

  private static func ring(_ configuration: Configuration, _ console: Console) -> RequestRing {
    RequestRing(
      data: configuration.data, values: configuration.requestValues, limits: configuration.ringLimits,
      environment: console.environment, redact: RedactedText.of
    ) { console.log(.warning, $0) }
  }

  /// The settings of the service, with the roles that it lists and the secret of its cursors.
  private static func settings(
    _ configuration: Configuration, _ masterKeys: MasterKeys, _ access: AccessIndex
  ) throws(CommandError) -> ServiceSettings {
    var settings = configuration.serviceSettings
    settings.roles = try configuration.roles.map { text throws(CommandError) in try roles(text, access) }
    settings.access = access
    settings.cursorSecret = { masterKeys.secret(for: "cursor") }
    return settings
  }

  /// The services of the main listener, except the door for administrators.
  private static func doors(
    _ service: SCIMService, _ tokens: TokenService, _ configuration: Configuration, _ console: Console
  ) -> DoorService {
    DoorService(
      configuration.listenDoors, scim: service, tokens: tokens,
      notice: ForwardingNotice(trusted: Set(configuration.trustedProxies)) {
        console.log(.warning, $0)
      })
  }

  /// The roles to list: those of a file, or of each directory.
  private static func roles(_ text: String, _ access: AccessIndex) throws(CommandError) -> RoleSource {
    guard text.hasSameBytes(as: RoleFile.ofDirectory) else { return .file(try RoleFile(text).list()) }
    do throws(SchemaError) { return .directory(try DirectoryRoles(access)) } catch {
      throw CommandError(.failure, "the schemas of roles are malformed: \(error)")
    }
  }

  /// Authentication for all doors: failures and requests are counted together.
  private static func authorization(_ keys: KeyRing, _ configuration: Configuration) -> Authorization {
    Authorization(
      keys, trustedProxies: Set(configuration.trustedProxies),
      failedKeysPerMinute: configuration.failedKeysPerMinute, limits: configuration.requestLimits,
      offersTokens: configuration.listenDoors.contains(.oauth))
  }

  /// Counts a request to another door than SCIM's, and writes it into the access log and the ring unless its refusal is
  /// counted with others.
  private static func reporting(
    to log: AccessLog?, _ metrics: RequestMetrics, _ ring: RequestRing, _ keys: KeyRing
  ) -> @Sendable (DoorAccess) -> Void {
    { access in
      metrics.count(
        RequestMetrics.Series(
          directory: access.directory ?? DataFolder.systemName, route: access.template, method: access.method,
          status: access.status), nanoseconds: access.nanoseconds)
      guard access.refusal?.requests != 0 else { return }
      // The pages of the console read all the time, and would hide the requests that they show.
      if !(access.isOfConsole && access.method == "GET" && access.status < 400) {
        ring.append(
          DoorRequest(access, keys),
          ObservedAnswer(status: access.status, time: access.time, microseconds: access.nanoseconds / 1000))
      }
      log?.append(
        AccessLine(
          time: access.time, requestID: access.requestID, remote: access.remote, method: access.method,
          template: access.template, resource: nil, key: access.key, refusal: access.refusal, code: nil,
          status: access.status, microseconds: access.nanoseconds / 1000
        ).json)
    }
  }

  /// Passes messages to the program that `mailCommand` names; nil if it names none.
  private static func mailer(
    _ configuration: Configuration
  ) -> (@Sendable (String) throws(AdminProblem) -> Void)? {
    let command = configuration.mailCommand
    guard !command.isEmpty else { return nil }
    return { message throws(AdminProblem) in
      do throws(SystemError) { try MailerProcess.run(command, input: message) } catch {
        throw AdminProblem(.internalError, "The mailer failed: \(error).")
      }
    }
  }

  /// A server does not start with a different master key than the folder was last used with.
  private static func masterKeys(
    _ store: Store, _ configuration: Configuration
  ) throws(CommandError) -> MasterKeys {
    let keys = MasterKeys(store, file: configuration.secretKeyFile)
    do throws(MasterKeyError) { try keys.open() } catch {
      // The folder is left as it was found.
      store.release()
      throw CommandError(error)
    }
    return keys
  }

  /// Opens all directories. A failed journal is reported, and `onFailure` is called then, from any thread.
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
        case .warning(let text): console.log(.warning, text)
        case .snapshot: break
        case .journalStopped(let directory, let reason):
          console.log(
            .error,
            "the journal of directory \(directory) failed, and no more writes are accepted: \(reason)\nCheck the disk "
              + "and the data folder, then restart the server.")
          onFailure()
        }
      }
    } catch {
      throw CommandError(error)
    }
  }
}
