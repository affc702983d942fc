/// A string that is hashed and compared by its UTF-8 bytes, for sets and dictionaries of names.
package struct ByteString: Hashable, Sendable {
  /// The string itself.
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (left: ByteString, right: ByteString) -> Bool {
    left.text.hasSameBytes(as: right.text)
  }

  /// The length keeps names apart that are hashed one after the other.
  package func hash(into hasher: inout Hasher) {
    let bytes = text.utf8
    hasher.combine(bytes.count)
    let done: Void? = bytes.withContiguousStorageIfAvailable {
      hasher.combine(bytes: UnsafeRawBufferPointer($0))
    }
    if done == nil { for byte in bytes { hasher.combine(byte) } }
  }
}

extension String {
  /// Whether both have the same UTF-8 bytes; `==` would also equate composed and decomposed characters,
  /// and take long to find out.
  @inlinable package func hasSameBytes(as other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    let same = utf8.withContiguousStorageIfAvailable { left in
      other.utf8.withContiguousStorageIfAvailable { right in
        ByteScan.isEqual(UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
      }
    }
    return (same ?? nil) ?? utf8.elementsEqual(other.utf8)
  }
}
