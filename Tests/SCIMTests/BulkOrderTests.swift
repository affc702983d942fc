import SCIM
import XCTest

final class BulkOrderTests: XCTestCase {
  private func order(_ references: [[Int]]) -> [[Int]] { BulkOrder.units(references).map(\.operations) }

  func testOperationsWithoutReferencesKeepTheirOrder() {
    XCTAssertEqual(order([[], [], []]), [[0], [1], [2]])
    XCTAssertEqual(order([[], [0], [0, 1]]), [[0], [1], [2]])
  }

  func testWhatIsReferredToComesFirst() {
    XCTAssertEqual(order([[2], [], []]), [[2], [0], [1]])
    XCTAssertEqual(order([[1], [2], [3], []]), [[3], [2], [1], [0]])
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
