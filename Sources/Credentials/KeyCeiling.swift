import JSON
package import Platform
package import SCIM

/// The limits of a key that another key creates: no more scopes, networks or time than the creator has. The directory
/// is checked elsewhere.
package struct KeyCeiling: Sendable {
  /// With everything that they include.
  package let scopes: Scopes
  /// Nil for a key that never expires.
  package let expires: DateTime?
  /// Empty for everywhere.
  package let networks: [IPNetwork]
  /// The certificate that a client must present; nil for none.
  package let certificate: String?

  package init(
    scopes: Scopes, expires: DateTime?, networks: [IPNetwork] = [], certificate: String? = nil
  ) {
    self.scopes = scopes.expanded
    self.expires = expires
    self.networks = networks
    self.certificate = certificate
  }

  /// Throws if a new key would exceed the limits.
  package func check(
    scopes new: Scopes, expires end: DateTime?, networks from: [IPNetwork], certificate subject: String?
  ) throws(MemberError) {
    let missing = new.subtracting(scopes).names.filter { name in
      Scopes(name: name).map { !scopes.allow($0) } ?? true
    }
    guard missing.isEmpty else {
      throw MemberError(
        "scopes",
        "go beyond those of the key that asks, which lacks \(missing.joined(separator: ", "))")
    }
    guard Self.covers(networks, from) else {
      throw MemberError(
        "networks",
        "must be given and be within those of the key that asks, "
          + networks.map(\.description).joined(separator: ", "))
    }
    if let certificate, !Self.isSame(certificate, subject) {
      throw MemberError("certificateSubject", "must be that of the key that asks, \(certificate)")
    }
    guard let expires else { return }
    guard let end, end <= expires else {
      throw MemberError(
        "expires", "must be given and be no later than \(expires), when the key that asks expires")
    }
  }

  /// Throws if a changed key reaches further than before, and further than this allows.
  ///
  /// A change that widens nothing is allowed even for a key that is already too wide; one that widens something must be
  /// within the limits as a whole.
  package func check(_ old: APIKey, becomes new: APIKey) throws(MemberError) {
    let gains = !new.scopes.expanded.isSubset(of: old.scopes.expanded)
    let livesLonger = old.expires.map { end in new.expires.map { $0 > end } ?? true } ?? false
    let spreads = !Self.covers(old.networks, new.networks)
    // Whom it trusts has all its rights.
    let trustsAnother = new.trust.map { $0 != old.trust } ?? false
    let isFreed = old.certificateSubject.map { !Self.isSame($0, new.certificateSubject) } ?? false
    guard gains || livesLonger || spreads || trustsAnother || isFreed else { return }
    try check(
      scopes: new.scopes, expires: new.expires, networks: new.networks, certificate: new.certificateSubject)
  }

  /// Byte by byte.
  static func isSame(_ one: String?, _ other: String?) -> Bool {
    one.map { ByteString($0) } == other.map { ByteString($0) }
  }

  /// Whether `outer` contains every network of `inner`; an empty list means everywhere.
  private static func covers(_ outer: [IPNetwork], _ inner: [IPNetwork]) -> Bool {
    if outer.isEmpty { return true }
    return !inner.isEmpty && inner.allSatisfy { network in outer.contains { $0.contains(network) } }
  }
}

extension GrantedKey {
  /// The limits of the keys that this one creates.
  package var ceiling: KeyCeiling {
    // The secret itself may end before the key does.
    let ends = [key.expires, generation.ends].compactMap { $0 }.min()
    return KeyCeiling(
      scopes: scopes, expires: ends, networks: key.networks, certificate: key.certificateSubject)
  }
}
