package import Platform

/// 32 random bytes, from which the server derives secrets that it needs again and so cannot keep as digests.
///
/// Cursors are sealed with it. Keys, tokens and links are random and do not come from it, so that it gives nobody
/// access. Its file contains 64 hexadecimal digits.
package struct MasterKey: Sendable, Equatable {
  private static let byteCount = 32

  private let bytes: [UInt8]

  /// A new one.
  package init(_ environment: Environment) { bytes = environment.randomBytes(Self.byteCount) }

  /// From the content of its file, which may end with LF or CR LF; nil if that is anything else.
  package init?(file text: [UInt8]) {
    var digits = text[...]
    if digits.last == UInt8(ascii: "\n") { digits.removeLast() }
    if digits.last == UInt8(ascii: "\r") { digits.removeLast() }
    guard let value = Digest256(hex: digits) else { return nil }
    var bytes: [UInt8] = []
    value.append(to: &bytes)
    self.bytes = bytes
  }

  /// The content of its file, without LF.
  var digits: String { Hexadecimal.text(bytes) }

  /// The 32 bytes for one purpose; they say nothing about the key, nor about those for another purpose.
  package func secret(for label: String) -> [UInt8] { HMAC.sha256(Array(label.utf8), key: bytes) }

  /// Its name in the log: 32 hexadecimal digits from which the key cannot be computed.
  package var fingerprint: String { Hexadecimal.text(Array(secret(for: "fingerprint").prefix(16))) }
}
