extension [UInt8] {
  /// A text literal of the source, without creating a String.
  @inlinable
  package mutating func append(text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends text that needs no escaping.
  package mutating func append(plain text: String) {
    var text = text
    text.withUTF8 { append(contentsOf: $0) }
  }
}
