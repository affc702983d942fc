package import JSON
package import Platform

/// The policies of a directory.
package struct DirectoryPolicies: Sendable, Equatable {
  package enum Permission: String, Sendable, CaseIterable {
    case allowed, denied
  }

  /// A way in which a client proves who it is.
  package enum AuthKind: String, Sendable, CaseIterable {
    /// The key itself as a bearer token, or without `Bearer` as Okta sends it.
    case bearer
    /// The key's id and the key as user and password.
    case basic
    /// A token that the token endpoint gave for them.
    case oauth
  }

  /// The effect of a sign-in to an application on the user.
  package enum SignIn: String, Sendable, CaseIterable {
    /// Sign-ins are refused.
    case off
    /// Users who exist are updated.
    case update
    /// Users who do not exist are created as well.
    case create
  }

  /// When what a new connection brings takes effect.
  package enum RoleReview: String, Sendable, CaseIterable {
    case immediate
    /// Its groups and the roles that it names grant nothing until the first review of the connection is applied.
    case draft
  }

  /// The default lifetime of a key in days.
  package static let defaultKeyDays = 90
  package static let keyDaysRange = 0...3650
  package static let maxNetworks = 100

  /// Whether what a connection manages can be created, changed or deleted by others than connections.
  package var localChanges = Permission.allowed
  /// Whether a connection can change what another connection manages.
  package var crossConnection = Permission.denied
  /// Most days for which a key is made; 0 for no limit, so that a key may never expire.
  package var keyMaxDays = defaultKeyDays
  /// How clients may prove who they are; never empty.
  package var authKinds = Set(AuthKind.allCases)
  /// The networks keys are accepted from; empty for all.
  package var allowedNetworks: [IPNetwork] = []

  /// The effect of a sign-in on the user.
  package var signIn = SignIn.off
  /// The groups that the claims of a sign-in can choose from.
  package var signInGroups: [ResourceID] = []
  package static let maxSignInGroups = 100
  /// Whether a group that is a member of another one has the other's rights.
  package var nestedGroups = true

  /// Whether the roles that a connection names in the `roles` of its users become grants.
  package var rolesFromIdp = false

  /// Of connections that are created from now on.
  package var roleReview = RoleReview.immediate

  /// Seconds in which webhooks should have accepted that somebody left.
  package var leaverSLA = 300
  package static let leaverSLARange = 1...2_592_000

  /// How much it may hold.
  package var quotas = DirectoryQuotas()

  package init() {}

  /// From the attribute `policies` of a Directory; what it leaves out has its default.
  package init(_ json: JSONValue?) {
    localChanges = json?["localChanges"]?.stringValue.flatMap(Permission.init) ?? .allowed
    crossConnection = json?["crossConnection"]?.stringValue.flatMap(Permission.init) ?? .denied
    if let days = json?["keyMaxDays"]?.integerValue.flatMap({ Int(exactly: $0) }) { keyMaxDays = days }
    let kinds = (json?["authKinds"]?.arrayValue ?? []).compactMap { $0.stringValue.flatMap(AuthKind.init) }
    if !kinds.isEmpty { authKinds = Set(kinds) }
    allowedNetworks = (json?["allowedNetworks"]?.arrayValue ?? []).compactMap {
      $0.stringValue.flatMap { IPNetwork($0) }
    }
    signIn = json?["signIn"]?.stringValue.flatMap(SignIn.init) ?? .off
    signInGroups = (json?["signInGroups"]?.arrayValue ?? []).compactMap {
      $0.stringValue.flatMap { ResourceID($0) }
    }
    nestedGroups = json?["nestedGroups"]?.boolValue ?? true
    rolesFromIdp = json?["rolesFromIdp"]?.boolValue ?? false
    roleReview = json?["roleReview"]?.stringValue.flatMap(RoleReview.init) ?? .immediate
    if let seconds = json?["leaverSLA"]?.integerValue.flatMap({ Int(exactly: $0) }) { leaverSLA = seconds }
    quotas = DirectoryQuotas(json)
  }

  /// For the log: members newer than the format are written only if they are not the default.
  var stored: JSONValue {
    let standard = DirectoryPolicies()
    var object: JSONObject = [
      "localChanges": .string(localChanges.rawValue), "crossConnection": .string(crossConnection.rawValue),
    ]
    let all = json
    for (name, isStandard) in [
      ("keyMaxDays", keyMaxDays == standard.keyMaxDays), ("authKinds", authKinds == standard.authKinds),
      ("allowedNetworks", allowedNetworks.isEmpty), ("signIn", signIn == standard.signIn),
      ("signInGroups", signInGroups.isEmpty), ("nestedGroups", nestedGroups == standard.nestedGroups),
      ("rolesFromIdp", rolesFromIdp == standard.rolesFromIdp),
      ("roleReview", roleReview == standard.roleReview), ("leaverSLA", leaverSLA == standard.leaverSLA),
    ] where !isStandard { object[name] = all[name] }
    for (name, value) in DirectoryQuotas.members
    where quotas[keyPath: value] != standard.quotas[keyPath: value] { object[name] = all[name] }
    return .object(object)
  }

  /// All of them, as an administrator sees them.
  package var json: JSONValue {
    var object: JSONObject = [
      "localChanges": .string(localChanges.rawValue), "crossConnection": .string(crossConnection.rawValue),
      "keyMaxDays": .integer(Int64(keyMaxDays)),
      "authKinds": .array(AuthKind.allCases.filter(authKinds.contains).map { .string($0.rawValue) }),
      "allowedNetworks": .array(allowedNetworks.map { .string($0.description) }),
      "signIn": .string(signIn.rawValue),
      "signInGroups": .array(signInGroups.map { .string($0.text) }),
      "nestedGroups": .bool(nestedGroups), "rolesFromIdp": .bool(rolesFromIdp),
      "roleReview": .string(roleReview.rawValue), "leaverSLA": .integer(Int64(leaverSLA)),
    ]
    for (name, value) in DirectoryQuotas.members { object[name] = .integer(Int64(quotas[keyPath: value])) }
    return .object(object)
  }
}
