/// The order in which the operations of a bulk job are carried out: as they were sent, but an operation that refers to a
/// resource that a later one creates waits for it. No operation moves forward, because it may depend on one before it
/// (RFC 7644 §3.7: the order may change if the outcome does not).
package enum BulkOrder {
  /// Operations that are carried out together; several only if each refers to the others, directly or not.
  package struct Unit: Sendable, Equatable {
    /// In the order of the request.
    package let operations: [Int]
    /// True if an operation refers to itself or to others of the unit: none of them can come first.
    package let isCircular: Bool
  }

  /// The units, in the order in which to run them.
  ///
  /// - Parameter references: for each operation those that it refers to.
  package static func units(_ references: [[Int]]) -> [Unit] {
    var search = Search(references)
    for operation in references.indices where search.number[operation] == nil { search.visit(operation) }
    return inOrder(search.units, references)
  }

  /// The turn of a unit: that of its own last operation, or of the last one that it waits for.
  private struct Turn: Comparable {
    /// The operation at whose place it is carried out.
    var place = 0
    /// How many wait at the same place before it; 0 for the operation whose place it is.
    var delay = 0

    static func < (a: Turn, b: Turn) -> Bool { (a.place, a.delay) < (b.place, b.delay) }
  }

  /// - Parameter units: each after those that it refers to.
  private static func inOrder(_ units: [Unit], _ references: [[Int]]) -> [Unit] {
    // Nil for the operations of the current unit and of later ones.
    var turns = [Turn?](repeating: nil, count: references.count)
    for unit in units {
      var turn = Turn(place: unit.operations.last ?? 0)
      for operation in unit.operations {
        for target in references[operation].compactMap({ turns[$0] }) {
          turn = max(turn, Turn(place: target.place, delay: target.delay + 1))
        }
      }
      for operation in unit.operations { turns[operation] = turn }
    }
    return units.sorted {
      let (a, b) = ($0.operations[0], $1.operations[0])
      guard let turn = turns[a], let other = turns[b], turn != other else { return a < b }
      return turn < other
    }
  }

  /// Tarjan's strongly connected components, without recursion, because a chain may be as long as the request. Each unit
  /// comes after those that it refers to.
  private struct Search {
    let references: [[Int]]
    /// The order in which the search found the operations.
    var number: [Int?]
    /// The smallest number that can be reached.
    var lowest: [Int]
    var isOpen: [Bool]
    var open: [Int] = []
    var units: [Unit] = []
    private var next = 0

    init(_ references: [[Int]]) {
      self.references = references
      number = Array(repeating: nil, count: references.count)
      lowest = Array(repeating: 0, count: references.count)
      isOpen = Array(repeating: false, count: references.count)
    }

    /// Numbers an operation and puts it on the stack.
    private mutating func enter(_ operation: Int) {
      number[operation] = next
      lowest[operation] = next
      next += 1
      open.append(operation)
      isOpen[operation] = true
    }

    /// Finds the units that can be reached from an operation.
    mutating func visit(_ start: Int) {
      enter(start)
      var path = [(operation: start, edge: 0)]
      while let (operation, edge) = path.last {
        guard edge < references[operation].count else {
          path.removeLast()
          if let above = path.last?.operation { lowest[above] = min(lowest[above], lowest[operation]) }
          if lowest[operation] == number[operation] { close(operation) }
          continue
        }
        path[path.count - 1].edge += 1
        let target = references[operation][edge]
        if let known = number[target] {
          if isOpen[target] { lowest[operation] = min(lowest[operation], known) }
        } else {
          enter(target)
          path.append((target, 0))
        }
      }
    }

    /// Takes a whole unit from the stack.
    private mutating func close(_ operation: Int) {
      var unit: [Int] = []
      while let last = open.popLast() {
        isOpen[last] = false
        unit.append(last)
        if last == operation { break }
      }
      units.append(
        Unit(
          operations: unit.sorted(),
          isCircular: unit.count > 1 || references[operation].contains(operation)))
    }
  }
}
