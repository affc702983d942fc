/// Slots by the hash of an attribute's value: finds candidates for an equality in constant time. The caller checks
/// them, as different values may share a hash.
struct EqualityIndex {
  private enum Slots {
    case one(Slot)
    case many(Set<Slot>)
  }

  private var table: [Int: Slots] = [:]

  /// `attribute` tells indexed attributes apart; `text` is folded where the attribute ignores letter case.
  private static func key(_ attribute: Int, _ text: String) -> Int {
    var hasher = Hasher()
    hasher.combine(attribute)
    hasher.combine(text)
    return hasher.finalize()
  }

  mutating func insert(_ slot: Slot, _ attribute: Int, _ text: String) {
    let key = Self.key(attribute, text)
    switch table[key] {
    case nil: table[key] = .one(slot)
    case .one(let other)?: if other != slot { table[key] = .many([other, slot]) }
    case .many(var slots)?:
      table[key] = nil
      slots.insert(slot)
      table[key] = .many(slots)
    }
  }

  mutating func remove(_ slot: Slot, _ attribute: Int, _ text: String) {
    let key = Self.key(attribute, text)
    switch table[key] {
    case nil: break
    case .one(let other)?: if other == slot { table[key] = nil }
    case .many(var slots)?:
      table[key] = nil
      slots.remove(slot)
      if let last = slots.first { table[key] = slots.count == 1 ? .one(last) : .many(slots) }
    }
  }

  /// In order of creation.
  func candidates(_ attribute: Int, _ text: String) -> [Slot] {
    switch table[Self.key(attribute, text)] {
    case nil: []
    case .one(let slot)?: [slot]
    case .many(let slots)?: slots.sorted()
    }
  }
}
