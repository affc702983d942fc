/// An option that names a file with one API key.
enum KeyOption {
  /// Longer than any key: a longer file contains something else.
  private static let maxBytes = 4096

  /// The key without surrounding white space.
  /// - Parameter option: the option that names the file, for errors.
  static func read(_ path: String, option: String) throws(CommandError) -> String {
    let bytes = try InputFile.read(path, maxBytes: maxBytes, label: option)
    let key = bytes.filter { $0 > 32 }
    guard !key.isEmpty, key.allSatisfy({ $0 < 127 }) else {
      throw CommandError(.usage, "\(option): \(path) does not contain an API key")
    }
    return String(decoding: key, as: UTF8.self)
  }
}
