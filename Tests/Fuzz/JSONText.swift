import Foundation
import JSON

/// JSON texts: what is accepted Foundation accepts too, what Foundation accepts is refused only for a stricter rule of
/// ours, and what was read, written and read again is the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSONText(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: data, count: count))
  let limits = JSONLimits(maxDepth: 24, maxBytes: 4096, maxMembers: 64, maxElements: 128, maxValues: 512)
  let theirs = try? JSONSerialization.jsonObject(with: Data(input), options: .fragmentsAllowed)
  do {
    let value = try JSONParser.parse(input, limits: limits)
    precondition(theirs != nil || mayUnderflow(value), "Foundation refuses it")
    for text in [value.serialized(), value.prettyPrinted()] {
      let again = try? JSONParser.parse(text)
      precondition(again == value, "written and read again")
    }
  } catch {
    precondition(error.offset >= 0 && error.offset <= count, "the offset is in the text")
    precondition(theirs == nil || isStricter(error, input), "refused without a rule: \(error)")
  }
  return 0
}

/// Rules that RFC 8259 leaves open and that are closed here.
private func isStricter(_ error: JSONError, _ input: [UInt8]) -> Bool {
  switch error.kind {
  case .duplicateName, .numberOutOfRange, .byteOrderMark, .loneSurrogate, .tooDeep, .tooLong, .tooManyMembers,
    .tooManyElements, .tooManyValues:
    true
  case .unexpectedCharacter where isAfterComma(error.offset, input):
    true
  default:
    // Foundation guesses UTF-16 and UTF-32 from NULs and a byte order mark.
    input.contains(0) || input.first == 0xfe || input.first == 0xff || input.starts(with: [0xef, 0xbb, 0xbf])
  }
}

/// Foundation takes a comma before the end of an array or object.
private func isAfterComma(_ offset: Int, _ input: [UInt8]) -> Bool {
  guard offset < input.count, [UInt8(ascii: "]"), UInt8(ascii: "}")].contains(input[offset]) else {
    return false
  }
  return input[..<offset].last { ![0x20, 0x09, 0x0a, 0x0d].contains($0) } == UInt8(ascii: ",")
}

/// Foundation refuses a decimal that is too near to zero.
private func mayUnderflow(_ value: JSONValue) -> Bool {
  switch value {
  case .decimal(let number): abs(number.value) < 1e-300
  case .array(let elements): elements.contains(where: mayUnderflow)
  case .object(let object): object.members.contains { mayUnderflow($0.value) }
  default: false
  }
}
