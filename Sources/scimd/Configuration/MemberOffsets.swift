/// Finds where the members of a document's outermost object begin.
enum MemberOffsets {
  /// The byte offset of each member's name, in order; `bytes` must be valid JSON.
  static func of(_ bytes: [UInt8]) -> [Int] {
    var offsets: [Int] = []
    var depth = 0
    var nameIsNext = false
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        nameIsNext = depth == 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
      case UInt8(ascii: ","):
        nameIsNext = depth == 1
      case UInt8(ascii: "\""):
        if nameIsNext { offsets.append(index) }
        nameIsNext = false
        index = endOfString(bytes, from: index)
      default: break
      }
      index += 1
    }
    return offsets
  }

  /// The offset of the closing quote of the string that opens at `start`.
  private static func endOfString(_ bytes: [UInt8], from start: Int) -> Int {
    var index = start + 1
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return index
  }
}
