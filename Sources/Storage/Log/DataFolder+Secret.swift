package import Platform

extension DataFolder {
  private static let secretBytes = 32

  /// 32 bytes that nobody else knows and that stay the same over restarts, from `cursor.key` (64 hexadecimal digits);
  /// made where the file is missing or is not one.
  ///
  /// Cursors are sealed with it, so that nothing is lost with it but walks under way.
  package func cursorSecret(_ environment: Environment) throws(DataFolderError) -> [UInt8] {
    let file = "\(path)/cursor.key"
    do throws(SystemError) {
      if FileSystem.exists(file), let secret = Self.secret(in: try FileSystem.readFile(file)) {
        return secret
      }
      let secret = environment.randomBytes(Self.secretBytes)
      var text: [UInt8] = []
      for byte in secret { text += [Self.digit(byte >> 4), Self.digit(byte & 15)] }
      try FileSystem.replaceFile(file, text + [UInt8(ascii: "\n")], mode: 0o600)
      return secret
    } catch {
      throw .system(file: file, error)
    }
  }

  private static func secret(in text: [UInt8]) -> [UInt8]? {
    let digits = text.prefix { $0 != UInt8(ascii: "\n") }.map { byte -> UInt8? in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - 0x57
      default: nil
      }
    }
    guard digits.count == 2 * secretBytes else { return nil }
    var secret: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[index], let low = digits[index + 1] else { return nil }
      secret.append(high << 4 | low)
    }
    return secret
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : 0x57 + value }
}
