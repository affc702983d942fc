import Platform

@testable import Storage

extension Incarnation {
  /// The same in every test.
  static var test: Incarnation {
    guard let incarnation = Incarnation("TestLog1") else { preconditionFailure("8 digits") }
    return incarnation
  }
}

extension Incarnations {
  static var test: Incarnations {
    var incarnations = Incarnations()
    incarnations.begin(.test, at: 1)
    return incarnations
  }
}

extension JournalRecord {
  /// A record with nothing but a payload.
  init(_ payload: [UInt8]) {
    self.init(
      frame: Array("\"incarnation\":\"TestLog1\"".utf8), payload: payload, salt: [UInt8](0..<16))
  }
}

extension Journal {
  @discardableResult
  func append(_ payload: [UInt8], usesKept: Bool = false) throws(JournalError) -> UInt64 {
    try append(JournalRecord(payload), usesKept: usesKept)
  }

  func append(_ payloads: [[UInt8]]) throws(JournalError) -> ClosedRange<UInt64> {
    try append(payloads.map { JournalRecord($0) })
  }
}

extension LogPoint {
  /// A place behind a record of format 1.
  init(seq: UInt64, chain: UInt32) { self.init(seq: seq, hash: Digest256(checksum: chain)) }
}
