package import Access
package import Client
package import Credentials
package import Feed
package import Insight
import JSON
package import Platform
import SCIM
package import Storage

/// The data folder that the admin API administers; this process has locked it.
package struct AdminWorld: Sendable {
  package let store: Store
  package let keys: KeyRing
  package let masterKeys: MasterKeys
  /// Roles, targets and grants, and what follows from them.
  package let access: AccessIndex
  /// The last requests.
  package let ring: RequestRing
  /// The logs as events.
  package let feed: Feed
  /// Where events are sent, and the keys that sign tokens; only a server begins to send.
  package let webhooks: Webhooks
  /// Those who follow events.
  package let followers = EventFollowers()
  /// Operations on more resources than fit into one record.
  package let jobs: JobRunner
  /// Requests with an `Idempotency-Key` that are being carried out.
  let running = RunningRequests()
  let refusals = SignInRefusals()
  package let environment: Environment
  /// The base URL of links to resources; also shown to clients with a new key.
  package let base: String
  /// Every setting with its value and origin.
  private let effective: Locked<[SettingReport]>
  package let version: String
  /// What the server measures of itself; nil for a command without a server.
  package let metrics: ServerMetrics?
  /// Whom the server trusts when it sends https requests.
  let tls: ClientTLS
  /// What was seen of each connection.
  package let steps: ConnectionSteps
  /// The keys of those who sign tokens; nil for a command without a server.
  let keySets: KeySets?
  package let links: SetupLinks
  package let sessions: ConsoleSessions
  /// The address of the console; nil if no listener has it.
  package let console: String?
  /// Sends a message by the system's mailer; nil if none is set.
  package let mail: (@Sendable (String) throws(AdminProblem) -> Void)?
  /// The address of the set-up room.
  var setUp: String { Self.origin(of: base) + "/setup" }
  /// The address of the token endpoint.
  var tokenURL: String { Self.origin(of: base) + TokenService.path }

  /// The base URL of everything that is not SCIM.
  private static func origin(of base: String) -> String {
    let path = "/scim/v2"
    return base.hasSuffix(path) ? String(base.dropLast(path.count)) : base
  }

  /// - Parameters:
  ///   - access: nil to create one.
  ///   - ring: nil to read what the folder has.
  package init(
    store: Store, keys: KeyRing, masterKeys: MasterKeys, environment: Environment, base: String,
    settings: [SettingReport] = [], version: String = "",
    access: AccessIndex? = nil, metrics: ServerMetrics? = nil, steps: ConnectionSteps? = nil,
    ring: RequestRing? = nil, tls: ClientTLS = .system, keySets: KeySets? = nil, console: String? = nil,
    mail: (@Sendable (String) throws(AdminProblem) -> Void)? = nil,
    outbound: OutboundGuard = OutboundGuard(allowed: []), webhookSchedule: WebhookSchedule = .standard,
    report: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.store = store
    self.keys = keys
    self.masterKeys = masterKeys
    self.access = access ?? AccessIndex(store)
    self.ring =
      ring ?? RequestRing(data: store.folder.path, environment: environment, redact: RedactedText.of)
    feed = Feed(store)
    webhooks = Webhooks(
      feed, WebhookSender(outbound, masterKeys, environment),
      StreamSender(outbound, SigningKeys(masterKeys), issuer: Self.origin(of: base), environment),
      webhookSchedule, report: report)
    jobs = JobRunner(store, self.access)
    self.environment = environment
    self.base = base
    effective = Locked(settings)
    self.version = version
    self.metrics = metrics
    self.tls = tls
    let steps = steps ?? ConnectionSteps(store)
    self.steps = steps
    self.keySets = keySets
    links = SetupLinks(store, keys, steps)
    sessions = ConsoleSessions(store, keys, links)
    self.console = console
    self.mail = mail
  }

  package var settings: [SettingReport] { effective.withLock { $0 } }

  /// Takes settings that changed while the server runs.
  package func use(_ settings: [SettingReport]) { effective.withLock { $0 = settings } }

  /// What was seen of a connection, and the last use of its keys.
  func activity(of connection: ResourceID, in directory: String) -> ConnectionActivity {
    var activity = steps.activity(of: connection)
    for key in keys.keys(of: directory) where key.connection == connection {
      for generation in key.generations {
        if let use = keys.lastUse(of: key, generation) { activity.used(at: use.time.milliseconds) }
      }
    }
    return activity
  }

  /// Creates the default directory on first use. Nil for any other directory that does not exist.
  func directory(named name: String) throws(AdminProblem) -> Directory? {
    if let directory = store.existingDirectory(named: name) { return directory }
    guard name.hasSameBytes(as: NewKey.defaultDirectory) else { return nil }
    do throws(StoreError) { return try store.directory(named: name).get() } catch {
      throw AdminProblem(error)
    }
  }
}
