import Platform

/// A life of a directory's log, named by 8 base 62 digits. Another one begins whenever records that were acknowledged or
/// shown may be gone (a restore, a repair that lost something): numbers may come again then, names never do.
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

/// The lives of a log in their order, each with the number of its first record.
struct Incarnations: Sendable, Equatable {
  private(set) var list: [(first: UInt64, incarnation: Incarnation)] = []

  /// The newest; nil for a log of format 1 and for a list without a log.
  var current: Incarnation? { list.last?.incarnation }

  /// The one that a record belongs to.
  func of(_ seq: UInt64) -> Incarnation? { list.last { $0.first <= seq }?.incarnation }

  /// From record `first` on it is this one; nothing happens if it is so already. The first of all begins with the log.
  mutating func begin(_ incarnation: Incarnation, at first: UInt64) {
    guard current != incarnation else { return }
    list.append((list.isEmpty ? 1 : first, incarnation))
  }

  static func == (a: Incarnations, b: Incarnations) -> Bool {
    a.list.count == b.list.count && zip(a.list, b.list).allSatisfy { $0 == $1 }
  }
}
