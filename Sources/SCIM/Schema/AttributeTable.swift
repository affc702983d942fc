/// Attributes in the order of their schema, found by name in any letter case (RFC 7643 §2.1).
package struct AttributeTable: Sendable, Sequence {
  private let attributes: [Attribute]
  /// Positions by the hash of their names, -1 for an empty place; at most half full, probed one by one.
  private let slots: [Int]

  /// Names must differ in more than letter case.
  package init(_ attributes: [Attribute]) {
    self.attributes = attributes
    let size = 1 << (Int.bitWidth - (attributes.count * 2).leadingZeroBitCount)
    var slots = [Int](repeating: -1, count: size)
    for (position, attribute) in attributes.enumerated() {
      var slot = AttributeTable.hash(attribute.name) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = position
    }
    self.slots = slots
  }

  /// The same for names that differ in letter case alone.
  private static func hash(_ name: String) -> Int {
    func hash(_ bytes: some Sequence<UInt8>) -> Int { bytes.reduce(0) { $0 &* 31 &+ Int($1 | 0x20) } }
    return name.utf8.withContiguousStorageIfAvailable { hash($0) } ?? hash(name.utf8)
  }

  package subscript(name: String) -> Attribute? { position(of: name).map { attributes[$0] } }

  /// The attribute at that position in the schema's order.
  subscript(position: Int) -> Attribute { attributes[position] }

  /// The position of `name` in the schema's order.
  package func position(of name: String) -> Int? {
    var slot = AttributeTable.hash(name) & (slots.count - 1)
    while slots[slot] >= 0 {
      if CaseFolding.sameName(attributes[slots[slot]].name, name) { return slots[slot] }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  package var isEmpty: Bool { attributes.isEmpty }
  package var count: Int { attributes.count }
  package func makeIterator() -> IndexingIterator<[Attribute]> { attributes.makeIterator() }
}
