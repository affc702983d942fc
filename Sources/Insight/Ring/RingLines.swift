/// The complete lines of a file of the ring.
package struct RingLines: Sendable {
  package let bytes: [UInt8]
  /// Where each line begins; the last element is the end of the last complete line.
  private var starts: [Int] = [0]

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    bytes.withUnsafeBufferPointer { buffer in
      var index = 0
      while index < buffer.count {
        if buffer[index] == UInt8(ascii: "\n") { starts.append(index + 1) }
        index += 1
      }
    }
  }

  package var count: Int { starts.count - 1 }

  /// A line without its LF.
  package subscript(index: Int) -> ArraySlice<UInt8> { bytes[starts[index]..<starts[index + 1] - 1] }
}
