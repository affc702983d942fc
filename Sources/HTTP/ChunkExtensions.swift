/// Checks the extensions of a chunk byte by byte (RFC 9112 §7.1.1); what they say is ignored.
///
/// `*( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )`, a value being a token or a quoted string. White
/// space belongs to the ";" or "=" that follows it, so none may end the line.
struct ChunkExtensions {
  private enum State {
    case gap, beforeName, name, afterName, beforeValue, token, quoted, escaped, quotedEnd
  }

  private var state = State.gap

  /// Whether the line may end here.
  var isComplete: Bool {
    switch state {
    case .name, .token, .quotedEnd: true
    case .gap, .beforeName, .afterName, .beforeValue, .quoted, .escaped: false
    }
  }

  /// Takes the next byte after the chunk size; false if the grammar has no place for it.
  mutating func accept(_ byte: UInt8) -> Bool {
    guard let next = following(byte) else { return false }
    state = next
    return true
  }

  /// The state after a byte; nil if the grammar does not allow it here.
  private func following(_ byte: UInt8) -> State? {
    switch state {
    case .gap: separator(byte, blank: .gap)
    case .beforeName: Self.isBlank(byte) ? .beforeName : Octet.isTokenByte(byte) ? .name : nil
    case .name: Octet.isTokenByte(byte) ? .name : equalsOrSeparator(byte)
    case .afterName: equalsOrSeparator(byte)
    case .beforeValue: valueStart(byte)
    case .token: Octet.isTokenByte(byte) ? .token : separator(byte, blank: .gap)
    case .quoted: quoted(byte)
    case .escaped: Octet.isFieldByte(byte) ? .quoted : nil
    case .quotedEnd: separator(byte, blank: .gap)
    }
  }

  private func separator(_ byte: UInt8, blank: State) -> State? {
    Self.isBlank(byte) ? blank : byte == UInt8(ascii: ";") ? .beforeName : nil
  }

  private func equalsOrSeparator(_ byte: UInt8) -> State? {
    byte == UInt8(ascii: "=") ? .beforeValue : separator(byte, blank: .afterName)
  }

  private func valueStart(_ byte: UInt8) -> State? {
    if Self.isBlank(byte) { return .beforeValue }
    return byte == UInt8(ascii: "\"") ? .quoted : Octet.isTokenByte(byte) ? .token : nil
  }

  /// qdtext and quoted-pair (RFC 9110 §5.6.4).
  private func quoted(_ byte: UInt8) -> State? {
    switch byte {
    case UInt8(ascii: "\""): .quotedEnd
    case UInt8(ascii: "\\"): .escaped
    default: Octet.isFieldByte(byte) ? .quoted : nil
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}
