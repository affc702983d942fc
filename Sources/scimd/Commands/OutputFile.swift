import Platform

/// The destination of a long answer: standard output, or a new file that gets its name when it is complete.
final class OutputFile {
  private let path: String?
  private let console: Console

  /// - Parameter path: nil for standard output.
  init(_ path: String?, _ console: Console) throws(CommandError) {
    self.path = path
    self.console = console
    guard let path, FileSystem.exists(path) else { return }
    throw CommandError(
      .cannotCreate, "\(path) exists; nothing is overwritten", advice: "Choose another file.")
  }

  /// Writes what `body` produces; `check` runs on the file before it gets its name.
  func fill(
    check: (String) throws(CommandError) -> Void = { _ in },
    _ body: ((ArraySlice<UInt8>) -> Bool) throws(CommandError) -> Void
  ) throws(CommandError) {
    guard let path else {
      return try body { piece in
        console.data(piece)
        return true
      }
    }
    let temporary = path + ".tmp"
    try? FileSystem.unlink(temporary)
    do throws(CommandError) {
      try write(temporary, body)
      try check(temporary)
      do throws(SystemError) {
        try FileSystem.rename(temporary, to: path)
        try FileSystem.syncDirectory(FileSystem.parent(of: path))
      } catch {
        throw CommandError(.inputOutput, path, error, isWriting: true)
      }
    } catch {
      try? FileSystem.unlink(temporary)
      throw error
    }
  }

  /// Writes the file; the error of the disk wins over that of `body`, which only noticed that the sink refused.
  private func write(
    _ path: String, _ body: ((ArraySlice<UInt8>) -> Bool) throws(CommandError) -> Void
  ) throws(CommandError) {
    let file: File
    do throws(SystemError) { file = try File.open(path, .createNew(mode: 0o600)) } catch {
      throw CommandError(.cannotCreate, path, error, isWriting: true)
    }
    var failure: SystemError?
    func write(_ piece: ArraySlice<UInt8>) -> Bool {
      do throws(SystemError) {
        try file.writeAll(Array(piece))
        return true
      } catch {
        failure = error
        return false
      }
    }
    do throws(CommandError) { try body(write) } catch {
      throw failure.map { CommandError(.inputOutput, path, $0, isWriting: true) } ?? error
    }
    do throws(SystemError) {
      if let failure { throw failure }
      try file.sync()
    } catch {
      throw CommandError(.inputOutput, path, error, isWriting: true)
    }
  }
}
