import Foundation
import HTTP

/// Paths and queries: what is accepted is what Foundation decodes, encoded and decoded again it is the same, and the
/// parts of a query are the parts of its text.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPercentAndQuery(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: data, count: count))
  if let text = try? PercentDecoding.text(of: input[...], plusIsSpace: false) {
    precondition(!text.utf8.contains(0), "no NUL")
    // The head parser lets no other bytes through.
    if input.allSatisfy({ $0 < 0x80 }) {
      let theirs = String(decoding: input, as: UTF8.self).removingPercentEncoding
      precondition(theirs.map { $0.utf8.elementsEqual(text.utf8) } == true, "Foundation decodes the same")
    }
    let encoded = PercentDecoding.encoded(text)
    precondition(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }, "visible ASCII")
    let again = try? PercentDecoding.text(of: Array(encoded.utf8)[...], plusIsSpace: true)
    precondition(again.map { $0.utf8.elementsEqual(text.utf8) } == true, "encoded and decoded again")
  }
  if let segments = try? PercentDecoding.segments(of: input[...]) {
    let path = input.first == UInt8(ascii: "/") ? input.dropFirst() : input[...]
    precondition(segments.count == path.count { $0 == UInt8(ascii: "/") } + 1, "segments")
    let again = segments.map(PercentDecoding.encoded).joined(separator: "/")
    let same = try? PercentDecoding.segments(of: Array("/\(again)".utf8)[...])
    precondition(same.map { isSame($0, segments) } == true, "segments again")
  }
  if let query = try? Query(input[...]) {
    let text = query.parameters.map { parameter in
      PercentDecoding.encoded(parameter.name)
        + (parameter.value.map { "=" + PercentDecoding.encoded($0) } ?? "")
    }.joined(separator: "&")
    let again = try? Query(Array(text.utf8)[...])
    precondition(
      again.map { isSame($0.parameters.map(\.name), query.parameters.map(\.name)) } == true, "names")
    precondition(
      again.map { isSame($0.parameters.map { $0.value ?? "" }, query.parameters.map { $0.value ?? "" }) }
        == true, "values")
    for parameter in query.parameters {
      precondition(!query.all(parameter.name).isEmpty, "a parameter is found by its name")
    }
  }
  return 0
}

/// Byte for byte.
private func isSame(_ one: [String], _ other: [String]) -> Bool {
  one.count == other.count && zip(one, other).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
}
