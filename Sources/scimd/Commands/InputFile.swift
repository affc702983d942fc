import Platform

/// Files that commands read whole.
enum InputFile {
  /// - Parameter path: `-` for standard input.
  static func read(_ path: String, maxBytes: Int, advice: String? = nil) throws(CommandError) -> [UInt8] {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { room.deallocate() }
    do throws(SystemError) {
      let file = try File.open(path == "-" ? "/dev/stdin" : path, .read)
      var bytes: [UInt8] = []
      while bytes.count <= maxBytes {
        let count = try file.read(into: room)
        if count == 0 { return bytes }
        bytes += room[..<count]
      }
    } catch {
      throw CommandError(.failure, "\(path): \(error)")
    }
    throw CommandError(.failure, "\(path) has more than \(maxBytes) bytes", advice: advice)
  }
}
