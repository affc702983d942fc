/// A text that a client sent, or that quotes what it sent, without the keys and tokens in it.
///
/// People paste keys where they do not belong: into a path, a filter, a userName. An error that quotes the place must not
/// carry the key on to logs of proxies and to tickets.
package enum RedactedText {
  /// A key that lost a few characters in copying is still most of a key.
  private static let shortestBody = 32
  private static let shown = 4

  /// The text with the body of every key and token, damaged ones included, replaced: `scim_abcd…wxyz`.
  package static func of(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard bytes.count >= 5 + shortestBody else { return text }
    var result: [UInt8] = []
    var copied = 0
    var index = 0
    while let body = nextBody(in: bytes, from: index) {
      if body.count >= shortestBody {
        result += bytes[copied..<body.lowerBound + shown]
        result += "…".utf8
        copied = body.upperBound - shown
      }
      index = body.upperBound
    }
    return copied == 0 ? text : String(decoding: result + bytes[copied...], as: UTF8.self)
  }

  /// The base 62 digits after the next `scim_` or `scimt_`.
  private static func nextBody(in bytes: [UInt8], from start: Int) -> Range<Int>? {
    var index = start
    while let underscore = bytes[index...].firstIndex(of: UInt8(ascii: "_")) {
      index = underscore + 1
      let isKey = APIKeySecret.Form.allCases.contains { form in
        bytes[..<index].suffix(form.prefix.count).elementsEqual(form.prefix)
      }
      if isKey { return index..<(bytes[index...].firstIndex { !Base62.isDigit($0) } ?? bytes.endIndex) }
    }
    return nil
  }
}
