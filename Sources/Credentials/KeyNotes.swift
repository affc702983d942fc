package import Storage

/// The names of the notes that belong to keys.
package enum KeyNotes {
  static let usePrefix = "key.use:"
  static let tokenPrefix = "key.token:"
  static let burntPrefix = "key.burnt:"
  static let usedPrefix = "key.used:"
  /// Those that the table of keys follows.
  static let followed = [tokenPrefix, usedPrefix]

  /// The last use of a secret.
  static func use(of keyID: String, generation: Int) -> String { "\(usePrefix)\(keyID):\(generation)" }

  /// The token in one of the places for tokens that each key has.
  static func token(of keyID: String, at place: Int) -> String { "\(tokenPrefix)\(keyID):\(place)" }

  /// The reverse of `token(of:at:)`; nil for the name of another note.
  static func token(named name: String) -> (keyID: String, place: Int)? {
    guard name.hasPrefix(tokenPrefix) else { return nil }
    let parts = name.dropFirst(tokenPrefix.count).split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let place = Int(parts[1]) else { return nil }
    return (String(parts[0]), place)
  }

  /// When a secret was first seen unencrypted.
  static func burnt(_ keyID: String, generation: Int) -> String { "\(burntPrefix)\(keyID):\(generation)" }

  /// A signed token that was used with the key, until it ends.
  static func used(_ keyID: String, token: KeyDigest) -> String { "\(usedPrefix)\(keyID):\(token)" }

  /// The key of a note about a signed token that was used; nil for the name of another note.
  static func usedToken(named name: String) -> String? {
    guard name.hasPrefix(usedPrefix) else { return nil }
    return name.dropFirst(usedPrefix.count).split(separator: ":").first.map(String.init)
  }

  /// Removes all notes of a key that is being removed.
  package static func remove(of keyID: String, _ tx: inout Transaction) {
    for name in tx.noteKeys(withPrefix: "key.") {
      let parts = name.split(separator: ":")
      if parts.count > 1, parts[1].utf8.elementsEqual(keyID.utf8) { tx.note(name, nil) }
    }
  }
}
