import JSON
import Platform
import SCIM
import Storage

/// A signed token that was used: it is remembered until it ends, so that it cannot be used again.
struct UsedToken: Sendable {
  let digest: KeyDigest
  let ends: DateTime

  /// By its `jti`, otherwise by all that is signed. The signature is no part of it: ECDSA has several for one token.
  init(_ token: SignedToken) {
    let name = token.id.map { Array("jti \($0)".utf8) } ?? Array("token ".utf8) + token.signed
    digest = KeyDigest(of: name[...])
    ends = DateTime(milliseconds: (token.expires + SignedToken.skew) * 1000)
  }
}

extension KeyRing {
  /// Used tokens that are remembered for one key; they are forgotten when they end.
  static let maxUsedTokens = 10_000
  /// Notes removed in one record.
  private static let removedAtOnce = 1000

  func hasUsedTooMany(_ key: APIKey) -> Bool {
    table.withLock { $0.usedTokens[key.id]?.count ?? 0 } >= Self.maxUsedTokens
  }

  /// Remembers a token; throws if it was used before.
  static func use(_ token: UsedToken, of key: APIKey, _ tx: inout Transaction) throws(SCIMError) {
    let name = KeyNotes.used(key.id, token: token.digest)
    guard tx.note(name) == nil else {
      throw SCIMError(.signedTokenReplayed, "The signed token was used before, and can be used only once.")
    }
    tx.note(name, .string(token.ends.description))
  }

  /// Forgets used tokens that have ended, a bounded number at once. Blocks.
  func forgetUsedTokens() {
    let (used, now) = (table.withLock { $0.usedTokens }, now)
    var ended: [String: [String]] = [:]
    for (id, tokens) in used {
      guard let directory = key(id)?.directory else { continue }
      ended[directory, default: []] += tokens.filter { $0.value <= now }.map(\.key)
    }
    let context = RequestContext(Actor(.clock), requestID: "clock", operation: "NOTE signed tokens ended")
    for (directory, names) in ended where !names.isEmpty {
      // Those that are left, or not taken, come next time.
      _ = self.directory(directory)?.write(context) { tx throws(SCIMError) in
        for name in names.prefix(Self.removedAtOnce) { tx.note(name, nil) }
        return nil
      }
    }
  }
}
