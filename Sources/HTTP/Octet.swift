/// Character classes of the HTTP and URI grammars, over bytes.
enum Octet {
  /// tchar (RFC 9110 §5.6.2).
  @inline(__always)
  static func isTokenByte(_ byte: UInt8) -> Bool {
    contains(byte, low: 0x03ff_6cfa_0000_0000, high: 0x57ff_ffff_c7ff_fffe)
  }

  /// pchar, "/" and "%" (RFC 3986 §3.3); escapes are checked where they are decoded.
  @inline(__always)
  static func isPathByte(_ byte: UInt8) -> Bool {
    contains(byte, low: 0x2fff_fff2_0000_0000, high: 0x47ff_fffe_87ff_ffff)
  }

  /// Characters that RFC 3986 §3.4 allows, and ``[]^`{|}`` which the WHATWG URL standard sends unescaped.
  @inline(__always)
  static func isQueryByte(_ byte: UInt8) -> Bool {
    contains(byte, low: 0xafff_fff2_0000_0000, high: 0x7fff_ffff_efff_ffff)
  }

  /// unreserved, sub-delims and "%" without "," which would make a list of one Host (RFC 3986 §3.2.2).
  static func isHostByte(_ byte: UInt8) -> Bool {
    contains(byte, low: 0x2bff_6ff2_0000_0000, high: 0x47ff_fffe_87ff_fffe)
  }

  /// field-vchar, obs-text, SP and HTAB (RFC 9110 §5.5).
  @inline(__always)
  static func isFieldByte(_ byte: UInt8) -> Bool {
    (byte >= 0x20 || byte == 0x09) && byte != 0x7f
  }

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10
  }

  /// 0 ... 15, or nil.
  @inline(__always)
  static func hexadecimal(_ byte: UInt8) -> UInt8? {
    let digit = byte &- 0x30
    if digit < 10 { return digit }
    let letter = (byte | 0x20) &- 0x61
    return letter < 6 ? letter &+ 10 : nil
  }

  @inline(__always)
  static func lowercased(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
  }

  @inline(__always)
  private static func contains(_ byte: UInt8, low: UInt64, high: UInt64) -> Bool {
    byte < 128 && ((byte < 64 ? low : high) &>> UInt64(byte & 63)) & 1 == 1
  }
}

extension UnsafeBufferPointer<UInt8> {
  @inline(__always)
  func equals(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    for index in 0..<count where self[index] != text.utf8Start[index] { return false }
    return true
  }

  /// `text` must be lower case.
  @inline(__always)
  func equalsIgnoringCase(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    for index in 0..<count where Octet.lowercased(self[index]) != text.utf8Start[index] { return false }
    return true
  }

  @inline(__always)
  func part(_ start: Int, _ end: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: self[start..<end])
  }
}
