package import SCIM

/// A span of time as people write it: a whole number and a unit, such as `30m`, `24h`, `90d`, `4w`, `6mo`, `1y`.
package struct TimeSpan: Sendable, Equatable {
  package enum Unit: String, Sendable, CaseIterable {
    case minutes = "m", hours = "h", days = "d", weeks = "w", months = "mo", years = "y"

    /// Milliseconds; nil if the calendar says how long it is.
    fileprivate var length: Int64? {
      switch self {
      case .minutes: 60_000
      case .hours: 3_600_000
      case .days: 86_400_000
      case .weeks: 7 * 86_400_000
      case .months, .years: nil
      }
    }

    /// The number of units in a hundred years, which is the longest span.
    fileprivate var most: Int {
      switch self {
      case .minutes: 52_596_000
      case .hours: 876_600
      case .days: 36_525
      case .weeks: 5217
      case .months: 1200
      case .years: 100
      }
    }
  }

  package let count: Int
  package let unit: Unit

  /// Nil unless the text is digits, the first not 0, and a unit, and at most a hundred years: no sign, no space, no
  /// fraction.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard (1...8).contains(digits.count), digits.first != UInt8(ascii: "0"),
      let unit = Unit.allCases.first(where: { bytes[digits.count...].elementsEqual($0.rawValue.utf8) })
    else { return nil }
    let count = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    guard count <= unit.most else { return nil }
    self.count = count
    self.unit = unit
  }

  /// Its length; nil for months and years, whose length depends on the calendar.
  package var milliseconds: Int64? { unit.length.map { $0 * Int64(count) } }

  /// The moment this long after another one; nil if that is out of the calendar's range.
  package func after(_ start: DateTime) -> DateTime? {
    if let milliseconds { return DateTime(milliseconds: start.milliseconds + milliseconds) }
    return start.adding(months: unit == .years ? 12 * count : count)
  }
}
