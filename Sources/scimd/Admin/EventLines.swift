/// The data of server-sent events, from pieces of their stream.
struct EventLines {
  private var rest: [UInt8] = []

  /// The data of the lines that are complete.
  mutating func take(_ bytes: ArraySlice<UInt8>) -> [[UInt8]] {
    rest += bytes
    var found: [[UInt8]] = []
    var start = 0
    while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = rest[start..<end]
      if line.starts(with: "data: ".utf8) { found.append(Array(line.dropFirst(6))) }
      start = end + 1
    }
    rest.removeFirst(start)
    return found
  }
}
