import JSON
import SCIM
import Storage

/// The data of `KeyRing`, all under its lock.
struct KeyTable: Sendable {
  /// By the id of their resource.
  private(set) var keys: [ResourceID: APIKey] = [:]
  /// The resources by `keyId`.
  private var resources: [String: ResourceID] = [:]
  /// By the digest of each secret and token.
  private(set) var granted: [KeyDigest: GrantedKey] = [:]
  /// The keys that accept signed tokens, by whom they trust.
  private(set) var trusting: [SignedTokenTrust.Signer: [ResourceID: GrantedKey]] = [:]
  /// The digests of each key in `granted`.
  private var digests: [ResourceID: [KeyDigest]] = [:]
  /// Whom each key in `trusting` trusts.
  private var signers: [ResourceID: SignedTokenTrust.Signer] = [:]
  /// When the signed tokens that were used end, by the names of their notes, for each `keyId`.
  private(set) var usedTokens: [String: [String: DateTime]] = [:]
  /// By `keyId` and the index of the place.
  private var tokens: [String: [Int: AccessToken]] = [:]
  /// By the names of their notes.
  private(set) var usages: [String: KeyUsage] = [:]
  /// Of connections, and of keys that have no connection.
  private var meters: [ResourceID: RequestMeter] = [:]
  /// The states of connections; one that is missing is active.
  private var connections: [ResourceID: (name: String, state: ConnectionState)] = [:]
  /// By name; a directory that is missing is active and has the default policies.
  private(set) var descriptions: [String: DirectoryDescription] = [:]
  /// The ways to authenticate that at least one directory allows.
  private(set) var offeredKinds = Set(DirectoryPolicies.AuthKind.allCases)
  /// The directory of each key.
  private var directories: [ResourceID: Directory] = [:]
  /// Keys that were presented recently, which saves their digest. Emptied with every change.
  var recent: [SecretTag: GrantedKey] = [:]

  /// More than one server has clients; it only bounds the memory.
  static let maxRecent = 256

  func key(_ id: String) -> APIKey? { resources[id].flatMap { keys[$0] } }

  // MARK: Following the logs

  /// Follows a change of a key, a connection or a directory, and grants the affected keys again.
  mutating func take(_ change: AdministrativeChange) {
    recent = [:]
    switch change.type.name {
    case "Key": takeKey(change)
    case "Connection":
      connections[change.id] = change.document.flatMap { ConnectionDescription($0) }.map {
        ($0.name, $0.state)
      }
      regrant { $0.connection == change.id }
    case "Directory":
      guard let description = change.document.flatMap({ DirectoryDescription($0) }) else { return }
      descriptions[description.name] = description
      let live = descriptions.values.filter { $0.state != .removing }
      offeredKinds = live.reduce(into: []) { $0.formUnion($1.policies.authKinds) }
      regrant { $0.directory.hasSameBytes(as: description.name) }
    default: break
    }
  }

  /// A key whose document is gone or unreadable is withdrawn.
  private mutating func takeKey(_ change: AdministrativeChange) {
    let old = keys[change.id]
    if let old { resources[old.id] = nil }
    directories[change.id] = change.directory
    let key = APIKey(change)
    keys[change.id] = key
    if let key {
      resources[key.id] = change.id
      grant(key)
    } else {
      withdraw(change.id)
      directories[change.id] = nil
      meters[change.id] = nil
      for generation in old?.generations ?? [] {
        usages[KeyNotes.use(of: old?.id ?? "", generation: generation.number)] = nil
      }
    }
  }

  /// Follows a change of a token or of a signed token that was used; other notes are ignored.
  mutating func take(_ change: NoteChange) {
    if let keyID = KeyNotes.usedToken(named: change.key) {
      usedTokens[keyID, default: [:]][change.key] = change.value?.stringValue.flatMap { DateTime($0) }
      if usedTokens[keyID]?.isEmpty == true { usedTokens[keyID] = nil }
      return
    }
    guard let name = KeyNotes.token(named: change.key) else { return }
    tokens[name.keyID, default: [:]][name.place] = change.value.flatMap { AccessToken($0) }
    if tokens[name.keyID]?.isEmpty == true { tokens[name.keyID] = nil }
    recent = [:]
    if let key = key(name.keyID) { grant(key) }
  }

  /// Sets the last use that the log has of a secret.
  mutating func restore(_ use: KeyUse, named name: String) { usages[name] = KeyUsage(written: use) }

  /// Applies a change of a key before the log has it.
  mutating func anticipate(_ key: APIKey) {
    guard keys[key.resource] != nil else { return }
    recent = [:]
    keys[key.resource] = key
    grant(key)
  }

  // MARK: Granting

  /// Computes what each secret and token of a key grants, and replaces what they granted before.
  private mutating func grant(_ key: APIKey) {
    withdraw(key.resource)
    guard let directory = directories[key.resource] else { return }
    let place = GrantedKey.Place(
      directory: directory, availability: availability(of: key),
      policies: descriptions[key.directory]?.policies ?? DirectoryPolicies())
    let meter = meter(of: key)
    func granted(_ generation: APIKey.Generation, _ proof: GrantedKey.Proof) -> GrantedKey {
      GrantedKey(key, generation, proof, in: place, usage: usage(of: key, generation), meter: meter)
    }
    func add(_ digest: KeyDigest, _ granted: GrantedKey) {
      self.granted[digest] = granted
      digests[key.resource, default: []].append(digest)
    }
    for generation in key.generations { add(generation.digest, granted(generation, .secret)) }
    for token in (tokens[key.id] ?? [:]).values {
      if let generation = key.generation(of: token) { add(token.digest, granted(generation, .token(token))) }
    }
    if let trust = key.trust, let newest = key.generations.last {
      trusting[trust.signer, default: [:]][key.resource] = granted(newest, .signedToken)
      signers[key.resource] = trust.signer
    }
  }

  /// All keys of one connection share a meter.
  private mutating func meter(of key: APIKey) -> RequestMeter {
    let payer = key.connection ?? key.resource
    if let known = meters[payer] { return known }
    let meter = RequestMeter()
    meters[payer] = meter
    return meter
  }

  /// Forgets the secrets and tokens of a key.
  private mutating func withdraw(_ resource: ResourceID) {
    for digest in digests.removeValue(forKey: resource) ?? [] { granted[digest] = nil }
    if let signer = signers.removeValue(forKey: resource) {
      trusting[signer]?[resource] = nil
      if trusting[signer]?.isEmpty == true { trusting[signer] = nil }
    }
  }

  private mutating func usage(of key: APIKey, _ generation: APIKey.Generation) -> KeyUsage {
    let name = KeyNotes.use(of: key.id, generation: generation.number)
    if let known = usages[name] { return known }
    let usage = KeyUsage(written: nil)
    usages[name] = usage
    return usage
  }

  /// Grants the keys again whose connection or directory changed.
  private mutating func regrant(_ isAffected: (APIKey) -> Bool) {
    for key in keys.values where isAffected(key) { grant(key) }
  }

  /// Removal comes before a pause, and the directory before the connection.
  private func availability(of key: APIKey) -> GrantedKey.Availability {
    let connection = key.connection.flatMap { connections[$0] }
    let directory = descriptions[key.directory]?.state ?? .active
    if connection?.state == .removing || directory == .removing { return .removing }
    if directory == .paused { return .paused("The directory \(key.directory) is paused.") }
    if let connection, connection.state == .paused {
      return .paused("The connection \"\(connection.name)\" is paused.")
    }
    return .open
  }
}
