/// Distinguishes a resource's versions: the record that last changed it, and the incarnation of the log that it belongs
/// to. Of a restored log the numbers come again, the versions do not.
struct Revision: Sendable, Equatable {
  /// Nil for a log of format 1 that was not written to since, and for what is listed from a file.
  let incarnation: Incarnation?
  let seq: UInt64

  /// `4gT0aZk9.7`.
  func append(to bytes: inout [UInt8]) {
    if let incarnation {
      bytes.append(contentsOf: incarnation.name.utf8)
      bytes.append(UInt8(ascii: "."))
    }
    RecordLine.appendDigits(seq, to: &bytes)
  }

  /// `W/"4gT0aZk9.7"`: weak, as every projection of the resource shares it (RFC 7644 §3.14).
  var entityTag: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    bytes.append(contentsOf: "W/\"".utf8)
    append(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Incarnations {
  func revision(_ seq: UInt64) -> Revision { Revision(incarnation: of(seq), seq: seq) }
}
