/// The incarnations of a log in order, each with the number of its first record.
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
