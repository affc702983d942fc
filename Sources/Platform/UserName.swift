import CPlatform
import Glibc

/// Names of users by their numbers, as /etc/passwd has them.
package enum UserName {
  /// `ada (1000)`, or `1000` for a user without a name.
  package static func text(_ user: UInt32) -> String {
    name(of: user).map { "\($0) (\(user))" } ?? "\(user)"
  }

  /// Nil for a number that the file does not have.
  package static func name(of user: UInt32) -> String? {
    guard let bytes = try? FileSystem.readFile("/etc/passwd") else { return nil }
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 3, omittingEmptySubsequences: false)
      guard parts.count == 4, let number = UInt32(String(decoding: parts[2], as: UTF8.self)), number == user
      else { continue }
      return String(decoding: parts[0].prefix(64), as: UTF8.self)
    }
    return nil
  }

  /// The effective user of this process.
  package static var current: UInt32 { geteuid() }

  /// The owner of a file; nil if that cannot be known.
  package static func owner(of path: String) -> UInt32? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_uid : nil
  }
}
