/// Finds values in a text without reading the rest of it: if one attribute of many is wanted, a parse of the whole
/// would cost ten times as much.
///
/// The text must be an object or an array as `JSONWriter` makes it. At white space outside of strings it stops; in
/// other text that is not JSON it may find wrong ranges, but never reads beyond the text. Ranges count from the start
/// of the text.
package struct JSONScanner {
  /// A member of an object: the range of its name, without quotes, and of its value.
  package typealias Member = (name: Range<Int>, value: Range<Int>)

  private let bytes: UnsafeRawBufferPointer
  /// Of the next name or value.
  private var position: Int
  private let end: Int
  /// Whether the closing bracket was passed, and nothing follows it.
  package private(set) var isAtEnd = false

  package init(_ text: UnsafeRawBufferPointer) { self.init(text, in: 0..<text.count) }

  /// Over the object or array in a part of the text.
  package init(_ text: UnsafeRawBufferPointer, in range: Range<Int>) {
    bytes = UnsafeRawBufferPointer(rebasing: text[..<range.upperBound])
    position = range.lowerBound + 1
    end = range.upperBound
  }

  /// The next member of the object; nil after the last.
  package mutating func nextMember() -> Member? {
    guard byte == UInt8(ascii: "\"") else { return endOfEmpty() }
    let start = position + 1
    skipString()
    guard byte == UInt8(ascii: ":") else { return nil }
    let name = start..<(position - 1)
    position += 1
    return endOfValue(from: position).map { (name, $0) }
  }

  /// The next element of the array; nil after the last.
  package mutating func nextElement() -> Range<Int>? {
    guard let byte, byte != UInt8(ascii: "]") else { return endOfEmpty() }
    return endOfValue(from: position)
  }

  /// Whether the JSON text of a name, without quotes, spells `name`.
  package func isName(_ range: Range<Int>, _ name: String) -> Bool {
    let spelled = UnsafeRawBufferPointer(rebasing: bytes[range])
    if ByteScan.end(of: .plain, in: spelled, from: 0) < spelled.count {
      return JSONScanner.string(UnsafeRawBufferPointer(rebasing: quoted(range)))?.hasSameBytes(as: name)
        ?? false
    }
    guard spelled.count == name.utf8.count else { return false }
    return name.utf8.withContiguousStorageIfAvailable {
      ByteScan.isEqual(spelled, UnsafeRawBufferPointer($0))
    } ?? name.utf8.elementsEqual(spelled)
  }

  /// The name with its quotes, for the parser, which resolves escapes.
  private func quoted(_ name: Range<Int>) -> UnsafeRawBufferPointer.SubSequence {
    bytes[(name.lowerBound - 1)..<(name.upperBound + 1)]
  }

  // MARK: Stepping

  private var byte: UInt8? { position < end ? bytes[position] : nil }

  /// An object or array without any content ends at once.
  private mutating func endOfEmpty<Value>() -> Value? {
    if position < end { stepOverBracket() }
    return nil
  }

  /// Ends the scan, at whatever closing bracket comes next.
  private mutating func stepOverBracket() {
    guard bytes[position] == UInt8(ascii: "}") || bytes[position] == UInt8(ascii: "]") else { return }
    isAtEnd = position + 1 == end
    position = end
  }

  /// Skips a value and its separator.
  private mutating func endOfValue(from start: Int) -> Range<Int>? {
    skipValue()
    guard position > start, position < end else { return nil }
    let value = start..<position
    if bytes[position] == UInt8(ascii: ",") { position += 1 } else { stepOverBracket() }
    return value
  }

  /// From the opening quote past the closing one.
  private mutating func skipString() {
    position += 1
    while true {
      position = ByteScan.end(of: .plain, in: bytes, from: position)
      guard position < end else { return }
      if bytes[position] == UInt8(ascii: "\"") {
        position += 1
        return
      }
      position = min(position + (bytes[position] == UInt8(ascii: "\\") ? 2 : 1), end)
    }
  }

  /// To the comma or bracket after the value.
  private mutating func skipValue() {
    var depth = 0
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        skipString()
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return }
        depth -= 1
      case UInt8(ascii: ","): if depth == 0 { return }
      case 0...UInt8(ascii: " "): position = end - 1
      default: break
      }
      position += 1
    }
  }
}

extension JSONScanner {
  /// The range of the value of the member `name` in an object, the first of several; nil if it is missing.
  package static func value(
    of name: String, in object: UnsafeRawBufferPointer, _ range: Range<Int>? = nil
  ) -> Range<Int>? {
    var scanner = JSONScanner(object, in: range ?? 0..<object.count)
    while let member = scanner.nextMember() {
      if scanner.isName(member.name, name) { return member.value }
    }
    return nil
  }

  /// The text of a JSON string with its quotes; nil for any other value.
  package static func string(_ value: UnsafeRawBufferPointer) -> String? {
    guard value.count >= 2, value[0] == UInt8(ascii: "\"") else { return nil }
    let inner = UnsafeRawBufferPointer(rebasing: value[1..<(value.count - 1)])
    guard ByteScan.end(of: .plain, in: inner, from: 0) < inner.count else {
      return String(decoding: inner, as: UTF8.self)
    }
    return (try? JSONParser.parse(value))?.stringValue
  }
}
