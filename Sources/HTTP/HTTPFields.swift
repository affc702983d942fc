/// The header fields of a response, in order, kept as the bytes that go to the wire.
///
/// Date, Content-Length, Transfer-Encoding and Connection belong to the HTTP layer; do not append them.
package struct HTTPFields: Sendable, Equatable {
  /// `name: value CR LF` repeated.
  private(set) var wire: [UInt8] = []

  package init() {}

  /// Control bytes in `value` become spaces, so that no value can end its line (RFC 9110 §5.5).
  package mutating func append(_ name: FieldName, _ value: String) {
    var value = value
    value.withUTF8 { append(name, $0) }
  }

  /// As `append(_:_:)`, for a value that is bytes already.
  package mutating func append(_ name: FieldName, _ value: [UInt8]) {
    value.withUnsafeBufferPointer { append(name, $0) }
  }

  /// As `append(_:_:)`, for a value that this program made and that holds no control bytes.
  package mutating func append(_ name: FieldName, plain value: [UInt8]) {
    assert(value.allSatisfy(Octet.isFieldByte), "\(name) needs its control bytes replaced")
    begin(name)
    wire.append(contentsOf: value)
    wire.append(UInt8(ascii: "\r"))
    wire.append(UInt8(ascii: "\n"))
  }

  /// Appends all the fields of `other`.
  package mutating func append(_ other: HTTPFields) {
    wire.append(contentsOf: other.wire)
  }

  /// Writes the name and the colon.
  private mutating func begin(_ name: FieldName) {
    assert(
      ![.date, .contentLength, .transferEncoding, .connection].contains(name),
      "\(name) belongs to the HTTP layer")
    if wire.isEmpty { wire.reserveCapacity(512) }
    var text = name.text
    text.withUTF8 { wire.append(contentsOf: $0) }
    wire.append(UInt8(ascii: ":"))
    wire.append(UInt8(ascii: " "))
  }

  /// A byte that a field cannot contain becomes a space, so that no value can begin another field.
  private mutating func append(_ name: FieldName, _ value: UnsafeBufferPointer<UInt8>) {
    begin(name)
    let start = wire.count
    wire.append(contentsOf: value)
    for index in start..<wire.count where !Octet.isFieldByte(wire[index]) { wire[index] = UInt8(ascii: " ") }
    wire.append(UInt8(ascii: "\r"))
    wire.append(UInt8(ascii: "\n"))
  }

  /// Every field, first to last.
  package var list: [(name: String, value: String)] {
    wire.split(separator: UInt8(ascii: "\n")).map { line in
      let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.startIndex
      return (
        String(decoding: line[..<colon], as: UTF8.self),
        String(decoding: line[colon...].dropFirst(2).dropLast(), as: UTF8.self)
      )
    }
  }

  /// The value of the first field of that name.
  package subscript(name: FieldName) -> String? {
    list.first { FieldName($0.name) == name }?.value
  }
}
