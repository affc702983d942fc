import Platform
import SCIM
package import Storage

// A new secret for a key that stays what it is. Two at most are alive at a time.
extension KeyAdministration {
  /// Secrets that a key keeps, including those that have ended.
  private static let maxGenerations = 5

  /// Adds a secret and sets the end of the previous one; returns when that is on disk.
  ///
  /// - Parameter expires: when the key expires from now on; `.standard` never shortens its life.
  package func rotate(
    _ id: String, overlap: KeyOverlap, expires: KeyExpiry = .standard, ceiling: KeyCeiling? = nil,
    ifMatch: ArraySlice<UInt8>? = nil, _ context: RequestContext = Self.start
  ) throws(KeyAdministrationError) -> CreatedKey {
    let secret = APIKeySecret.make(keys.environment)
    let key = try change(id, ifMatch: ifMatch, context) { key throws(KeyAdministrationError) in
      let now = keys.now
      try Self.checkActive(key, now)
      guard key.generations.filter({ $0.isAlive(at: now) }).count < 2 else {
        throw .conflict(
          "The key \(id) is being rotated already. `scimd key complete` ends its old secret, "
            + "`scimd key cancel` its new one.")
      }
      let end = try self.end(of: key, expires, ceiling)
      key.supersede(at: now, overlap)
      key.expires = end
      key.generations.append(generation((key.generations.map(\.number).max() ?? 0) + 1, secret))
      key.generations.removeFirst(max(0, key.generations.count - Self.maxGenerations))
    }
    return CreatedKey(key: key, secret: secret)
  }

  /// Ends the old secret of a key that is being rotated.
  package func complete(
    _ id: String, ifMatch: ArraySlice<UInt8>? = nil, _ context: RequestContext = Self.start
  ) throws(KeyAdministrationError) -> APIKey {
    try change(id, ifMatch: ifMatch, context) { key throws(KeyAdministrationError) in
      let old = try Self.oldGeneration(of: key, keys.now)
      key.generations[old].ends = keys.now
      key.generations[old].untilSeen = false
    }
  }

  /// Ends the new secret of a key that is being rotated, and restores the old one with its expiry.
  ///
  /// - Parameter ceiling: limits how long the key may live after that.
  package func cancel(
    _ id: String, ceiling: KeyCeiling? = nil, ifMatch: ArraySlice<UInt8>? = nil,
    _ context: RequestContext = Self.start
  ) throws(KeyAdministrationError) -> APIKey {
    try change(id, ifMatch: ifMatch, context) { key throws(KeyAdministrationError) in
      let before = key
      let old = try Self.oldGeneration(of: key, keys.now)
      var kept = key.generations[old]
      kept.ends = nil
      kept.untilSeen = false
      key.expires = kept.keyExpires
      kept.keyExpires = nil
      var dropped = key.generations[key.generations.count - 1]
      dropped.ends = keys.now
      // The newest is last, and the one that is alive.
      key.generations[old...] = [dropped, kept]
      do throws(MemberError) { try ceiling?.check(before, becomes: key) } catch { throw .refused(error) }
    }
  }

  /// Throws `conflict` for an expired or revoked key.
  private static func checkActive(_ key: APIKey, _ now: DateTime) throws(KeyAdministrationError) {
    switch key.status(at: now) {
    case .active: return
    case .expired: throw .conflict("The key \(key.id) has expired. Create a new one.")
    case .revoked: throw .conflict("The key \(key.id) was revoked. Create a new one.")
    }
  }

  /// The index of the secret that the rotation in progress will end; throws `conflict` if the key is not being rotated.
  private static func oldGeneration(of key: APIKey, _ now: DateTime) throws(KeyAdministrationError) -> Int {
    try checkActive(key, now)
    let last = key.generations.count - 1
    guard last > 0, key.generations[last - 1].isAlive(at: now), key.generations[last].isAlive(at: now) else {
      throw .conflict("The key \(key.id) is not being rotated: it has one valid secret.")
    }
    return last - 1
  }

  /// When a rotated key expires; never sooner than before by `.standard`. Throws `refused` beyond the policy or the
  /// ceiling.
  private func end(
    of key: APIKey, _ expires: KeyExpiry, _ ceiling: KeyCeiling?
  ) throws(KeyAdministrationError) -> DateTime? {
    let policies = keys.policies(of: key.directory)
    var end = expires.instant(now: keys.now, policies, ceiling: ceiling?.expires)
    if expires == .standard, policies.keyMaxDays == 0 || key.expires != nil {
      // A life that was longer stays so.
      end = key.expires.flatMap { known in end.map { max($0, known) } }
    }
    do throws(MemberError) {
      if end != key.expires { try Self.check(expires: end, now: keys.now, policies) }
      // The new secret is as good as the whole key, so it must be within reach of who asks.
      try ceiling?.check(
        scopes: key.scopes, expires: end, networks: key.networks, certificate: key.certificateSubject)
    } catch {
      throw .refused(error)
    }
    return end
  }
}

extension APIKey {
  /// Sets the end of the newest secret: as the overlap says, and no later than the key was to expire.
  fileprivate mutating func supersede(at now: DateTime, _ overlap: KeyOverlap) {
    guard var old = generations.popLast() else { return }
    old.keyExpires = expires
    switch overlap {
    case .none: old.ends = now
    case .milliseconds(let span): old.ends = DateTime(milliseconds: now.milliseconds + span)
    case .untilSeen:
      old.untilSeen = true
      old.ends = nil
    }
    if let expires { old.ends = old.ends.map { min($0, expires) } ?? expires }
    generations.append(old)
  }
}
