import HTTP
import XCTest

/// Every exchange of Fixtures/cases, however its bytes are cut.
final class RequestParserCaseTests: XCTestCase {
  func testEveryCaseMeetsItsExpectation() throws {
    let cases = try ByteCase.all()
    XCTAssertEqual(cases.count, 174)
    for item in cases {
      let outcome = ParserDriver.run([item.bytes[...]]).outcome
      XCTAssertTrue(item.expectation.isMet(by: outcome), "\(item.file): \(item.expectation.text), \(outcome)")
    }
  }

  func testSameAnswersOneByteAtATime() throws {
    for item in try ByteCase.all() {
      let whole = ParserDriver.run([item.bytes[...]])
      let dripped = ParserDriver.run(item.bytes.indices.map { item.bytes[$0...$0] })
      assertSame(whole, dripped, item.file)
    }
  }

  func testSameAnswersSplitAtEveryByte() throws {
    for item in try ByteCase.all() where item.bytes.count <= 400 {
      let whole = ParserDriver.run([item.bytes[...]])
      for cut in item.bytes.indices.dropFirst() {
        assertSame(
          whole, ParserDriver.run([item.bytes[..<cut], item.bytes[cut...]]), "\(item.file) at \(cut)")
      }
    }
  }

  func testConnectionThatStaysOpenServesTheNextRequest() throws {
    let next = Array("GET /ok HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
    for item in try ByteCase.all() where item.expectation.mustStayOpen {
      let outcome = ParserDriver.run([item.bytes[...], next[...]]).outcome
      XCTAssertEqual(outcome.statuses.count, 2, item.file)
      XCTAssertEqual(outcome.statuses.last, 200, item.file)
    }
  }

  func testMutatedCasesNeverTrapAndAreReadTheSameHoweverCut() throws {
    var random = SplitMix(state: 0x5eed)
    let seeds = try ByteCase.all().map(\.bytes).filter { $0.count < 300 }
    let spice: [UInt8] = [0, 9, 10, 13, 32, 34, 44, 48, 57, 58, 59, 65, 97, 127, 128, 255]
    for _ in 0..<3000 {
      var bytes = seeds[random.below(seeds.count)]
      for _ in 0...random.below(4) {
        let place = random.below(bytes.count)
        switch random.below(4) {
        case 0: bytes[place] = spice[random.below(spice.count)]
        case 1: bytes.insert(spice[random.below(spice.count)], at: place)
        case 2 where bytes.count > 1: bytes.remove(at: place)
        default: bytes.insert(contentsOf: bytes[place..<min(place + 9, bytes.count)], at: place)
        }
      }
      let cut = random.below(bytes.count)
      assertSame(
        ParserDriver.run([bytes[...]]), ParserDriver.run([bytes[..<cut], bytes[cut...]]),
        String(decoding: bytes, as: UTF8.self).debugDescription)
    }
  }

  private func assertSame(
    _ one: ParserDriver, _ other: ParserDriver, _ name: String, line: UInt = #line
  ) {
    XCTAssertEqual(one.outcome.statuses, other.outcome.statuses, name, line: line)
    XCTAssertEqual(one.outcome.isClosed, other.outcome.isClosed, name, line: line)
    XCTAssertEqual(one.requests.map(\.body), other.requests.map(\.body), name, line: line)
  }
}

/// A small generator with a fixed seed, so that a failure comes back.
private struct SplitMix {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((mixed ^ (mixed >> 31)) % UInt64(max(1, bound)))
  }
}
