/// The digits of a number and the place of its point: 0.DIGITS times ten to the power of `exponent`.
struct DecimalDigits: Sendable, Hashable, Comparable {
  /// Further away than any point of a number that fits into memory.
  private static let farthest = 1 << 48

  private let isNegative: Bool
  /// From 0 to 9, without zeros at either end; empty for zero.
  private let digits: [UInt8]
  private let exponent: Int

  var count: Int { digits.count }

  /// - Parameter text: a number as RFC 8259 §6 spells it.
  init(_ text: some Collection<UInt8>) {
    var (digits, point, exponent): ([UInt8], Int?, Int) = ([], nil, 0)
    let end = text.firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? text.endIndex
    for byte in text[..<end] {
      switch byte {
      case UInt8(ascii: "."): point = digits.count
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte - UInt8(ascii: "0"))
      default: break
      }
    }
    var isBelow = false
    for byte in text[end...].dropFirst() {
      switch byte {
      case UInt8(ascii: "-"): isBelow = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        exponent = min(exponent * 10 + Int(byte - UInt8(ascii: "0")), Self.farthest)
      default: break
      }
    }
    let zeros = digits.prefix { $0 == 0 }.count
    let isZero = zeros == digits.count
    while digits.last == 0 { digits.removeLast() }
    // The point comes before the first significant digit.
    let place = (point ?? text[..<end].count { $0 >= UInt8(ascii: "0") }) - zeros
    self.digits = isZero ? [] : Array(digits.dropFirst(zeros))
    self.exponent = isZero ? 0 : place + (isBelow ? -exponent : exponent)
    isNegative = !isZero && text.first == UInt8(ascii: "-")
  }

  private init(isNegative: Bool, digits: [UInt8], exponent: Int) {
    self.isNegative = isNegative
    self.digits = digits
    self.exponent = exponent
  }

  /// The first digits only.
  func prefix(_ count: Int) -> DecimalDigits {
    var kept = Array(digits.prefix(count))
    while kept.last == 0 { kept.removeLast() }
    return DecimalDigits(isNegative: isNegative, digits: kept, exponent: exponent)
  }

  /// As RFC 8259 §6 spells it: "-0.125e3".
  var text: String {
    guard !digits.isEmpty else { return "0" }
    let characters = digits.map { $0 + UInt8(ascii: "0") }
    return "\(isNegative ? "-" : "")0.\(String(decoding: characters, as: UTF8.self))e\(exponent)"
  }

  /// By value, however the numbers were written.
  static func < (left: DecimalDigits, right: DecimalDigits) -> Bool {
    if left.sign != right.sign { return left.sign < right.sign }
    return left.isNegative ? right.isCloserToZero(than: left) : left.isCloserToZero(than: right)
  }

  /// -1, 0 or 1.
  private var sign: Int { digits.isEmpty ? 0 : isNegative ? -1 : 1 }

  /// Compares the magnitudes.
  private func isCloserToZero(than other: DecimalDigits) -> Bool {
    exponent != other.exponent ? exponent < other.exponent : digits.lexicographicallyPrecedes(other.digits)
  }
}
