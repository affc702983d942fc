import SCIM

/// Slots by the hash of an attribute's value: finds candidates for an equality in constant time. The caller checks
/// them, as different values may share a hash.
///
/// In many small tables, so that none takes long to grow.
struct EqualityIndex {
  private static let partCount = 256

  private struct Part {
    /// For values of a single resource, the usual case.
    var single: [UInt32: Slot] = [:]
    var several: [UInt32: SlotSet] = [:]

    /// A single slot of a hash is kept in place; only a second one needs a set.
    mutating func insert(_ slot: Slot, _ hash: UInt32) {
      // Looked up before it is changed: changing a missing key takes much longer.
      if several[hash] != nil {
        several[hash]?.insert(slot)
        return
      }
      guard let other = single.updateValue(slot, forKey: hash), other != slot else { return }
      single[hash] = nil
      several[hash] = [other, slot]
    }

    /// Harmless for a slot that is not in the index.
    mutating func remove(_ slot: Slot, _ hash: UInt32) {
      if single[hash] == slot {
        single[hash] = nil
      } else if several[hash]?.remove(slot) == true, let rest = several[hash], rest.count == 1 {
        several[hash] = nil
        single[hash] = rest.first { _ in true }
      }
    }
  }

  private var parts = [Part](repeating: Part(), count: EqualityIndex.partCount)

  /// The key of an attribute and one of its values in the index of this process.
  struct Key: Sendable, Hashable {
    fileprivate let part: UInt8
    fileprivate let hash: UInt32

    /// `attribute` distinguishes indexed attributes.
    init(_ attribute: Int, _ text: TextKey) {
      var hasher = Hasher()
      hasher.combine(attribute)
      hasher.combine(text)
      let hash = UInt64(bitPattern: Int64(hasher.finalize()))
      part = UInt8(truncatingIfNeeded: hash >> 56)
      self.hash = UInt32(truncatingIfNeeded: hash)
    }
  }

  mutating func insert(_ slot: Slot, _ key: Key) { parts[Int(key.part)].insert(slot, key.hash) }

  mutating func remove(_ slot: Slot, _ key: Key) { parts[Int(key.part)].remove(slot, key.hash) }

  /// In order of creation.
  func candidates(_ key: Key) -> [Slot] {
    let part = parts[Int(key.part)]
    if let slot = part.single[key.hash] { return [slot] }
    return part.several[key.hash].map { Array($0) } ?? []
  }
}
