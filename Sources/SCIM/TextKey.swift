import JSON

/// Text made comparable once: the bytes by which SCIM compares it, in filters, sorting, cursors, indexes and
/// uniqueness alike.
///
/// Swift's own `==` and `<` of text are not used on data: they equate composed and decomposed letters, also where an
/// attribute is exact, and where both meet, `<` is no strict weak order.
package struct TextKey: Sendable, Hashable, Comparable {
  private let bytes: ByteString

  /// The text as it compares: folded unless it was exact.
  package var text: String { bytes.text }

  /// Compared byte for byte.
  package init(exact text: String) { bytes = ByteString(text) }

  /// Compared without letter case, width and normal form.
  package init(folding text: String) { bytes = ByteString(CaseFolding.folded(text)) }

  /// As values of the attribute compare.
  package init(_ text: String, of attribute: Attribute?) {
    self = attribute?.comparesExactly == true ? TextKey(exact: text) : TextKey(folding: text)
  }

  package var isEmpty: Bool { text.isEmpty }

  package var byteCount: Int { text.utf8.count }

  /// By bytes, which for UTF-8 is the order of code points.
  package static func < (left: TextKey, right: TextKey) -> Bool {
    left.text.withBytes { left in right.text.withBytes { Bytes.precedes(left, $0) } }
  }

  /// `co` (RFC 7644 table 3); the time it takes grows with the length of the two, not with their product.
  func contains(_ part: TextKey) -> Bool {
    text.withBytes { text in part.text.withBytes { Bytes.contains(text, $0) } }
  }

  /// `sw`.
  func begins(with part: TextKey) -> Bool {
    byteCount >= part.byteCount && text.utf8.starts(with: part.text.utf8)
  }

  /// `ew`.
  func ends(with part: TextKey) -> Bool {
    byteCount >= part.byteCount && text.utf8.suffix(part.byteCount).elementsEqual(part.text.utf8)
  }

  /// The beginning, no more than so many bytes of it.
  func prefix(bytes count: Int) -> TextKey {
    guard byteCount > count else { return self }
    var end = text.utf8.index(text.startIndex, offsetBy: count)
    while end > text.startIndex, String.Index(end, within: text.unicodeScalars) == nil {
      end = text.utf8.index(before: end)
    }
    return TextKey(exact: String(text[..<end]))
  }
}

extension String {
  fileprivate func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    return Array(utf8).withUnsafeBufferPointer(body)
  }
}
