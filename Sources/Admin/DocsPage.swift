import CAssets

/// A page of the documentation, as Markdown: `scimd help TOPIC` prints it.
package struct DocsPage: Sendable {
  package let topic: String
  package let text: String

  /// All pages, in reading order.
  package static let all: [DocsPage] = (0..<Int(cassets_doc_count)).compactMap { index in
    guard let entry = cassets_doc(Int32(index))?.pointee else { return nil }
    let bytes = UnsafeRawBufferPointer(start: entry.bytes, count: entry.length)
    return DocsPage(topic: String(cString: entry.name), text: String(decoding: bytes, as: UTF8.self))
  }

  package static func named(_ topic: String) -> DocsPage? { all.first { $0.topic == topic } }

  /// Its first line, without the marks of a heading.
  package var title: String {
    String(text.prefix { $0 != "\n" }.drop { $0 == "#" || $0 == " " })
  }
}
