import HTTP

/// Chunked bodies: the first byte says how many of the next bytes are distances between cuts, the rest is the body.
/// Whole, byte by byte and cut there it is read as the same, and the same as a plain decoder of the grammar reads it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzChunkedBody(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: data, count: count))
  guard let first = input.first else { return 0 }
  let distances = input.dropFirst().prefix(Int(first % 8))
  let coded = Array(input.dropFirst(1 + distances.count))
  let head = Array("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
  let message = head + coded
  var cuts: [Int] = []
  var place = head.count
  for distance in distances {
    place += Int(distance)
    if place <= message.count { cuts.append(place) }
  }
  let whole = Reading(message, cuts: [])
  precondition(Reading(message, cuts: Array(0..<message.count)).isSame(as: whole), "byte by byte")
  precondition(Reading(message, cuts: cuts).isSame(as: whole), "cut")
  if let body = whole.requests.first?.body {
    precondition(body == plainlyDecoded(coded), "the plain decoder reads the same")
  }
  return 0
}

/// RFC 9112 §7.1 over bytes that are known to be well-formed; nil where they are not.
private func plainlyDecoded(_ coded: [UInt8]) -> [UInt8]? {
  var body: [UInt8] = []
  var rest = coded[...]
  while let end = rest.firstIndex(of: 10) {
    let line = String(decoding: rest[..<end], as: UTF8.self)
    guard let size = Int(line.prefix { $0.isASCII && $0.isHexDigit }, radix: 16) else { return nil }
    rest = rest[(end + 1)...]
    if size == 0 { return body }
    guard rest.count >= size + 2 else { return nil }
    body += rest.prefix(size)
    rest = rest.dropFirst(size + 2)
  }
  return nil
}
