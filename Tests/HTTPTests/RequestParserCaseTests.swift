import HTTP
import XCTest

/// Every exchange of Fixtures/cases, however its bytes are cut.
final class RequestParserCaseTests: XCTestCase {
  func testEveryCaseMeetsItsExpectation() throws {
    let cases = try ByteCase.all()
    XCTAssertEqual(cases.count, 193)
    for item in cases {
      let outcome = ParserDriver.run([item.bytes[...]]).outcome
      let isMet = item.expectation.isMet(by: outcome)
      XCTAssertTrue(isMet, "\(item.file): \(item.expectation.text), \(outcome)")
      CaseTable.record(item, "whole", isMet)
    }
  }

  func testSameAnswersOneByteAtATime() throws {
    for item in try ByteCase.all() {
      let whole = ParserDriver.run([item.bytes[...]])
      let dripped = ParserDriver.run(item.bytes.indices.map { item.bytes[$0...$0] })
      CaseTable.record(item, "bytewise", assertSame(whole, dripped, item.file))
    }
  }

  func testSameAnswersSplitAtEveryByte() throws {
    for item in try ByteCase.all() {
      let whole = ParserDriver.run([item.bytes[...]])
      var isSame = true
      for cut in cuts(item.bytes.count) {
        let split = ParserDriver.run([item.bytes[..<cut], item.bytes[cut...]])
        isSame = assertSame(whole, split, "\(item.file) at \(cut)") && isSame
      }
      CaseTable.record(item, "split", isSame)
    }
  }

  /// Every byte; of the few cases that only repeat one thing, where it begins, where limits are, and the end.
  private func cuts(_ count: Int) -> [Int] {
    if count <= 1000 { return Array(1..<count) }
    let limits = [8192, 16_384, 32_768, 65_536].flatMap { ($0 - 4)...($0 + 4) }
    return (Array(1..<100) + limits + Array((count - 40)..<count)).filter { $0 < count }
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
    try mutate(.default)
  }

  func testTheLimitThatIsPassedFirstIsToldHoweverTheBytesAreCut() throws {
    var limits = HTTPLimits()
    limits.maxRequestLineBytes = 40
    limits.maxFieldLineBytes = 30
    limits.maxFields = 3
    limits.maxHeadBytes = 80
    limits.maxBodyBytes = 20
    limits.maxChunkLineBytes = 8
    limits.maxChunkOverheadBytes = 10
    limits.maxTrailerBytes = 10
    try mutate(limits)
    let tails = ["\n", "\r\n", "\r", "\r\r\n", " \n"]
    for tail in tails {
      for count in 20...90 {
        for start in [
          "GET /", "GET /ok HTTP/1.1\r\nHost: h\r\nX: ",
          "GET /ok HTTP/1.1\r\n\(String(repeating: "X: y\r\n", count: 2))Z ",
        ] {
          assertEveryCut(Array((start + String(repeating: "a", count: count) + tail).utf8), limits)
        }
      }
    }
  }

  private func assertEveryCut(_ bytes: [UInt8], _ limits: HTTPLimits) {
    let whole = ParserDriver.run([bytes[...]], limits: limits)
    let name = String(decoding: bytes, as: UTF8.self).debugDescription
    assertSame(whole, ParserDriver.run(bytes.indices.map { bytes[$0...$0] }, limits: limits), name)
    for cut in bytes.indices.dropFirst() {
      assertSame(
        whole, ParserDriver.run([bytes[..<cut], bytes[cut...]], limits: limits), "\(name) at \(cut)")
    }
  }

  private func mutate(_ limits: HTTPLimits) throws {
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
        ParserDriver.run([bytes[...]], limits: limits),
        ParserDriver.run([bytes[..<cut], bytes[cut...]], limits: limits),
        String(decoding: bytes, as: UTF8.self).debugDescription)
    }
  }

  @discardableResult
  private func assertSame(
    _ one: ParserDriver, _ other: ParserDriver, _ name: @autoclosure () -> String, line: UInt = #line
  ) -> Bool {
    let isSame =
      one.outcome.statuses == other.outcome.statuses && one.error == other.error
      && one.outcome.isClosed == other.outcome.isClosed
      && one.requests.elementsEqual(other.requests) { $0.body == $1.body }
    if !isSame {
      let errors = "\(String(describing: one.error)), \(String(describing: other.error))"
      XCTFail("\(name()): \(one.outcome), \(other.outcome), \(errors)", line: line)
    }
    return isSame
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
