package import JSON
package import Platform

/// One entry of the ring.
package struct RequestEntry: Sendable {
  /// The place in its directory's ring; later entries have higher numbers.
  package let number: UInt64
  package let json: JSONValue
}

extension RequestRing {
  /// Entries of a directory, newest first, in files that are read one after the other.
  ///
  /// - Parameters:
  ///   - number: only entries before this one.
  ///   - matches: whether a line may be meant, which is asked before it is parsed.
  ///   - body: called with each entry that is whole; false ends it.
  package func entries(
    of directory: String, before number: UInt64? = nil,
    matching matches: (ArraySlice<UInt8>) -> Bool = { _ in true }, _ body: (RequestEntry) -> Bool
  ) throws(SystemError) {
    for segment in segments(of: directory).reversed() {
      if let number, segment.first >= number { continue }
      guard let lines = try lines(of: segment, directory) else { continue }
      for index in (0..<lines.count).reversed() {
        let current = segment.first + UInt64(index)
        if let number, current >= number { continue }
        guard matches(lines[index]), let json = try? JSONParser.parse(Array(lines[index])) else { continue }
        if !body(RequestEntry(number: current, json: json)) { return }
      }
    }
  }

  /// The entry of the request with that id; nil if it is not kept.
  package func entry(_ id: String, of directory: String) throws(SystemError) -> RequestEntry? {
    let start = Array("{\"id\":".utf8) + JSONValue.string(id).serialized() + [UInt8(ascii: ",")]
    for segment in segments(of: directory).reversed() {
      guard let lines = try lines(of: segment, directory) else { continue }
      for index in (0..<lines.count).reversed() where lines[index].starts(with: start) {
        guard let json = try? JSONParser.parse(Array(lines[index])) else { continue }
        return RequestEntry(number: segment.first + UInt64(index), json: json)
      }
    }
    return nil
  }

  /// After everything that was taken before is written.
  private func segments(of directory: String) -> [RingSegment] {
    onFiles { files in files.shelf(directory).segments }
  }

  /// Nil for a file that was removed meanwhile.
  func lines(of segment: RingSegment, _ directory: String) throws(SystemError) -> RingLines? {
    let path = "\(folder)/\(directory)/\(RingSegment.name(first: segment.first))"
    guard FileSystem.exists(path) else { return nil }
    return RingLines(try FileSystem.readFile(path))
  }
}
