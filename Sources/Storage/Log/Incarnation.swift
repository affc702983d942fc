import Platform

/// A life of a directory's log, named by 8 base 62 digits. Another one begins whenever records that were acknowledged
/// or shown may be gone (a restore, a repair that lost something): numbers may come again then, names never do.
struct Incarnation: Sendable, Hashable {
  /// Bytes of the name.
  static let length = 8
  private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  let name: String

  /// Nil unless the name has the right form.
  init?(_ name: String) {
    guard name.utf8.count == Self.length, name.utf8.allSatisfy(Self.digits.contains) else { return nil }
    self.name = name
  }

  /// A new one.
  init(_ environment: Environment) {
    // 2^64 values for 2^47.6 names: the remainder favours none by more than one in a hundred thousand.
    var number = environment.randomBytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    var name: [UInt8] = []
    for _ in 0..<Self.length {
      name.append(Self.digits[Int(number % 62)])
      number /= 62
    }
    self.name = String(decoding: name, as: UTF8.self)
  }
}
