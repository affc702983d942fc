extension [UInt8] {
  /// Text that stands in the source, without a String of it.
  @inlinable
  package mutating func append(text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
