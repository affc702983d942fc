import SCIM
import XCTest

final class BulkOrderTests: XCTestCase {
  private func order(_ references: [[Int]]) -> [[Int]] { BulkOrder.units(references).map(\.operations) }

  func testOperationsWithoutReferencesKeepTheirOrder() {
    XCTAssertEqual(order([[], [], []]), [[0], [1], [2]])
    XCTAssertEqual(order([[], [0], [0, 1]]), [[0], [1], [2]])
  }

  /// What lies between may be what makes the later one possible: a DELETE that frees the name of a POST.
  func testAnOperationWaitsForWhatItRefersTo() {
    XCTAssertEqual(order([[2], [], []]), [[1], [2], [0]])
    XCTAssertEqual(order([[1], [2], [3], []]), [[3], [2], [1], [0]])
    XCTAssertEqual(order([[3], [], [0], [], []]), [[1], [3], [0], [2], [4]])
    XCTAssertEqual(order([[3], [3], [], []]), [[2], [3], [0], [1]])
  }

  func testNothingIsCarriedOutBeforeAnOperationThatDoesNotWait() {
    var random = SplitMix(state: 7)
    for _ in 0..<300 {
      let count = Int.random(in: 1...12, using: &random)
      // Only to what comes later, or to nothing: then it is known who waits.
      let references = (0..<count).map { at in
        Bool.random(using: &random) && at + 1 < count ? [Int.random(in: at + 1..<count, using: &random)] : []
      }
      let waiting = Set(references.indices.filter { !references[$0].isEmpty })
      let order = order(references).map { $0[0] }
      XCTAssertEqual(order.filter { !waiting.contains($0) }, (0..<count).filter { !waiting.contains($0) })
      for (place, operation) in order.enumerated() where !waiting.contains(operation) {
        XCTAssertTrue(
          order[..<place].allSatisfy { $0 < operation }, "\(references) \(order)")
      }
    }
  }

  func testACircleIsOneUnit() {
    let units = BulkOrder.units([[3], [2], [1, 4], [], []])
    XCTAssertEqual(units.map(\.operations), [[3], [0], [4], [1, 2]])
    XCTAssertEqual(units.map(\.isCircular), [false, false, false, true])
    XCTAssertEqual(BulkOrder.units([[0]]).map(\.isCircular), [true])
  }

  func testALongChainNeedsNoStack() {
    let count = 100_000
    let units = BulkOrder.units((0..<count).map { $0 + 1 < count ? [$0 + 1] : [] })
    XCTAssertEqual(units.map { $0.operations[0] }, (0..<count).reversed())
    XCTAssertEqual(order((0..<count).map { [($0 + 1) % count] }), [Array(0..<count)])
  }

  func testNothingComesBeforeWhatItRefersTo() {
    var random = SplitMix(state: 5)
    for _ in 0..<300 {
      let count = Int.random(in: 1...12, using: &random)
      let references = (0..<count).map { _ in
        (0..<Int.random(in: 0...2, using: &random)).map { _ in Int.random(in: 0..<count, using: &random) }
      }
      var place: [Int: Int] = [:]
      for (number, unit) in BulkOrder.units(references).enumerated() {
        for operation in unit.operations { place[operation] = number }
      }
      XCTAssertEqual(place.count, count)
      for (operation, targets) in references.enumerated() {
        for target in targets { XCTAssertLessThanOrEqual(place[target]!, place[operation]!) }
      }
    }
  }

  private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var value = state
      value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
      return value ^ (value >> 31)
    }
  }
}
