import JSON
import SCIM
package import Storage

/// The large drafts of a directory, each with a small number that its grants carry, so that all of them take effect with
/// one change here.
package struct DraftNumbers: Sendable {
  package typealias Number = UInt16

  /// Of a grant that no large draft makes or removes.
  static let none: Number = 0
  /// Of a draft that does not exist, which is never applied.
  private static let unknown: Number = 1

  private struct Known {
    /// When it was applied, in milliseconds since 1970; nil if it is not.
    var applied: Int64?
    /// Grants that carry the number.
    var uses = 0
  }

  private var numbers: [ResourceID: Number] = [:]
  private var known = [Known(), Known()]
  /// Of drafts that do not exist any more.
  private var free: [Number] = []

  func number(of draft: ResourceID?) -> Number {
    draft.map { numbers[$0] ?? Self.unknown } ?? Self.none
  }

  func isApplied(_ number: Number) -> Bool { known[Int(number)].applied != nil }

  /// When the draft was applied, in milliseconds since 1970; nil if it is not.
  func applied(_ number: Number) -> Int64? { known[Int(number)].applied }

  package func isApplied(_ draft: ResourceID?) -> Bool { isApplied(number(of: draft)) }

  /// Counts where a number is used, so that another draft does not get it.
  mutating func count(_ number: Number, _ step: Int) { known[Int(number)].uses += step }

  /// A draft as it is from now on; nil for one that does not exist any more. Only large ones have numbers.
  mutating func set(_ id: ResourceID, _ document: Document?) {
    guard let attributes = document?.attributes, attributes["parts"] != nil else {
      guard let number = numbers.removeValue(forKey: id) else { return }
      known[Int(number)].applied = nil
      if known[Int(number)].uses == 0 { free.append(number) }
      return
    }
    guard let number = numbers[id] ?? next() else { return }
    numbers[id] = number
    let isApplied = attributes["state"]?.stringValue.flatMap(AccessDraft.State.init) == .applied
    let time = attributes["applied"]?.stringValue.flatMap { DateTime($0) }
    known[Int(number)].applied = isApplied ? time?.milliseconds ?? 0 : nil
  }

  /// Nil if more drafts exist than a directory can have.
  private mutating func next() -> Number? {
    if let number = free.popLast() { return number }
    guard let number = Number(exactly: known.count) else { return nil }
    known.append(Known())
    return number
  }
}
