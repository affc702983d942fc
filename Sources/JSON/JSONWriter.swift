/// Appends one JSON text piece by piece and puts the commas in; the caller keeps brackets in balance.
///
/// Escaped is only what must be (RFC 8259 §7): quote, backslash, control characters.
package struct JSONWriter: Sendable {
  /// The bytes written so far.
  package var bytes: [UInt8]

  /// Whether a value ended just before, so that the next name or value starts with a comma.
  private var afterValue = false

  /// An empty text with room for `capacity` bytes.
  package init(capacity: Int = 0) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  /// Opens an object; names and values follow in turn.
  package mutating func beginObject() { open(UInt8(ascii: "{")) }

  /// Closes the innermost object.
  package mutating func endObject() { close(UInt8(ascii: "}")) }

  /// Opens an array; values follow.
  package mutating func beginArray() { open(UInt8(ascii: "[")) }

  /// Closes the innermost array.
  package mutating func endArray() { close(UInt8(ascii: "]")) }

  /// The name of the member whose value is written next.
  package mutating func name(_ name: String) {
    comma()
    appendQuoted(name)
    bytes.append(UInt8(ascii: ":"))
  }

  /// A whole value.
  package mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .bool(let truth): bool(truth)
    case .integer(let number): integer(number)
    case .decimal(let decimal): raw(decimal.text.utf8)
    case .string(let text): string(text)
    case .array(let elements):
      beginArray()
      for element in elements { self.value(element) }
      endArray()
    case .object(let object): self.object(object)
    }
  }

  /// A whole object.
  package mutating func object(_ object: JSONObject) {
    beginObject()
    for member in object.members {
      name(member.name)
      value(member.value)
    }
    endObject()
  }

  /// A string value.
  package mutating func string(_ text: String) {
    comma()
    appendQuoted(text)
    afterValue = true
  }

  /// `true` or `false`.
  package mutating func bool(_ truth: Bool) { word(truth ? "true" : "false") }

  /// `null`.
  package mutating func null() { word("null") }

  /// A number without fraction and exponent.
  package mutating func integer(_ number: Int64) {
    comma()
    appendDigits(number)
    afterValue = true
  }

  /// A complete value that is already JSON, unchanged.
  package mutating func raw(_ text: some Collection<UInt8>) {
    comma()
    bytes.append(contentsOf: text)
    afterValue = true
  }

  /// Ends a line of a file that has one value a line.
  package mutating func newline() {
    bytes.append(UInt8(ascii: "\n"))
    afterValue = false
  }

  /// A place between two members or values, to which the text can be cut back.
  package struct Mark: Sendable {
    fileprivate let count: Int
    fileprivate let afterValue: Bool
  }

  package var mark: Mark { Mark(count: bytes.count, afterValue: afterValue) }

  /// Takes back what was written since the mark.
  package mutating func cut(to mark: Mark) {
    bytes.removeSubrange(mark.count...)
    afterValue = mark.afterValue
  }

  private mutating func open(_ bracket: UInt8) {
    comma()
    bytes.append(bracket)
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    afterValue = true
  }

  private mutating func word(_ text: StaticString) {
    comma()
    bytes.append(text: text)
    afterValue = true
  }

  /// Separates the next name or value from the value before it.
  @inline(__always)
  private mutating func comma() {
    if afterValue { bytes.append(UInt8(ascii: ",")) }
    afterValue = false
  }

  private mutating func appendDigits(_ number: Int64) {
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = number.magnitude
    let first = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[first...].reverse()
  }

  private mutating func appendQuoted(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    let done: Void? = text.utf8.withContiguousStorageIfAvailable {
      appendEscaped(UnsafeRawBufferPointer($0))
    }
    if done == nil { Array(text.utf8).withUnsafeBytes { appendEscaped($0) } }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func appendEscaped(_ text: UnsafeRawBufferPointer) {
    var start = 0
    while true {
      let end = ByteScan.end(of: .plain, in: text, from: start)
      bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<end]))
      guard end < text.count else { return }
      appendEscape(of: text[end])
      start = end + 1
    }
  }

  /// RFC 8259 §7: by the short escapes where they exist, otherwise `\u00XX`.
  private mutating func appendEscape(of byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
    case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
    default:
      bytes.append(contentsOf: "u00".utf8)
      for digit in [byte >> 4, byte & 15] {
        bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      }
    }
  }
}
