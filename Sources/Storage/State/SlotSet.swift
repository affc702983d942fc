/// The members of a group: slots in ascending order, in pieces. Adding or removing one costs about the same whether
/// there are ten or a million, also while a copy is held somewhere, as a change then copies one piece only.
struct SlotSet: Sendable {
  /// The longest piece, 2 KiB: long enough that there are few, short enough to be copied in no time.
  private static let pieceSize = 512

  /// None is empty.
  private var pieces: [[Slot]] = []
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  func contains(_ slot: Slot) -> Bool {
    guard let number = piece(for: slot) else { return false }
    let place = SlotSet.place(of: slot, in: pieces[number])
    return place < pieces[number].count && pieces[number][place] == slot
  }

  /// False if it was already a member.
  @discardableResult mutating func insert(_ slot: Slot) -> Bool {
    let number = piece(for: slot) ?? 0
    guard number < pieces.count else {
      pieces.append([slot])
      count += 1
      return true
    }
    let place = SlotSet.place(of: slot, in: pieces[number])
    let length = pieces[number].count
    if place < length, pieces[number][place] == slot { return false }
    count += 1
    if length < SlotSet.pieceSize {
      pieces[number].insert(slot, at: place)
    } else if place == length, number == pieces.count - 1 {
      // Members mostly come in order of creation: full pieces stay full.
      pieces.append([slot])
    } else {
      let half = split(number)
      pieces[place > half ? number + 1 : number].insert(slot, at: place > half ? place - half : place)
    }
    return true
  }

  /// False if it was not a member.
  @discardableResult mutating func remove(_ slot: Slot) -> Bool {
    guard let number = piece(for: slot) else { return false }
    let place = SlotSet.place(of: slot, in: pieces[number])
    guard place < pieces[number].count, pieces[number][place] == slot else { return false }
    pieces[number].remove(at: place)
    count -= 1
    if pieces[number].isEmpty { pieces.remove(at: number) } else { joinSmall(number) }
    return true
  }

  /// Up to `limit` slots from `start` on, in order.
  func slots(from start: Slot, limit: Int) -> [Slot] {
    guard limit > 0, !pieces.isEmpty else { return [] }
    var number = piece(for: start) ?? 0
    var place = SlotSet.place(of: start, in: pieces[number])
    var found: [Slot] = []
    while number < pieces.count, found.count < limit {
      found.append(contentsOf: pieces[number][place...].prefix(limit - found.count))
      number += 1
      place = 0
    }
    return found
  }

  // MARK: Pieces

  /// The last piece that does not begin after `slot`: the only one that may contain it. Nil if all begin after it.
  private func piece(for slot: Slot) -> Int? {
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle][0] <= slot { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : low - 1
  }

  /// The slot's position in a piece, or where it would be inserted.
  private static func place(of slot: Slot, in piece: [Slot]) -> Int {
    var low = 0
    var high = piece.count
    if let last = piece.last, last < slot { return high }
    while low < high {
      let middle = (low + high) / 2
      if piece[middle] < slot { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Returns the length of the first half.
  private mutating func split(_ number: Int) -> Int {
    let half = pieces[number].count / 2
    let rest = Array(pieces[number][half...])
    pieces[number].removeSubrange(half...)
    pieces.insert(rest, at: number + 1)
    return half
  }

  /// Merges a piece with the one after or before it, if both are small.
  private mutating func joinSmall(_ number: Int) {
    guard pieces[number].count < SlotSet.pieceSize / 4 else { return }
    for first in [number, number - 1] where first >= 0 && first + 1 < pieces.count {
      guard pieces[first].count + pieces[first + 1].count <= SlotSet.pieceSize / 2 else { continue }
      pieces[first].append(contentsOf: pieces[first + 1])
      pieces.remove(at: first + 1)
      return
    }
  }
}

extension SlotSet: Sequence {
  /// In ascending order.
  func makeIterator() -> FlattenSequence<[[Slot]]>.Iterator { pieces.joined().makeIterator() }

  var underestimatedCount: Int { count }
}

extension SlotSet: ExpressibleByArrayLiteral {
  init(arrayLiteral elements: Slot...) { for slot in elements { insert(slot) } }
}
