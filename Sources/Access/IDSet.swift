import Storage

/// Ids in pieces as soon as they are many, for the same reason.
struct IDSet: Sendable {
  private static let maxWhole = 1024

  private var parts: [Set<ResourceID>] = [[]]

  private func part(_ id: ResourceID) -> Int {
    parts.count == 1 ? 0 : Int(truncatingIfNeeded: UInt(bitPattern: id.hashValue) >> 40) % parts.count
  }

  var isEmpty: Bool { parts.allSatisfy(\.isEmpty) }
  var count: Int { parts.reduce(0) { $0 + $1.count } }

  mutating func insert(_ id: ResourceID) {
    parts[part(id)].insert(id)
    guard parts.count == 1, parts[0].count > Self.maxWhole else { return }
    let all = parts[0]
    parts = [Set<ResourceID>](repeating: [], count: 256)
    for id in all { parts[part(id)].insert(id) }
  }

  mutating func remove(_ id: ResourceID) { parts[part(id)].remove(id) }

  /// In no order.
  var all: [ResourceID] { parts.flatMap { $0 } }
}
