import Credentials
package import JSON
import Platform
package import Storage

/// A request for a new or existing directory; absent members stay unchanged, null removes a text.
package struct DirectoryChange: Sendable {
  /// The name of a new directory; nil for a change of an existing one.
  package var name: String?
  /// Nil to leave it; `.some(nil)` to remove it.
  package var displayName: String??
  package var description: String??
  package var localChanges: DirectoryPolicies.Permission?
  package var crossConnection: DirectoryPolicies.Permission?
  package var keyMaxDays: Int?
  package var leaverSLA: Int?
  /// By their names.
  package var authKinds: [String]?
  /// As texts.
  package var allowedNetworks: [String]?
  package var signIn: DirectoryPolicies.SignIn?
  /// As ids.
  package var signInGroups: [String]?
  package var nestedGroups: Bool?
  package var rolesFromIdp: Bool?
  package var roleReview: DirectoryPolicies.RoleReview?
  /// New quotas by their names; nil inside for the default.
  package var quotas: [String: Int?] = [:]

  package init() {}

  package var json: JSONValue {
    var object = JSONObject()
    if let name { object["name"] = .string(name) }
    if let displayName { object["displayName"] = displayName.map { .string($0) } ?? .null }
    if let description { object["description"] = description.map { .string($0) } ?? .null }
    var policies = JSONObject()
    if let localChanges { policies["localChanges"] = .string(localChanges.rawValue) }
    if let crossConnection { policies["crossConnection"] = .string(crossConnection.rawValue) }
    if let keyMaxDays { policies["keyMaxDays"] = .integer(Int64(keyMaxDays)) }
    if let leaverSLA { policies["leaverSLA"] = .integer(Int64(leaverSLA)) }
    if let authKinds { policies["authKinds"] = .array(authKinds.map { .string($0) }) }
    if let allowedNetworks { policies["allowedNetworks"] = .array(allowedNetworks.map { .string($0) }) }
    if let signIn { policies["signIn"] = .string(signIn.rawValue) }
    if let signInGroups { policies["signInGroups"] = .array(signInGroups.map { .string($0) }) }
    if let nestedGroups { policies["nestedGroups"] = .bool(nestedGroups) }
    if let rolesFromIdp { policies["rolesFromIdp"] = .bool(rolesFromIdp) }
    if let roleReview { policies["roleReview"] = .string(roleReview.rawValue) }
    for (name, _) in DirectoryQuotas.members {
      if let number = quotas[name] { policies[name] = number.map { .integer(Int64($0)) } ?? .null }
    }
    if !policies.isEmpty { object["policies"] = .object(policies) }
    return .object(object)
  }

  init(_ reader: ObjectReader, isNew: Bool) throws(AdminProblem) {
    let members = (isNew ? ["name"] : []) + ["displayName", "description", "policies"]
    try reader.allow(members, of: isNew ? "a new directory" : "a change of a directory")
    if isNew { name = try Self.name(try reader.text("name")) }
    if reader.has("displayName") { displayName = .some(try reader.optionalText("displayName")) }
    if reader.has("description") { description = .some(try reader.optionalText("description")) }
    if let policies = try reader.optionalObject("policies") { try read(policies) }
    do throws(MemberError) {
      try KeyAdministration.check(
        (displayName ?? nil) ?? "", "displayName", maxBytes: KeyAdministration.maxNameBytes)
      try KeyAdministration.check(description: description ?? nil)
    } catch {
      throw AdminProblem(error)
    }
  }

  /// Reads the policies; throws for the first that is unknown or has a wrong value.
  private mutating func read(_ policies: ObjectReader) throws(AdminProblem) {
    let quotaNames = DirectoryQuotas.members.map(\.name)
    try policies.allow(
      [
        "localChanges", "crossConnection", "keyMaxDays", "authKinds", "allowedNetworks", "signIn",
        "signInGroups", "nestedGroups", "rolesFromIdp", "roleReview", "leaverSLA",
      ] + quotaNames, of: "the policies that exist")
    try readRights(policies)
    for name in quotaNames where policies.has(name) {
      quotas[name] = .some(try Self.quota(try policies.optionalInteger(name), name))
    }
    localChanges = try policies.optionalChoice("localChanges", DirectoryPolicies.Permission.self)
    crossConnection = try policies.optionalChoice("crossConnection", DirectoryPolicies.Permission.self)
    keyMaxDays = try Self.number(policies, "keyMaxDays", DirectoryPolicies.keyDaysRange)
    leaverSLA = try Self.number(policies, "leaverSLA", DirectoryPolicies.leaverSLARange)
    if policies.has("authKinds") {
      let names = try policies.texts("authKinds")
      authKinds = names
      guard !names.isEmpty, names.allSatisfy({ DirectoryPolicies.AuthKind(rawValue: $0) != nil }) else {
        let all = DirectoryPolicies.AuthKind.allCases.map(\.rawValue).joined(separator: ", ")
        throw AdminProblem(
          .invalidMember, "authKinds must be one or more of \(all).", at: "/policies/authKinds")
      }
    }
    if policies.has("allowedNetworks") {
      let texts = try policies.texts("allowedNetworks")
      _ = try Self.networks(texts, at: "/policies/allowedNetworks")
      allowedNetworks = texts
    }
  }

  private static func number(
    _ policies: ObjectReader, _ name: String, _ range: ClosedRange<Int>
  ) throws(AdminProblem) -> Int? {
    guard let number = try policies.optionalInteger(name) else { return nil }
    guard range.contains(number) else {
      throw AdminProblem(
        .invalidMember, "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).",
        at: "/policies/\(name)")
    }
    return number
  }

  /// The policies on sign-ins, nested groups and roles.
  private mutating func readRights(_ policies: ObjectReader) throws(AdminProblem) {
    signIn = try policies.optionalChoice("signIn", DirectoryPolicies.SignIn.self)
    nestedGroups = try policies.optionalBoolean("nestedGroups")
    rolesFromIdp = try policies.optionalBoolean("rolesFromIdp")
    roleReview = try policies.optionalChoice("roleReview", DirectoryPolicies.RoleReview.self)
    guard policies.has("signInGroups") else { return }
    let texts = try policies.texts("signInGroups")
    signInGroups = texts
    guard texts.count <= DirectoryPolicies.maxSignInGroups else {
      throw AdminProblem(
        .invalidMember, "The list has more than \(DirectoryPolicies.maxSignInGroups) groups.",
        at: "/policies/signInGroups")
    }
    for (index, text) in texts.enumerated() where ResourceID(text) == nil {
      throw AdminProblem(
        .invalidMember, "\"\(text.prefix(64))\" is not the id of a group.",
        at: "/policies/signInGroups/\(index)", fix: "`scimd group list` shows the ids.")
    }
  }

  /// Parses networks; throws with the pointer of the first that is wrong.
  static func networks(_ texts: [String], at pointer: String) throws(AdminProblem) -> [IPNetwork] {
    var networks: [IPNetwork] = []
    for (index, text) in texts.enumerated() {
      guard let network = IPNetwork(text) else {
        throw AdminProblem(
          .invalidMember, "\"\(text.prefix(64))\" is not an address or a network.", at: "\(pointer)/\(index)",
          fix:
            "Write 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32, with all bits after the prefix length zero.")
      }
      networks.append(network)
    }
    guard networks.count <= DirectoryPolicies.maxNetworks else {
      throw AdminProblem(
        .invalidMember, "The list has more than \(DirectoryPolicies.maxNetworks) networks.", at: pointer)
    }
    return networks
  }

  /// Nil stands for the default and passes.
  private static func quota(_ number: Int?, _ name: String) throws(AdminProblem) -> Int? {
    guard let number, !(1...Self.maxQuota).contains(number) else { return number }
    throw AdminProblem(
      .invalidMember, "\(name) must be a whole number from 1 to \(Self.maxQuota).", at: "/policies/\(name)",
      fix: "Send a number in this range, or null for the default.")
  }

  private static let maxQuota = 1 << 50

  /// A name that can be used for a folder and in a path; throws otherwise.
  private static func name(_ name: String) throws(AdminProblem) -> String {
    guard !DataFolder.isValidName(name) else { return name }
    let reason =
      name.hasPrefix("_")
      ? "begins with \"_\", which is reserved for the server itself"
      : "must be 1 to 64 characters from a-z, 0-9 and -"
    throw AdminProblem(
      .invalidMember, "name: \"\(name.prefix(64))\" \(reason).", at: "/name",
      fix: "Choose a name such as contoso; displayName takes any text.")
  }

  /// The description with the change applied.
  func applied(to old: DirectoryDescription) -> DirectoryDescription {
    var new = old
    if let displayName { new.displayName = displayName }
    if let description { new.description = description }
    if let localChanges { new.policies.localChanges = localChanges }
    if let crossConnection { new.policies.crossConnection = crossConnection }
    if let keyMaxDays { new.policies.keyMaxDays = keyMaxDays }
    if let leaverSLA { new.policies.leaverSLA = leaverSLA }
    if let authKinds {
      new.policies.authKinds = Set(authKinds.compactMap { DirectoryPolicies.AuthKind(rawValue: $0) })
    }
    if let allowedNetworks { new.policies.allowedNetworks = allowedNetworks.compactMap { IPNetwork($0) } }
    if let signIn { new.policies.signIn = signIn }
    if let signInGroups { new.policies.signInGroups = signInGroups.compactMap { ResourceID($0) } }
    if let nestedGroups { new.policies.nestedGroups = nestedGroups }
    if let rolesFromIdp { new.policies.rolesFromIdp = rolesFromIdp }
    if let roleReview { new.policies.roleReview = roleReview }
    for (name, value) in DirectoryQuotas.members {
      guard let number = quotas[name] else { continue }
      new.policies.quotas[keyPath: value] = number ?? DirectoryQuotas()[keyPath: value]
    }
    return new
  }

  private static let common: [AdminSchema.Member] = [
    .init("displayName", .nullable(.text), optional: true),
    .init("description", .nullable(.text), optional: true),
    .init("policies", DirectoryReport.policies(optional: true), optional: true),
  ]

  static let creationSchema = AdminSchema.object([.init("name", .text)] + common)
  static let changeSchema = AdminSchema.object(common)
}
