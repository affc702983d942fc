/// Something in a text that looks like a key or a token.
package struct KeyFinding: Sendable {
  package struct Owner: Sendable {
    package let key: APIKey
    /// The number of the key's secret that it is, or was given for.
    package let generation: Int
    /// Whether it is valid now.
    package let isValid: Bool
  }

  package let form: APIKeySecret.Form
  package let hint: String
  /// Whether the checksum is right.
  package let isWellFormed: Bool
  /// Nil if no directory knows it.
  package let owner: Owner?
}

extension KeyRing {
  /// Findings of one text.
  private static let maxFindings = 100

  /// The keys and tokens found in a text, in order; the text is not stored.
  package func findings(in text: ArraySlice<UInt8>) -> [KeyFinding] {
    var findings: [KeyFinding] = []
    var seen: Set<KeyDigest> = []
    // Words of letters, digits and underscores, as a double click selects them.
    for word in text.split(whereSeparator: { !Base62.isDigit($0) && $0 != UInt8(ascii: "_") }) {
      guard findings.count < Self.maxFindings else { break }
      guard let form = APIKeySecret.shape(of: word) else { continue }
      let digest = KeyDigest(of: word)
      guard seen.insert(digest).inserted else { continue }
      let owner = known(digest).map {
        KeyFinding.Owner(key: $0.key, generation: $0.generation.number, isValid: $0.isValid(at: now))
      }
      findings.append(
        KeyFinding(
          form: form, hint: APIKeySecret.hint(of: String(decoding: word, as: UTF8.self)),
          isWellFormed: APIKeySecret.form(of: word) != nil, owner: owner))
    }
    return findings
  }
}
