import Storage

/// Values by id in many small dictionaries: a change while somebody holds a copy copies one of them, and none takes long
/// to grow.
struct PartedTable<Value: Sendable>: Sendable {
  private static var partCount: Int { 256 }

  private var parts = [[ResourceID: Value]](repeating: [:], count: PartedTable.partCount)

  private static func part(_ id: ResourceID) -> Int {
    Int(truncatingIfNeeded: UInt(bitPattern: id.hashValue) >> 40) & (partCount - 1)
  }

  subscript(id: ResourceID) -> Value? {
    get { parts[Self.part(id)][id] }
    set { parts[Self.part(id)][id] = newValue }
  }

  /// The value to be changed where it stands.
  subscript(id: ResourceID, default value: @autoclosure () -> Value) -> Value {
    get { parts[Self.part(id)][id] ?? value() }
    _modify { yield &parts[Self.part(id)][id, default: value()] }
  }

  var count: Int { parts.reduce(0) { $0 + $1.count } }

  /// In no order.
  func forEach(_ body: (ResourceID, Value) -> Void) {
    for part in parts { for (id, value) in part { body(id, value) } }
  }
}

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
