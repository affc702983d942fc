import Admin
import Client
import Credentials
import Exchange
import Glibc
import JSON
import Platform
import SCIM

/// The keys that scripts are played with: the one of --key-file, or new ones that the server on the data folder creates,
/// one for all profiles with the same rules.
final class SimulatorKeys {
  private enum Source {
    case given(id: String, String, profile: String)
    case made(AdminClient, directory: String)
    /// No key: the server may not need one.
    case none
  }

  private static let patienceSeconds = 30.0

  /// The URL of --url, of the server that creates the keys, or the default.
  private var base: ClientBase
  private let isBaseGiven: Bool
  private let authentication: SimulatorAuthentication
  private let source: Source
  private var clients: [String: HTTPClient] = [:]
  private var made: [String] = []
  private var wasChecked = false

  /// Checks all options; creates no keys yet.
  init(_ invocation: Invocation, _ console: Console) throws(CommandError) {
    isBaseGiven = invocation["url"] != nil
    let tls = try ClientTrust.tls(invocation, console)
    do throws(ClientError) {
      base = try ClientBase(invocation["url"] ?? SimulateCommand.defaultURL, tls: tls)
    } catch {
      throw CommandError(.usage, "--url: \(error)")
    }
    let profile = invocation["profile"] ?? NewKey.defaultProfile
    guard profile == "any" || Profile.named(profile) != nil else {
      let names = Profile.all.map(\.name)
      let nearest = NearestName.of(profile, among: names).map { "did you mean \($0)?" }
      throw CommandError(
        .usage, "--profile: no such profile \"\(profile)\"",
        advice: nearest ?? "There are \(names.joined(separator: ", ")), and any.")
    }
    let kind = invocation["auth"] ?? SimulatorAuthentication.bearer.rawValue
    guard let authentication = SimulatorAuthentication(rawValue: kind) else {
      let kinds = SimulatorAuthentication.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandError(.usage, "--auth: \"\(kind)\" is not one of \(kinds)")
    }
    self.authentication = authentication
    if let file = invocation["key-file"] {
      let id = invocation["key-id"]
      guard id != nil || authentication == .bearer else {
        throw CommandError(.usage, "--auth \(kind) needs the id of the key", advice: "Set it with --key-id.")
      }
      source = .given(
        id: id ?? "", try KeyOption.read(file, option: "--key-file"), profile: profile)
    } else {
      let client = try AdminClient(local: invocation, console)
      source = client.isServed ? .made(client, directory: ResourceCommands.directory(invocation)) : .none
    }
  }

  /// Separates the scripts that the key fits from those to skip. Scripts that were chosen by name are all played.
  func playable(
    _ scripts: [ExchangeScript], isChosenByName: Bool
  ) -> (played: [ExchangeScript], skipped: [ExchangeScript]) {
    guard !isChosenByName else { return (scripts, []) }
    if case .made = source { return (scripts, []) }
    var rules: Set<DialectRule>?
    if case .given(_, _, let name) = source { rules = Profile.named(name)?.rules }
    // Keys with other scopes can only be made.
    let fits = { (script: ExchangeScript) in
      script.keys.isEmpty && (rules.map { Profile.named(script.profile)?.rules == $0 } ?? true)
    }
    return (scripts.filter(fits), scripts.filter { !fits($0) })
  }

  /// A client with a key for the script. The first one sends a request, to find a wrong URL or key at once.
  func client(for script: ExchangeScript) throws(CommandError) -> HTTPClient {
    // Each provider requests tokens in its own way.
    let profile = authentication == .oauth ? script.profile : Self.profile(like: script.profile)
    if let client = clients[profile] { return client }
    let (id, token): (String, String?)
    switch source {
    case .given(let given, let key, _): (id, token) = (given, key)
    case .none: (id, token) = ("", nil)
    case .made(let admin, let directory): (id, token) = try make(profile, nil, admin, directory)
    }
    let client = HTTPClient(base: base, token: token, timeoutSeconds: Self.patienceSeconds)
    client.patience = { sleep(UInt32($0)) }
    if token != nil { try authentication.prepare(client, id: id, profile: script.profile) }
    if !wasChecked { try check(client) }
    wasChecked = true
    clients[profile] = client
    return client
  }

  /// Clients for the keys that a script names, and their directory. Throws if no server makes keys.
  func keyed(
    for script: ExchangeScript
  ) throws(CommandError) -> (clients: [String: HTTPClient], directory: String) {
    guard !script.keys.isEmpty else { return ([:], "") }
    guard case .made(let admin, let directory) = source else {
      throw CommandError(
        .usage, "the script \(script.name) needs keys of its own",
        advice: "Leave out --key-file, and give the data folder of a running server with --data.")
    }
    var clients: [String: HTTPClient] = [:]
    for (name, scopes) in script.keys {
      let (_, token) = try make(Self.profile(like: script.profile), scopes, admin, directory)
      let client = HTTPClient(base: base.root, token: token, timeoutSeconds: Self.patienceSeconds)
      client.patience = { sleep(UInt32($0)) }
      clients[name] = client
    }
    return (clients, directory)
  }

  /// Revokes the created keys.
  func revoke() {
    guard case .made(let admin, _) = source else { return }
    for id in made { _ = try? admin.send(AdminRequest("POST", ["admin", "v1", "keys", id, "revoke"])) }
    made = []
  }

  /// The first profile with the same rules.
  private static func profile(like name: String) -> String {
    let rules = Profile.named(name)?.rules
    return Profile.all.first { $0.rules == rules }?.name ?? name
  }

  /// Creates a key that expires after an hour, in case it is not revoked.
  ///
  /// - Parameter scopes: nil for all of SCIM.
  private func make(
    _ profile: String, _ scopes: [String]?, _ admin: AdminClient, _ directory: String
  ) throws(CommandError) -> (id: String, secret: String?) {
    var creation = KeyCreation(name: "simulate \(profile)")
    creation.profile = profile
    creation.scopes = scopes
    creation.expires = .at(DateTime(milliseconds: admin.console.environment.now() + 3_600_000))
    creation.description = "Created by `scimd simulate`, which revokes it when it ends."
    let request = AdminRequest.directory(directory, "POST", ["keys"]).sending(creation.json)
    let key = try admin.send(request, KeyReport.init).report
    made.append(key.id)
    // The public URL of a server behind a proxy may not be reached from here.
    if !isBaseGiven, let url = key.baseURL, url.hasPrefix("http://"), let served = try? ClientBase(url) {
      base = served
    }
    return (key.id, key.secret)
  }

  /// One request: without a server, or with a key that it does not accept, every answer would be wrong in the same way.
  private func check(_ client: HTTPClient) throws(CommandError) {
    let response: ClientResponse
    do throws(ClientError) {
      response = try client.send(method: "GET", path: "/Users?count=1")
    } catch {
      throw CommandError(
        .unavailable, "\(error)", advice: "Start the server (`scimd serve`), or set another one with --url.")
    }
    guard response.status == 401 || response.status == 403 else { return }
    let detail = (try? response.json())?["detail"]?.stringValue.map { ": \($0)" } ?? ""
    throw CommandError(
      .noPermission, "\(base) does not accept the key\(detail)", advice: advice)
  }

  /// The next step if the server refuses the first key.
  private var advice: String {
    switch source {
    case .given: "Give a file with a valid key of that server: --key-file FILE."
    case .none:
      "Give a file with a key of that server (--key-file FILE), or the data folder of a running server (--data DIR)."
    case .made: "The server at that URL does not use this data folder: set the right URL with --url."
    }
  }
}
