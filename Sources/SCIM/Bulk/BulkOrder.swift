/// The order in which the operations of a bulk job are carried out: as they were sent, but what an operation refers to
/// comes before it (RFC 7644 §3.7: the order may change where the outcome does not).
package enum BulkOrder {
  /// Operations that are carried out at once; several only where each refers to the others, directly or not.
  package struct Unit: Sendable, Equatable {
    /// In the order of the request.
    package let operations: [Int]
    /// True where an operation refers to itself or to others of the unit: none of them can come first.
    package let isCircular: Bool
  }

  /// Tarjan's strongly connected components, without recursion: a chain may be as long as the request.
  ///
  /// - Parameter references: for each operation those that it refers to.
  package static func units(_ references: [[Int]]) -> [Unit] {
    var search = Search(references)
    for operation in references.indices where search.number[operation] == nil { search.visit(operation) }
    return search.units
  }

  private struct Search {
    let references: [[Int]]
    /// In the order in which the search came by.
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

    private mutating func enter(_ operation: Int) {
      number[operation] = next
      lowest[operation] = next
      next += 1
      open.append(operation)
      isOpen[operation] = true
    }

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
