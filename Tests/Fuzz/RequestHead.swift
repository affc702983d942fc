import HTTP

/// Request heads and whole messages: however the bytes are cut, the same requests and the same refusal; and what was
/// read, written down again, is read as the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRequestHead(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: data, count: count))
  let whole = Reading(input, cuts: [])
  let seed = input.reduce(UInt64(count)) { $0 &* 31 &+ UInt64($1) }
  for reading in [
    Reading(input, cuts: Array(0..<count)), Reading(input, cuts: [Int(seed % UInt64(max(1, count)))]),
  ] {
    precondition(reading.isSame(as: whole), "the cut decides")
  }
  for request in whole.requests {
    let head = request.head
    precondition(head.target.allSatisfy { $0 > 0x20 && $0 < 0x7f }, "a target is visible ASCII")
    var text = Array("\(head.method.rawValue) ".utf8) + head.target + Array(" HTTP/1.1\r\n".utf8)
    for field in head.fields {
      precondition(field.value.allSatisfy { $0 != 13 && $0 != 10 && $0 != 0 }, "a value ends no line")
      text += field.name + [0x3a] + field.value + [13, 10]
    }
    text += [13, 10]
    if head.isHTTP10 { continue }
    let again = Reading(text + chunkedOrBare(request), cuts: [])
    precondition(again.error == nil, "what was accepted is accepted again")
    precondition(again.requests.first.map { Reading.isSame($0, request) } == true, "and is the same")
  }
  return 0
}

private func chunkedOrBare(_ request: Reading.Request) -> [UInt8] {
  guard request.head.contentLength == nil, request.head.hasBody else { return request.body }
  if request.body.isEmpty { return Array("0\r\n\r\n".utf8) }
  let size = Array(String(request.body.count, radix: 16).utf8)
  return size + [13, 10] + request.body + Array("\r\n0\r\n\r\n".utf8)
}
