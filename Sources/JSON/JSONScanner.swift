/// Finds members of an object without reading the rest into values: for text that this program wrote itself, where one
/// attribute of many is wanted and a parse of the whole would cost ten times as much.
///
/// The text must be a JSON object as `JSONWriter` makes it: no white space, names without escapes. Anything else gives
/// no members or wrong ranges, but never a read outside the text.
package struct JSONScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 1

  package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes.bindMemory(to: UInt8.self) }

  /// Where the value of the member `name` stands; nil where there is none.
  package static func range(of name: String, in object: UnsafeRawBufferPointer) -> Range<Int>? {
    var scanner = JSONScanner(object)
    var name = name
    return name.withUTF8 { wanted in
      while let member = scanner.next() {
        if member.name.count == wanted.count, scanner.equals(member.name, wanted) { return member.value }
      }
      return nil
    }
  }

  /// The next member: where its name stands, without quotes, and where its value.
  package mutating func next() -> (name: Range<Int>, value: Range<Int>)? {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return nil }
    let start = position + 1
    skipString()
    let name = start..<max(start, position - 1)
    guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else { return nil }
    position += 1
    let value = position
    skipValue()
    let end = position
    guard position < bytes.count else { return nil }
    position += 1
    return (name, value..<end)
  }

  private func equals(_ range: Range<Int>, _ wanted: UnsafeBufferPointer<UInt8>) -> Bool {
    for (offset, byte) in wanted.enumerated() where bytes[range.lowerBound + offset] != byte { return false }
    return true
  }

  /// From the opening quote to behind the closing one.
  private mutating func skipString() {
    position += 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    position += 1
  }

  /// To the comma or bracket behind the value.
  private mutating func skipValue() {
    var depth = 0
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        skipString()
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return }
        depth -= 1
      case UInt8(ascii: ","): if depth == 0 { return }
      default: break
      }
      position += 1
    }
  }
}
