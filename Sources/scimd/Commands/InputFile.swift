import Platform

/// Files that commands read completely.
enum InputFile {
  /// - Parameters:
  ///   - path: `-` for standard input.
  ///   - label: the option that names the file, such as `--key-file`, for errors.
  static func read(
    _ path: String, maxBytes: Int, label: String? = nil, advice: String? = nil
  ) throws(CommandError) -> [UInt8] {
    let name = path == "-" ? "standard input" : path
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { room.deallocate() }
    do throws(SystemError) {
      let file = try path == "-" ? File.standardInput() : File.open(path, .read)
      var bytes: [UInt8] = []
      while bytes.count <= maxBytes {
        let count = try file.read(into: room)
        if count == 0 { return bytes }
        bytes += room[..<count]
      }
    } catch {
      throw CommandError(.inputOutput, name, error, label: label)
    }
    throw CommandError(
      .failure, "\(label.map { "\($0): " } ?? "")\(name) has more than \(maxBytes) bytes", advice: advice)
  }
}
