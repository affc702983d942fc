import Platform
package import SCIM
import Storage

// The rules for keys and their values.
extension KeyAdministration {
  /// The id of the user that a new key names; nil if it names none. Throws if the user does not exist.
  func user(of new: NewKey, _ directory: Directory) throws(MemberError) -> String? {
    guard let name = new.user else { return nil }
    guard new.directory != DataFolder.systemName else {
      throw MemberError("user", "must not be given for a key for all directories")
    }
    guard let id = directory.user(name).whenDurable() else {
      throw MemberError(
        "user",
        "the directory \(new.directory) has no user \"\(name.prefix(64))\"; name one by id or userName")
    }
    return id.text
  }

  /// Throws if the key would be refused, whatever directory it is for. Returns when it will expire; nil for never.
  @discardableResult
  package func check(_ new: NewKey, _ ceiling: KeyCeiling? = nil) throws(MemberError) -> DateTime? {
    try Self.check(name: new.name)
    try Self.check(description: new.description)
    guard Profile.named(new.profile) != nil else {
      let known = Profile.all.map(\.name).joined(separator: ", ")
      throw MemberError("profile", "\"\(new.profile)\" is not known; choose one of \(known)")
    }
    try Self.check(networks: new.networks)
    try Self.check(certificateSubject: new.certificateSubject)
    let policies = keys.policies(of: new.directory)
    let expires = new.expires.instant(now: keys.now, policies, ceiling: ceiling?.expires)
    try Self.check(expires: expires, now: keys.now, policies)
    try ceiling?.check(
      scopes: new.scopes, expires: expires, networks: new.networks, certificate: new.certificateSubject)
    guard keys.count(in: new.directory) < Self.maxKeys else {
      throw MemberError(
        "name", "the directory \(new.directory) has \(Self.maxKeys) keys, the most it can have")
    }
    return expires
  }

  /// Throws unless a key may expire then; nil is never.
  static func check(
    expires: DateTime?, now: DateTime, _ policies: DirectoryPolicies
  ) throws(MemberError) {
    if let expires, expires <= now {
      throw MemberError("expires", "\(expires) is in the past; `scimd key revoke` ends a key at once")
    }
    let days = policies.keyMaxDays
    guard days > 0 else { return }
    guard let expires, expires <= now.adding(days: days) else {
      throw MemberError(
        "expires",
        "\(expires?.description ?? "never") is more than \(days) days away, the directory's policy keyMaxDays"
      )
    }
  }

  /// Throws if the list is too long.
  static func check(networks: [IPNetwork]) throws(MemberError) {
    guard networks.count <= DirectoryPolicies.maxNetworks else {
      throw MemberError("networks", "are more than \(DirectoryPolicies.maxNetworks)")
    }
  }

  /// Throws for a subject that no certificate has.
  static func check(certificateSubject: String?) throws(MemberError) {
    guard let certificateSubject else { return }
    guard certificateSubject.utf8.contains(UInt8(ascii: "=")) else {
      throw MemberError("certificateSubject", "must be a subject such as CN=okta,O=Example")
    }
    try check(certificateSubject, "certificateSubject", maxBytes: maxDescriptionBytes)
  }

  /// Throws if a key cannot be changed in that way.
  package func check(_ old: APIKey, becomes new: APIKey) throws(MemberError) {
    if new.name != old.name { try Self.check(name: new.name) }
    if new.description != old.description { try Self.check(description: new.description) }
    try Self.check(networks: new.networks)
    try Self.check(certificateSubject: new.certificateSubject)
    let changed = [
      ("scopes", new.scopes != old.scopes), ("networks", new.networks != old.networks),
      ("expires", new.expires != old.expires), ("signedTokens", new.trust != old.trust),
      ("certificateSubject", !KeyCeiling.isSame(new.certificateSubject, old.certificateSubject)),
    ].first { $0.1 }
    if let (member, _) = changed, let revoked = old.revoked {
      throw MemberError(member, "cannot be changed: the key was revoked at \(revoked)")
    }
    guard new.expires != old.expires else { return }
    try Self.check(expires: new.expires, now: keys.now, keys.policies(of: new.directory))
  }

  package static func check(name: String) throws(MemberError) {
    guard !name.isEmpty else { throw MemberError("name", "must not be empty") }
    try check(name, "name", maxBytes: maxNameBytes)
  }

  package static func check(description: String?) throws(MemberError) {
    try check(description ?? "", "description", maxBytes: maxDescriptionBytes)
  }

  /// Throws if a text is too long or has control characters.
  package static func check(_ text: String, _ member: String, maxBytes: Int) throws(MemberError) {
    guard text.utf8.count <= maxBytes else { throw MemberError(member, "is longer than \(maxBytes) bytes") }
    guard !text.unicodeScalars.contains(where: { $0.value < 32 || (127..<160).contains($0.value) }) else {
      throw MemberError(member, "must not contain control characters")
    }
  }
}
