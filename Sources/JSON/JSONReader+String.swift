extension JSONReader {
  /// The text up to the closing quote, which is skipped; `at` is after the opening one.
  mutating func string() throws(JSONError) -> String {
    let start = at
    guard try plainRun() == UInt8(ascii: "\"") else { return try escapedString(from: start) }
    at += 1
    return String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<at - 1]), as: UTF8.self)
  }

  /// Continues at the first backslash.
  private mutating func escapedString(from start: Int) throws(JSONError) -> String {
    var text = [UInt8](bytes[start..<at])
    while true {
      try escape(into: &text)
      let run = at
      let stop = try plainRun()
      text.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[run..<at]))
      if stop == UInt8(ascii: "\"") {
        at += 1
        return String(decoding: text, as: UTF8.self)
      }
    }
  }

  /// Skips unescaped characters and returns the quote or backslash that follows.
  @inline(__always)
  private mutating func plainRun() throws(JSONError) -> UInt8 {
    while true {
      at = ByteScan.end(of: .plainASCII, in: bytes, from: at)
      guard at < bytes.count else { throw JSONError(.unexpectedEnd, at: at) }
      let byte = bytes[at]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return byte }
      guard byte >= 0x80 else { throw JSONError(.controlCharacter, at: at) }
      try multiByteCharacter(byte)
    }
  }

  /// Steps over one character of two to four bytes (Unicode table 3-7: shortest form, no surrogates).
  private mutating func multiByteCharacter(_ first: UInt8) throws(JSONError) {
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if first == 0xE0 { second = 0xA0...0xBF }
      if first == 0xED { second = 0x80...0x9F }
    case 0xF0...0xF4:
      length = 4
      if first == 0xF0 { second = 0x90...0xBF }
      if first == 0xF4 { second = 0x80...0x8F }
    default: throw JSONError(.invalidUTF8, at: at)
    }
    guard bytes.count - at >= length, second.contains(bytes[at + 1]) else {
      throw JSONError(.invalidUTF8, at: at)
    }
    for index in 2..<max(length, 2) where bytes[at + index] & 0xC0 != 0x80 {
      throw JSONError(.invalidUTF8, at: at)
    }
    at += length
  }

  /// RFC 8259 §7: one escape, a pair of surrogates included.
  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    let start = at
    guard bytes.count - at >= 2 else { throw JSONError(.unexpectedEnd, at: bytes.count) }
    let letter = bytes[at + 1]
    at += 2
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
    case UInt8(ascii: "r"): text.append(UInt8(ascii: "\r"))
    case UInt8(ascii: "t"): text.append(UInt8(ascii: "\t"))
    case UInt8(ascii: "u"):
      guard let scalar = Unicode.Scalar(try codePoint(from: start)) else {
        throw JSONError(.loneSurrogate, at: start)
      }
      text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    default: throw JSONError(.invalidEscape, at: start)
    }
  }

  /// The code point of `\uXXXX` or of a pair of them; `at` is after the first `u`.
  private mutating func codePoint(from start: Int) throws(JSONError) -> UInt32 {
    let first = try fourHexDigits(from: start)
    guard (0xD800...0xDBFF).contains(first) else { return first }
    guard bytes.count - at >= 2, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") else {
      throw JSONError(.loneSurrogate, at: start)
    }
    let pairStart = at
    at += 2
    let second = try fourHexDigits(from: pairStart)
    guard (0xDC00...0xDFFF).contains(second) else { throw JSONError(.loneSurrogate, at: start) }
    return 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
  }

  /// - Parameter start: where the escape begins, for errors.
  private mutating func fourHexDigits(from start: Int) throws(JSONError) -> UInt32 {
    guard bytes.count - at >= 4 else { throw JSONError(.unexpectedEnd, at: bytes.count) }
    var result: UInt32 = 0
    for index in at..<at + 4 {
      let digit: UInt8
      switch bytes[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = bytes[index] - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = bytes[index] - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = bytes[index] - UInt8(ascii: "A") + 10
      default: throw JSONError(.invalidEscape, at: start)
      }
      result = result << 4 | UInt32(digit)
    }
    at += 4
    return result
  }
}
