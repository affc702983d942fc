/// The slots of a directory's resources by their ids, in many small dictionaries: none takes long to grow, and a change
/// while a copy of the table is held somewhere copies one of them.
struct SlotTable: Sendable, Equatable {
  private static let partCount = 256

  private var parts = [[ResourceID: Slot]](repeating: [:], count: SlotTable.partCount)

  var count: Int { parts.reduce(0) { $0 + $1.count } }

  subscript(id: ResourceID) -> Slot? {
    get { parts[id.part(of: SlotTable.partCount)][id] }
    set { parts[id.part(of: SlotTable.partCount)][id] = newValue }
  }
}

extension SlotTable: Sequence {
  /// In no order.
  func makeIterator() -> FlattenSequence<[[ResourceID: Slot]]>.Iterator { parts.joined().makeIterator() }
}
