/// The name of an event, `evt_INCARNATION_SEQ_INDEX`: which life of the log, which record, and which of its events,
/// from 0. As a cursor it stands for the place behind the event.
package struct EventID: Sendable, Hashable, CustomStringConvertible {
  /// The longest index that is read.
  private static let maxIndex = 9_999_999

  package let incarnation: String
  package let seq: UInt64
  package let index: Int

  package init(_ incarnation: String, _ seq: UInt64, _ index: Int) {
    self.incarnation = incarnation
    self.seq = seq
    self.index = index
  }

  /// Nil for any other text.
  package init?(_ text: String) {
    let parts = text.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0].utf8.elementsEqual("evt".utf8), parts[1].utf8.count == 8,
      let seq = UInt64(parts[2]), String(seq).utf8.elementsEqual(parts[2].utf8), seq < 1 << 62,
      let index = Int(parts[3]), String(index).utf8.elementsEqual(parts[3].utf8),
      (0...Self.maxIndex).contains(index)
    else { return nil }
    self.init(String(parts[1]), seq, index)
  }

  package var description: String { "evt_\(incarnation)_\(seq)_\(index)" }
}
