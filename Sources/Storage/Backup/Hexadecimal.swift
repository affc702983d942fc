/// Bytes as hexadecimal digits.
enum Hexadecimal {
  static func text(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for byte in bytes { SealedLine.appendHexByte(byte, to: &text) }
    return String(decoding: text, as: UTF8.self)
  }
}
