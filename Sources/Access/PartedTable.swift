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
