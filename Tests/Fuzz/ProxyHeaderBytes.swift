import HTTP
import Platform

/// What a proxy sends first: whole or byte by byte, wherever it stands in memory, the same header or the same refusal,
/// as soon as it is whole; and the client that it names, named again in either version, is read as the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzProxyHeader(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: data, count: count))
  let whole = Outcome(input[...])
  let moved = [0x50, 0x0d, 0x0a] + input + [0x0a]
  precondition(Outcome(moved[3..<(3 + count)]) == whole, "wherever it stands")
  var end = 0
  var first = Outcome.incomplete
  while first == .incomplete, end <= count {
    // A copy of its own, so that AddressSanitizer sees a read beyond the bytes that came.
    first = Outcome(Array(input[..<end])[...])
    end += 1
  }
  precondition(first == whole, "byte by byte")
  precondition(whole != .incomplete || count < ProxyHeader.maxBytes, "no more than that is waited for")
  guard case .header(let client, let length) = whole else { return 0 }
  precondition(length == end - 1, "a header is read when it is whole, and not beyond")
  guard let client else { return 0 }
  if input[0] == UInt8(ascii: "P") {
    precondition(input[..<(length - 2)].allSatisfy { $0 >= 0x20 && $0 < 0x7f }, "a line is visible ASCII")
  }
  for header in [line(client), block(client)] {
    precondition(Outcome(header[...]) == .header(client, length: header.count), "named again")
  }
  return 0
}

/// What the bytes that came so far are taken for.
private enum Outcome: Equatable {
  case incomplete, refused
  case header(PeerAddress?, length: Int)

  init(_ bytes: ArraySlice<UInt8>) {
    do {
      let header = try ProxyHeader.parse(bytes)
      self = header.map { .header($0.client, length: $0.length) } ?? .incomplete
    } catch {
      self = .refused
    }
  }
}

private func line(_ client: PeerAddress) -> [UInt8] {
  let family = client.text.contains(":") ? "TCP6" : "TCP4"
  return Array("PROXY \(family) \(client.text) \(client.text) 0 65535\r\n".utf8)
}

/// An address of IPv4 in clothes of IPv6.
private func block(_ client: PeerAddress) -> [UInt8] {
  let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10]
  let numbers = client.text.split(separator: ".").compactMap { UInt8($0) }
  guard numbers.count == 4 else { return line(client) }
  let address = [UInt8](repeating: 0, count: 10) + [0xff, 0xff] + numbers
  return signature + [0x21, 0x21, 0, 36] + address + address + [0, 1, 0, 2]
}
