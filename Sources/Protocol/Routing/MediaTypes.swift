import HTTP
import SCIM

/// The media types of bodies and answers (RFC 7644 §3.1, §3.8).
enum MediaTypes {
  /// Without a parameter: its registration has none, and JSON is UTF-8 (RFC 8259 §8.1).
  static let scim = Array("application/scim+json".utf8)
  private static let json = Array("application/json".utf8)

  /// Throws 415 for a body that is neither `application/scim+json` nor `application/json`, that is not UTF-8, or that
  /// is compressed. A body without a type is taken as SCIM.
  static func checkBody(_ head: HTTPRequestHead) throws(SCIMError) {
    if let coding = head[.contentEncoding], !text(coding).elementsEqual("identity".utf8) {
      throw SCIMError(.compressedBody, "Compressed bodies are not supported; send the JSON as it is.")
    }
    // Nearly every client sends exactly this, so it is not parsed.
    guard let value = head[.contentType], !value.elementsEqual("application/scim+json".utf8) else { return }
    let parts = text(value).split(separator: UInt8(ascii: ";"))
    let type = (parts.first ?? []).filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
    guard type.elementsEqual("application/scim+json".utf8) || type.elementsEqual("application/json".utf8)
    else {
      throw SCIMError(
        .unsupportedMediaType,
        "Send the body as \"Content-Type: application/scim+json\" (or application/json).")
    }
    for parameter in parts.dropFirst() {
      let plain = parameter.filter {
        $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") && $0 != UInt8(ascii: "\"")
      }
      guard !plain.starts(with: "charset=".utf8) || plain.elementsEqual("charset=utf-8".utf8) else {
        throw SCIMError(.bodyNotUTF8, "The body must be in UTF-8.")
      }
    }
  }

  /// The type of the answer: SCIM's, unless the client accepts only plain JSON. Throws 406 if it accepts neither.
  static func answer(to head: HTTPRequestHead) throws(SCIMError) -> [UInt8] {
    // Nearly every client sends one of these, so it is not parsed.
    guard let value = head[.accept], !value.elementsEqual(scim), !value.elementsEqual("*/*".utf8) else {
      return scim
    }
    if value.elementsEqual(json) { return json }
    let ranges = text(value).split(separator: UInt8(ascii: ",")).compactMap { range -> [UInt8]? in
      let parts = range.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }.split(
        separator: UInt8(ascii: ";"))
      let isRefused = parts.dropFirst().contains {
        $0.elementsEqual("q=0".utf8) || $0.starts(with: "q=0.000".utf8)
      }
      return isRefused ? nil : parts.first.map(Array.init)
    }
    if ranges.isEmpty || ranges.contains(where: { any.contains($0) }) { return scim }
    if ranges.contains(Array("application/json".utf8)) { return json }
    throw SCIMError(.notAcceptable, "Only application/scim+json and application/json can be sent.")
  }

  private static let any: Set<[UInt8]> = [
    Array("*/*".utf8), Array("application/*".utf8), Array("application/scim+json".utf8),
  ]

  /// In lower case.
  private static func text(_ value: ArraySlice<UInt8>) -> [UInt8] {
    value.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
  }
}
