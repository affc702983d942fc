import JSON

/// Letter case, width and normal form, where SCIM compares without them (RFC 7643 §2.2, RFC 7644 §5, RFC 8265).
package enum CaseFolding {
  /// `text` in lower case with full-width forms mapped to their plain ones. Two folded strings are the same to SCIM
  /// when `==` says so: Swift's `==` and hash ignore the difference between composed and decomposed letters.
  package static func fold(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 && !(0x41...0x5A).contains($0) }) { return text }
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    var mapped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { mapped.append(narrow(scalar)) }
    return String(mapped).lowercased()
  }

  private static func narrow(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    case 0x3000: " "
    default: scalar
    }
  }

  /// ASCII letter case only: attribute names, operators, URNs (RFC 7643 §2.1).
  package static func sameName(_ a: String, _ b: String) -> Bool {
    let x = a.utf8
    let y = b.utf8
    guard x.count == y.count else { return false }
    return a.hasSameBytes(as: b) || zip(x, y).allSatisfy { lower($0) == lower($1) }
  }

  /// A name with its ASCII capitals made small; nothing else: the Kelvin sign is no k (RFC 7643 §2.1).
  package static func lowered(_ name: String) -> String {
    guard name.utf8.contains(where: { (0x41...0x5A).contains($0) }) else { return name }
    return String(decoding: name.utf8.map(lower), as: UTF8.self)
  }

  static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
